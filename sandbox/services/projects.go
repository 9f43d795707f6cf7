package services

import (
	"context"
	"errors"
	"regexp"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/flyte-lsp/flyte-lsp/sandbox/engine"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// seed makes the project that stock configurations name.
func (a *Admin) seed(ctx context.Context) error {
	err := a.store.Projects.Insert(ctx, store.Row[*admin.Project]{Message: &admin.Project{Id: "flytesnacks", Name: "flytesnacks", Description: "The project of Flyte's examples"}})
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	return err
}

func domains() []*admin.Domain {
	all := make([]*admin.Domain, 0, len(engine.Domains))
	for _, name := range engine.Domains {
		all = append(all, &admin.Domain{Id: name, Name: name})
	}
	return all
}

func missingProject(id string) error {
	return status.Errorf(codes.NotFound, "missing entity of type project with identifier %s", id)
}

var projectID = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)

// RegisterProject adds a project.
func (a *Admin) RegisterProject(ctx context.Context, request *admin.ProjectRegisterRequest) (*admin.ProjectRegisterResponse, error) {
	project := request.GetProject()
	if !projectID.MatchString(project.GetId()) {
		return nil, invalid("invalid value for project_id: %q, it takes small letters, digits and dashes", project.GetId())
	}
	if project.Name == "" {
		project.Name = project.Id
	}
	project.Domains = nil
	err := a.store.Projects.Insert(ctx, store.Row[*admin.Project]{Message: project})
	if errors.Is(err, store.ErrExists) {
		return nil, status.Errorf(codes.AlreadyExists, "project %s already exists", project.GetId())
	}
	return &admin.ProjectRegisterResponse{}, err
}

// UpdateProject changes a project's description, labels or state.
func (a *Admin) UpdateProject(ctx context.Context, request *admin.Project) (*admin.ProjectUpdateResponse, error) {
	request.Domains = nil
	err := a.store.Projects.Update(ctx, store.Row[*admin.Project]{Message: request})
	if errors.Is(err, store.ErrNotFound) {
		return nil, missingProject(request.GetId())
	}
	return &admin.ProjectUpdateResponse{}, err
}

// GetProject reads a project.
func (a *Admin) GetProject(ctx context.Context, request *admin.ProjectGetRequest) (*admin.Project, error) {
	row, err := a.store.Projects.Get(ctx, request.GetId())
	if errors.Is(err, store.ErrNotFound) {
		return nil, missingProject(request.GetId())
	}
	if err != nil {
		return nil, err
	}
	row.Message.Domains = domains()
	return row.Message, nil
}

// ListProjects lists projects, all of them without a limit.
func (a *Admin) ListProjects(ctx context.Context, request *admin.ProjectListRequest) (*admin.Projects, error) {
	query := store.Query{Filters: request.GetFilters(), Sort: request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken()}
	if query.Limit == 0 {
		query.Limit = 1 << 20
	}
	rows, token, err := a.store.Projects.List(ctx, query)
	if err != nil {
		return nil, listed(err)
	}
	list := &admin.Projects{Token: token}
	for _, row := range rows {
		row.Message.Domains = domains()
		list.Projects = append(list.Projects, row.Message)
	}
	return list, nil
}

// GetDomains lists the domains.
func (a *Admin) GetDomains(context.Context, *admin.GetDomainRequest) (*admin.GetDomainsResponse, error) {
	return &admin.GetDomainsResponse{Domains: domains()}, nil
}

// GetVersion tells the sandbox's version.
func (a *Admin) GetVersion(context.Context, *admin.GetVersionRequest) (*admin.GetVersionResponse, error) {
	return &admin.GetVersionResponse{ControlPlaneVersion: &admin.Version{Build: "flyte-lsp sandbox", Version: a.version}}, nil
}

// The matchable attributes: none can be set, so none is found.

func noAttributes() error {
	return status.Error(codes.NotFound, "Resource [{Project: Domain: Workflow: LaunchPlan: ResourceType:}] not found: the sandbox has no matchable attributes")
}

// GetProjectDomainAttributes finds none.
func (a *Admin) GetProjectDomainAttributes(context.Context, *admin.ProjectDomainAttributesGetRequest) (*admin.ProjectDomainAttributesGetResponse, error) {
	return nil, noAttributes()
}

// GetProjectAttributes finds none.
func (a *Admin) GetProjectAttributes(context.Context, *admin.ProjectAttributesGetRequest) (*admin.ProjectAttributesGetResponse, error) {
	return nil, noAttributes()
}

// GetWorkflowAttributes finds none.
func (a *Admin) GetWorkflowAttributes(context.Context, *admin.WorkflowAttributesGetRequest) (*admin.WorkflowAttributesGetResponse, error) {
	return nil, noAttributes()
}
