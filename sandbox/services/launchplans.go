package services

import (
	"context"
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/flyte-lsp/flyte-lsp/sandbox/engine"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// CreateLaunchPlan registers a launch plan; it starts inactive.
func (a *Admin) CreateLaunchPlan(ctx context.Context, request *admin.LaunchPlanCreateRequest) (*admin.LaunchPlanCreateResponse, error) {
	id, spec := request.GetId(), request.GetSpec()
	if err := checkID(id, core.ResourceType_LAUNCH_PLAN); err != nil {
		return nil, err
	}
	if err := a.engine.CheckProject(ctx, id.GetProject(), id.GetDomain()); err != nil {
		return nil, err
	}
	if err := checkID(spec.GetWorkflowId(), core.ResourceType_WORKFLOW); err != nil {
		return nil, err
	}
	if err := checkLabels(spec.GetLabels()); err != nil {
		return nil, err
	}
	row, err := a.store.Workflow(ctx, spec.GetWorkflowId())
	workflow, err := lookup(row.Message, err, spec.GetWorkflowId())
	if err != nil {
		return nil, err
	}
	inputs, err := planInputs(spec, workflow)
	if err != nil {
		return nil, err
	}
	if err := checkSchedule(spec.GetEntityMetadata().GetSchedule(), inputs); err != nil {
		return nil, err
	}
	if err := checkNotifications(spec.GetEntityMetadata().GetNotifications()); err != nil {
		return nil, err
	}
	plan := engine.NewLaunchPlan(id, spec, workflow)
	sum, err := digest(plan.GetSpec())
	if err != nil {
		return nil, invalid("invalid value for spec: %v", err)
	}
	err = a.store.LaunchPlans.Insert(ctx, store.Row[*admin.LaunchPlan]{Message: plan, Note: sum})
	if errors.Is(err, store.ErrExists) {
		older, err := a.store.LaunchPlan(ctx, id)
		if err != nil {
			return nil, err
		}
		return nil, exists("launch plan", id.GetName(), older.Note, sum, differences(older.Message.GetSpec(), plan.GetSpec()))
	}
	return &admin.LaunchPlanCreateResponse{}, err
}

// UpdateLaunchPlan activates or deactivates a launch plan.
func (a *Admin) UpdateLaunchPlan(ctx context.Context, request *admin.LaunchPlanUpdateRequest) (*admin.LaunchPlanUpdateResponse, error) {
	id := request.GetId()
	if err := checkID(id, core.ResourceType_LAUNCH_PLAN); err != nil {
		return nil, err
	}
	_, err := lookup(id, a.store.SetLaunchPlanState(ctx, id, request.GetState()), id)
	return &admin.LaunchPlanUpdateResponse{}, err
}

// GetLaunchPlan reads a launch plan.
func (a *Admin) GetLaunchPlan(ctx context.Context, request *admin.ObjectGetRequest) (*admin.LaunchPlan, error) {
	if err := checkID(request.GetId(), core.ResourceType_LAUNCH_PLAN); err != nil {
		return nil, err
	}
	row, err := a.store.LaunchPlan(ctx, request.GetId())
	return lookup(row.Message, err, request.GetId())
}

// GetActiveLaunchPlan reads the active version of a launch plan.
func (a *Admin) GetActiveLaunchPlan(ctx context.Context, request *admin.ActiveLaunchPlanRequest) (*admin.LaunchPlan, error) {
	id := request.GetId()
	row, err := a.store.ActiveLaunchPlan(ctx, id.GetProject(), id.GetDomain(), id.GetName())
	if errors.Is(err, store.ErrNotFound) {
		return nil, status.Errorf(codes.NotFound, "No active launch plan could be found: %s:%s:%s", id.GetProject(), id.GetDomain(), id.GetName())
	}
	return row.Message, err
}

// ListLaunchPlans lists launch plans.
func (a *Admin) ListLaunchPlans(ctx context.Context, request *admin.ResourceListRequest) (*admin.LaunchPlanList, error) {
	query, err := resources(request)
	if err != nil {
		return nil, err
	}
	return a.launchPlans(ctx, query)
}

// ListActiveLaunchPlans lists the active launch plans of a project and domain.
func (a *Admin) ListActiveLaunchPlans(ctx context.Context, request *admin.ActiveLaunchPlanListRequest) (*admin.LaunchPlanList, error) {
	return a.launchPlans(ctx, store.Query{
		Equal: map[string]any{"project": request.GetProject(), "domain": request.GetDomain(), "state": int32(admin.LaunchPlanState_ACTIVE)},
		Sort:  request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken(),
	})
}

func (a *Admin) launchPlans(ctx context.Context, query store.Query) (*admin.LaunchPlanList, error) {
	rows, token, err := a.store.LaunchPlans.List(ctx, query)
	if err != nil {
		return nil, listed(err)
	}
	list := &admin.LaunchPlanList{Token: token}
	for _, row := range rows {
		list.LaunchPlans = append(list.LaunchPlans, row.Message)
	}
	return list, nil
}
