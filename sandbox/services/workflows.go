package services

import (
	"context"
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// CreateWorkflow compiles and registers a workflow.
func (a *Admin) CreateWorkflow(ctx context.Context, request *admin.WorkflowCreateRequest) (*admin.WorkflowCreateResponse, error) {
	id := request.GetId()
	if err := checkID(id, core.ResourceType_WORKFLOW); err != nil {
		return nil, err
	}
	if err := a.engine.CheckProject(ctx, id.GetProject(), id.GetDomain()); err != nil {
		return nil, err
	}
	spec := request.GetSpec()
	if spec.GetTemplate() == nil {
		return nil, invalid("missing template")
	}
	template := proto.CloneOf(spec.GetTemplate())
	template.Id = id
	parts, err := a.engine.Parts(ctx, template, spec.GetSubWorkflows(), nil)
	if err != nil {
		return nil, err
	}
	compiled, err := closure.Compile(template, parts)
	if err != nil {
		return nil, invalid("failed to compile workflow for [%v] with err: %v", id, err)
	}
	workflow := &admin.Workflow{
		Id: id, ShortDescription: spec.GetDescription().GetShortDescription(),
		Closure: &admin.WorkflowClosure{CompiledWorkflow: compiled, CreatedAt: timestamppb.Now()},
	}
	sum, err := digest(compiled)
	if err != nil {
		return nil, invalid("invalid value for template: %v", err)
	}
	err = a.store.Workflows.Insert(ctx, store.Row[*admin.Workflow]{Message: workflow, Note: sum})
	if errors.Is(err, store.ErrExists) {
		older, err := a.store.Workflow(ctx, id)
		if err != nil {
			return nil, err
		}
		return nil, exists("workflow", id.GetName(), older.Note, sum, differences(older.Message.GetClosure().GetCompiledWorkflow(), compiled))
	}
	return &admin.WorkflowCreateResponse{}, err
}

// GetWorkflow reads a workflow with its compiled closure.
func (a *Admin) GetWorkflow(ctx context.Context, request *admin.ObjectGetRequest) (*admin.Workflow, error) {
	if err := checkID(request.GetId(), core.ResourceType_WORKFLOW); err != nil {
		return nil, err
	}
	row, err := a.store.Workflow(ctx, request.GetId())
	return lookup(row.Message, err, request.GetId())
}

// ListWorkflows lists workflows without their closures; the interface stays.
func (a *Admin) ListWorkflows(ctx context.Context, request *admin.ResourceListRequest) (*admin.WorkflowList, error) {
	query, err := resources(request)
	if err != nil {
		return nil, err
	}
	rows, token, err := a.store.Workflows.List(ctx, query)
	if err != nil {
		return nil, listed(err)
	}
	list := &admin.WorkflowList{Token: token}
	for _, row := range rows {
		row.Message.Closure.CompiledWorkflow = &core.CompiledWorkflowClosure{Primary: &core.CompiledWorkflow{Template: &core.WorkflowTemplate{
			Interface: row.Message.GetClosure().GetCompiledWorkflow().GetPrimary().GetTemplate().GetInterface(),
		}}}
		list.Workflows = append(list.Workflows, row.Message)
	}
	return list, nil
}
