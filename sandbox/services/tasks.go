package services

import (
	"context"
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// CreateTask registers a task.
func (a *Admin) CreateTask(ctx context.Context, request *admin.TaskCreateRequest) (*admin.TaskCreateResponse, error) {
	id := request.GetId()
	if err := checkID(id, core.ResourceType_TASK); err != nil {
		return nil, err
	}
	if err := a.engine.CheckProject(ctx, id.GetProject(), id.GetDomain()); err != nil {
		return nil, err
	}
	a.engine.Warm()
	template := proto.CloneOf(request.GetSpec().GetTemplate())
	if err := checkTask(template); err != nil {
		return nil, err
	}
	template.Id = id
	task := &admin.Task{
		Id: id, ShortDescription: request.GetSpec().GetDescription().GetShortDescription(),
		Closure: &admin.TaskClosure{CompiledTask: &core.CompiledTask{Template: template}, CreatedAt: timestamppb.Now()},
	}
	sum, err := digest(task.GetClosure().GetCompiledTask())
	if err != nil {
		return nil, invalid("invalid value for template: %v", err)
	}
	err = a.store.Tasks.Insert(ctx, store.Row[*admin.Task]{Message: task, Note: sum})
	if errors.Is(err, store.ErrExists) {
		older, err := a.store.Task(ctx, id)
		if err != nil {
			return nil, err
		}
		return nil, exists("task", id.GetName(), older.Note, sum, differences(older.Message.GetClosure().GetCompiledTask(), task.GetClosure().GetCompiledTask()))
	}
	return &admin.TaskCreateResponse{}, err
}

// checkTask refuses what flyteadmin refuses (pkg/manager/impl/validation/
// task_validator.go).
func checkTask(template *core.TaskTemplate) error {
	switch {
	case template == nil:
		return invalid("missing template")
	case template.GetType() == "":
		return invalid("missing type")
	case template.GetMetadata() == nil:
		return invalid("missing metadata")
	case template.GetMetadata().GetRuntime() != nil && template.GetMetadata().GetRuntime().GetVersion() == "":
		return invalid("missing runtime version")
	case template.GetInterface() == nil:
		return invalid("missing interface")
	case template.GetContainer() != nil && template.GetContainer().GetImage() == "":
		return invalid("missing image")
	case template.GetContainer() != nil && len(template.GetContainer().GetCommand())+len(template.GetContainer().GetArgs()) == 0:
		return invalid("task failed compilation with Collected Errors: 1\n\tError 0: Code: ValueRequired, Node Id: container, Description: Value required [command].")
	}
	return checkResources(template)
}

// GetTask reads a task.
func (a *Admin) GetTask(ctx context.Context, request *admin.ObjectGetRequest) (*admin.Task, error) {
	id := request.GetId()
	if id != nil {
		id.ResourceType = core.ResourceType_TASK // flyteadmin doesn't look at it here
	}
	if err := checkID(id, core.ResourceType_TASK); err != nil {
		return nil, err
	}
	row, err := a.store.Task(ctx, id)
	return lookup(row.Message, err, id)
}

// ListTasks lists tasks.
func (a *Admin) ListTasks(ctx context.Context, request *admin.ResourceListRequest) (*admin.TaskList, error) {
	query, err := resources(request)
	if err != nil {
		return nil, err
	}
	rows, token, err := a.store.Tasks.List(ctx, query)
	if err != nil {
		return nil, listed(err)
	}
	list := &admin.TaskList{Token: token}
	for _, row := range rows {
		list.Tasks = append(list.Tasks, row.Message)
	}
	return list, nil
}
