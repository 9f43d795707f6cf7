package services

import (
	"context"
	"errors"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/sandbox/engine"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// listedError is how much of an error's message lists show, in bytes.
const listedError = 100

// principal is who starts executions: clients send a placeholder, and there
// is no login.
const principal = "sandbox"

// CreateExecution starts an execution.
func (a *Admin) CreateExecution(ctx context.Context, request *admin.ExecutionCreateRequest) (*admin.ExecutionCreateResponse, error) {
	if spec := request.GetSpec(); spec != nil {
		if spec.Metadata == nil {
			spec.Metadata = &admin.ExecutionMetadata{}
		}
		spec.Metadata.Principal = principal
	}
	return created(a.engine.Create(ctx, request))
}

func created(execution *admin.Execution, err error) (*admin.ExecutionCreateResponse, error) {
	if err != nil {
		return nil, err
	}
	return &admin.ExecutionCreateResponse{Id: execution.GetId()}, nil
}

// RelaunchExecution starts an execution again with its user inputs.
func (a *Admin) RelaunchExecution(ctx context.Context, request *admin.ExecutionRelaunchRequest) (*admin.ExecutionCreateResponse, error) {
	old, err := a.execution(ctx, request.GetId())
	if err != nil {
		return nil, err
	}
	inputs, err := engine.ReadLiterals(a.engine.Layout.UserInputs(old.GetId()))
	if err != nil {
		return nil, err
	}
	spec := proto.CloneOf(old.GetSpec())
	spec.Metadata = &admin.ExecutionMetadata{Mode: admin.ExecutionMetadata_RELAUNCH, Principal: principal, ReferenceExecution: old.GetId()}
	spec.OverwriteCache = request.GetOverwriteCache()
	return created(a.engine.Create(ctx, &admin.ExecutionCreateRequest{
		Project: old.GetId().GetProject(), Domain: old.GetId().GetDomain(), Name: request.GetName(), Spec: spec, Inputs: inputs,
	}))
}

func (a *Admin) execution(ctx context.Context, id *core.WorkflowExecutionIdentifier) (*admin.Execution, error) {
	if _, err := executionKey(id); err != nil {
		return nil, err
	}
	execution, err := a.store.Execution(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, missingExecution(id)
	}
	return execution, err
}

// GetExecution reads an execution.
func (a *Admin) GetExecution(ctx context.Context, request *admin.WorkflowExecutionGetRequest) (*admin.Execution, error) {
	return a.execution(ctx, request.GetId())
}

// UpdateExecution archives an execution, or takes it back from there.
func (a *Admin) UpdateExecution(ctx context.Context, request *admin.ExecutionUpdateRequest) (*admin.ExecutionUpdateResponse, error) {
	if _, err := a.execution(ctx, request.GetId()); err != nil {
		return nil, err
	}
	return &admin.ExecutionUpdateResponse{}, a.engine.SetState(ctx, request.GetId(), request.GetState(), principal)
}

// GetExecutionData reads an execution's inputs and outputs. An output that
// isn't there is an empty map.
func (a *Admin) GetExecutionData(ctx context.Context, request *admin.WorkflowExecutionGetDataRequest) (*admin.WorkflowExecutionGetDataResponse, error) {
	execution, err := a.execution(ctx, request.GetId())
	if err != nil {
		return nil, err
	}
	inputs, outputs, err := literals(a.engine.Layout.Inputs(execution.GetId()), execution.GetClosure().GetOutputs().GetUri())
	return &admin.WorkflowExecutionGetDataResponse{Inputs: &admin.UrlBlob{}, Outputs: &admin.UrlBlob{}, FullInputs: inputs, FullOutputs: outputs}, err
}

func literals(inputsFile, outputsFile string) (inputs, outputs *core.LiteralMap, err error) {
	if inputs, err = engine.ReadLiterals(inputsFile); err != nil {
		return nil, nil, err
	}
	outputs, err = engine.ReadLiterals(outputsFile)
	return inputs, outputs, err
}

// ListExecutions lists executions; archived ones only where a filter asks for
// a state.
func (a *Admin) ListExecutions(ctx context.Context, request *admin.ResourceListRequest) (*admin.ExecutionList, error) {
	id := request.GetId()
	if id.GetProject() == "" {
		return nil, invalid("missing project")
	}
	if id.GetDomain() == "" {
		return nil, invalid("missing domain")
	}
	equal := map[string]any{"execution_project": id.GetProject(), "execution_domain": id.GetDomain()}
	if id.GetName() != "" {
		equal["execution_name"] = id.GetName()
	}
	if !strings.Contains(request.GetFilters(), "state,") {
		equal["state"] = int32(admin.ExecutionState_EXECUTION_ACTIVE)
	}
	rows, token, err := a.store.Executions.List(ctx, store.Query{
		Equal: equal, Filters: request.GetFilters(), Sort: request.GetSortBy(), Limit: request.GetLimit(), Token: request.GetToken(),
	})
	if err != nil {
		return nil, listed(err)
	}
	list := &admin.ExecutionList{Token: token}
	for _, row := range rows {
		shorten(row.Message.GetClosure().GetError())
		list.Executions = append(list.Executions, row.Message)
	}
	return list, nil
}

// shorten cuts an error's message to what lists show.
func shorten(e *core.ExecutionError) {
	if len(e.GetMessage()) > listedError {
		e.Message = strings.ToValidUTF8(e.Message[:listedError], "")
	}
}

// TerminateExecution aborts an execution.
func (a *Admin) TerminateExecution(ctx context.Context, request *admin.ExecutionTerminateRequest) (*admin.ExecutionTerminateResponse, error) {
	if _, err := a.execution(ctx, request.GetId()); err != nil {
		return nil, err
	}
	return &admin.ExecutionTerminateResponse{}, a.engine.Terminate(ctx, request.GetId(), request.GetCause(), principal)
}
