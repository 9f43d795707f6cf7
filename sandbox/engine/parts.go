package engine

import (
	"context"
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// Parts are the registered tasks and launch plans that the workflows refer
// to. What isn't registered is left out: the compiler tells. given are tasks
// that needn't be registered.
func (e *Engine) Parts(ctx context.Context, workflow *core.WorkflowTemplate, subs []*core.WorkflowTemplate, given map[string]*core.TaskTemplate) (closure.Parts, error) {
	parts := closure.Parts{Tasks: map[string]*core.TaskTemplate{}, SubWorkflows: subs, LaunchPlans: map[string]closure.LaunchPlan{}}
	tasks, plans := closure.References(append([]*core.WorkflowTemplate{workflow}, subs...)...)
	for _, id := range tasks {
		if task := given[closure.Key(id)]; task != nil {
			parts.Tasks[closure.Key(id)] = task
			continue
		}
		task, err := e.Store.Task(ctx, id)
		if err == nil {
			parts.Tasks[closure.Key(id)] = task.Message.GetClosure().GetCompiledTask().GetTemplate()
		} else if !errors.Is(err, store.ErrNotFound) {
			return parts, err
		}
	}
	for _, id := range plans {
		plan, err := e.Store.LaunchPlan(ctx, id)
		if err == nil {
			parts.LaunchPlans[closure.Key(id)] = closure.LaunchPlan{
				ID:     plan.Message.GetId(),
				Inputs: plan.Message.GetClosure().GetExpectedInputs(), Outputs: plan.Message.GetClosure().GetExpectedOutputs(),
				Fixed: plan.Message.GetSpec().GetFixedInputs(),
			}
		} else if !errors.Is(err, store.ErrNotFound) {
			return parts, err
		}
	}
	return parts, nil
}
