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

func (a *Admin) node(ctx context.Context, id *core.NodeExecutionIdentifier) (*admin.NodeExecution, error) {
	if id.GetNodeId() == "" {
		return nil, invalid("missing node_id")
	}
	if _, err := executionKey(id.GetExecutionId()); err != nil {
		return nil, err
	}
	row, err := a.store.Node(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, missingNode(id)
	}
	return row.Message, err
}

// GetNodeExecution reads a node execution.
func (a *Admin) GetNodeExecution(ctx context.Context, request *admin.NodeExecutionGetRequest) (*admin.NodeExecution, error) {
	return a.node(ctx, request.GetId())
}

// GetNodeExecutionData reads a node's inputs and outputs, and the workflow
// that a dynamic node made.
func (a *Admin) GetNodeExecutionData(ctx context.Context, request *admin.NodeExecutionGetDataRequest) (*admin.NodeExecutionGetDataResponse, error) {
	node, err := a.node(ctx, request.GetId())
	if err != nil {
		return nil, err
	}
	inputs, outputs, err := literals(node.GetInputUri(), node.GetClosure().GetOutputUri())
	if err != nil {
		return nil, err
	}
	response := &admin.NodeExecutionGetDataResponse{Inputs: &admin.UrlBlob{}, Outputs: &admin.UrlBlob{}, FullInputs: inputs, FullOutputs: outputs}
	if node.GetClosure().GetDynamicJobSpecUri() != "" {
		response.DynamicWorkflow, err = dynamicWorkflow(node)
	}
	return response, err
}

func dynamicWorkflow(node *admin.NodeExecution) (*admin.DynamicWorkflowNodeMetadata, error) {
	spec := node.GetClosure().GetDynamicJobSpecUri()
	compiled := &core.CompiledWorkflowClosure{}
	if err := engine.ReadMessage(engine.DynamicClosure(spec), compiled); err != nil {
		return nil, err
	}
	return &admin.DynamicWorkflowNodeMetadata{Id: compiled.GetPrimary().GetTemplate().GetId(), CompiledWorkflow: compiled, DynamicJobSpecUri: spec}, nil
}

// GetDynamicNodeWorkflow reads the workflow that a dynamic node made.
func (a *Admin) GetDynamicNodeWorkflow(ctx context.Context, request *admin.GetDynamicNodeWorkflowRequest) (*admin.DynamicNodeWorkflowResponse, error) {
	node, err := a.node(ctx, request.GetId())
	if err != nil {
		return nil, err
	}
	if node.GetClosure().GetDynamicJobSpecUri() == "" {
		return nil, status.Errorf(codes.NotFound, "node execution %s made no dynamic workflow", request.GetId().GetNodeId())
	}
	made, err := dynamicWorkflow(node)
	return &admin.DynamicNodeWorkflowResponse{CompiledWorkflow: made.GetCompiledWorkflow()}, err
}

func (a *Admin) nodes(ctx context.Context, id *core.WorkflowExecutionIdentifier, parent string, query store.Query) (*admin.NodeExecutionList, error) {
	if _, err := executionKey(id); err != nil {
		return nil, err
	}
	query.Equal = map[string]any{
		"execution_project": id.GetProject(), "execution_domain": id.GetDomain(), "execution_name": id.GetName(), "parent_id": parent,
	}
	rows, token, err := a.store.NodeExecutions.List(ctx, query)
	if err != nil {
		return nil, listed(err)
	}
	list := &admin.NodeExecutionList{Token: token}
	for _, row := range rows {
		shorten(row.Message.GetClosure().GetError())
		list.NodeExecutions = append(list.NodeExecutions, row.Message)
	}
	return list, nil
}

// ListNodeExecutions lists an execution's node executions: those below a
// parent, or those without one.
func (a *Admin) ListNodeExecutions(ctx context.Context, request *admin.NodeExecutionListRequest) (*admin.NodeExecutionList, error) {
	return a.nodes(ctx, request.GetWorkflowExecutionId(), request.GetUniqueParentId(),
		store.Query{Filters: request.GetFilters(), Sort: request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken()})
}

// ListNodeExecutionsForTask lists what a task execution started.
func (a *Admin) ListNodeExecutionsForTask(ctx context.Context, request *admin.NodeExecutionForTaskListRequest) (*admin.NodeExecutionList, error) {
	node := request.GetTaskExecutionId().GetNodeExecutionId()
	return a.nodes(ctx, node.GetExecutionId(), node.GetNodeId(),
		store.Query{Filters: request.GetFilters(), Sort: request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken()})
}

func (a *Admin) attempt(ctx context.Context, id *core.TaskExecutionIdentifier) (*admin.TaskExecution, error) {
	if id.GetTaskId() == nil {
		return nil, invalid("missing task_id")
	}
	if id.GetNodeExecutionId() == nil {
		return nil, invalid("missing node_execution_id")
	}
	row, err := a.store.Attempt(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, status.Errorf(codes.NotFound, "missing entity of type task execution with identifier %s/%s/%s attempt %d",
			id.GetNodeExecutionId().GetExecutionId().GetName(), id.GetNodeExecutionId().GetNodeId(), id.GetTaskId().GetName(), id.GetRetryAttempt())
	}
	return row.Message, err
}

// GetTaskExecution reads one attempt of a task.
func (a *Admin) GetTaskExecution(ctx context.Context, request *admin.TaskExecutionGetRequest) (*admin.TaskExecution, error) {
	return a.attempt(ctx, request.GetId())
}

// GetTaskExecutionData reads an attempt's inputs and outputs.
func (a *Admin) GetTaskExecutionData(ctx context.Context, request *admin.TaskExecutionGetDataRequest) (*admin.TaskExecutionGetDataResponse, error) {
	attempt, err := a.attempt(ctx, request.GetId())
	if err != nil {
		return nil, err
	}
	inputs, outputs, err := literals(attempt.GetInputUri(), attempt.GetClosure().GetOutputUri())
	return &admin.TaskExecutionGetDataResponse{Inputs: &admin.UrlBlob{}, Outputs: &admin.UrlBlob{}, FullInputs: inputs, FullOutputs: outputs}, err
}

// ListTaskExecutions lists a node's attempts.
func (a *Admin) ListTaskExecutions(ctx context.Context, request *admin.TaskExecutionListRequest) (*admin.TaskExecutionList, error) {
	node := request.GetNodeExecutionId()
	if _, err := executionKey(node.GetExecutionId()); err != nil {
		return nil, err
	}
	rows, token, err := a.store.TaskExecutions.List(ctx, store.Query{
		Equal: map[string]any{
			"execution_project": node.GetExecutionId().GetProject(), "execution_domain": node.GetExecutionId().GetDomain(),
			"execution_name": node.GetExecutionId().GetName(), "node_id": node.GetNodeId(),
		},
		Filters: request.GetFilters(), Sort: request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken(),
	})
	if err != nil {
		return nil, listed(err)
	}
	list := &admin.TaskExecutionList{Token: token}
	for _, row := range rows {
		list.TaskExecutions = append(list.TaskExecutions, row.Message)
	}
	return list, nil
}
