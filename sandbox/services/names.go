package services

import (
	"context"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// names lists the distinct names of one kind of entity.
func (a *Admin) names(ctx context.Context, kind core.ResourceType, query store.Query, all bool) (names []string, token string, err error) {
	switch kind {
	case core.ResourceType_TASK:
		names, token, err = a.store.Tasks.Names(ctx, query, all)
	case core.ResourceType_WORKFLOW:
		names, token, err = a.store.Workflows.Names(ctx, query, all)
	case core.ResourceType_LAUNCH_PLAN:
		names, token, err = a.store.LaunchPlans.Names(ctx, query, all)
	default:
		return nil, "", invalid("invalid value for resource_type: %v", kind)
	}
	return names, token, listed(err)
}

func (a *Admin) identifiers(ctx context.Context, kind core.ResourceType, request *admin.NamedEntityIdentifierListRequest) (*admin.NamedEntityIdentifierList, error) {
	names, token, err := a.names(ctx, kind, store.Query{
		Equal:   map[string]any{"project": request.GetProject(), "domain": request.GetDomain()},
		Filters: request.GetFilters(), Sort: request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken(),
	}, false)
	if err != nil {
		return nil, err
	}
	list := &admin.NamedEntityIdentifierList{Token: token}
	for _, name := range names {
		list.Entities = append(list.Entities, &admin.NamedEntityIdentifier{Project: request.GetProject(), Domain: request.GetDomain(), Name: name})
	}
	return list, nil
}

// ListTaskIds lists the names of tasks.
func (a *Admin) ListTaskIds(ctx context.Context, request *admin.NamedEntityIdentifierListRequest) (*admin.NamedEntityIdentifierList, error) {
	return a.identifiers(ctx, core.ResourceType_TASK, request)
}

// ListWorkflowIds lists the names of workflows.
func (a *Admin) ListWorkflowIds(ctx context.Context, request *admin.NamedEntityIdentifierListRequest) (*admin.NamedEntityIdentifierList, error) {
	return a.identifiers(ctx, core.ResourceType_WORKFLOW, request)
}

// ListLaunchPlanIds lists the names of launch plans.
func (a *Admin) ListLaunchPlanIds(ctx context.Context, request *admin.NamedEntityIdentifierListRequest) (*admin.NamedEntityIdentifierList, error) {
	return a.identifiers(ctx, core.ResourceType_LAUNCH_PLAN, request)
}

// ListNamedEntities lists names with their metadata. Without filters it hides
// what was generated for executing single tasks.
func (a *Admin) ListNamedEntities(ctx context.Context, request *admin.NamedEntityListRequest) (*admin.NamedEntityList, error) {
	names, token, err := a.names(ctx, request.GetResourceType(), store.Query{
		Equal:   map[string]any{"project": request.GetProject(), "domain": request.GetDomain()},
		Filters: request.GetFilters(), Sort: request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken(),
	}, request.GetFilters() != "")
	if err != nil {
		return nil, err
	}
	list := &admin.NamedEntityList{Token: token}
	for _, name := range names {
		list.Entities = append(list.Entities, namedEntity(request.GetResourceType(), &admin.NamedEntityIdentifier{Project: request.GetProject(), Domain: request.GetDomain(), Name: name}))
	}
	return list, nil
}

func namedEntity(kind core.ResourceType, id *admin.NamedEntityIdentifier) *admin.NamedEntity {
	return &admin.NamedEntity{ResourceType: kind, Id: id, Metadata: &admin.NamedEntityMetadata{State: admin.NamedEntityState_NAMED_ENTITY_ACTIVE}}
}

// GetNamedEntity tells that a name is registered.
func (a *Admin) GetNamedEntity(ctx context.Context, request *admin.NamedEntityGetRequest) (*admin.NamedEntity, error) {
	id := request.GetId()
	names, _, err := a.names(ctx, request.GetResourceType(), store.Query{
		Equal: map[string]any{"project": id.GetProject(), "domain": id.GetDomain(), "name": id.GetName()}, Limit: 1,
	}, true)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, status.Errorf(codes.NotFound, "missing entity of type %s with identifier %v", request.GetResourceType(), id)
	}
	return namedEntity(request.GetResourceType(), id), nil
}
