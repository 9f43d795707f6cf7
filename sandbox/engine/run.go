package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// defaultParallelism is flyteadmin's max_parallelism where nobody sets one.
const defaultParallelism = 25

// run is one execution while it runs.
type run struct {
	engine   *Engine
	id       *core.WorkflowExecutionIdentifier
	ctx      context.Context
	cancel   context.CancelCauseFunc
	done     chan struct{}
	parallel chan struct{} // one for each task, array or launch plan node that may run
	python   string

	mu        sync.Mutex
	execution *admin.Execution
}

// change applies a change to the execution and stores it.
func (r *run) change(ctx context.Context, apply func(*admin.ExecutionClosure)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := proto.CloneOf(r.execution)
	// Archiving writes the same row: keep what it set.
	if stored, err := r.engine.Store.Execution(ctx, r.id); err == nil {
		next.Closure.StateChangeDetails = stored.GetClosure().GetStateChangeDetails()
	}
	apply(next.Closure)
	next.Closure.UpdatedAt = timestamppb.Now()
	if err := r.engine.Store.Executions.Update(ctx, store.Row[*admin.Execution]{Message: next}); err != nil {
		return err
	}
	r.execution = next
	return nil
}

func (r *run) phase(phase core.WorkflowExecution_Phase, apply func(*admin.ExecutionClosure)) {
	r.engine.persist("execution "+r.id.GetName()+" "+phase.String(), func(ctx context.Context) error {
		return r.change(ctx, func(c *admin.ExecutionClosure) {
			c.Phase = phase
			if apply != nil {
				apply(c)
			}
			if ended(phase) {
				c.Duration = since(c.GetStartedAt())
			}
		})
	})
}

func (r *run) abort(ctx context.Context, cause, principal string) error {
	err := r.change(ctx, func(c *admin.ExecutionClosure) {
		c.Phase = core.WorkflowExecution_ABORTING
		c.OutputResult = &admin.ExecutionClosure_AbortMetadata{AbortMetadata: &admin.AbortMetadata{Cause: cause, Principal: principal}}
	})
	if err != nil {
		return err
	}
	r.cancel(&aborted{cause: cause, principal: principal})
	return nil
}

// execute walks the workflow and stores how it ended. Where the sandbox stops
// meanwhile, the phase stays as it is.
func (r *run) execute() {
	outputs, err := r.walk()
	if err := os.RemoveAll(r.work()); err != nil {
		r.engine.Log.Warn("an execution's folder stays", "folder", r.work(), "err", err)
	}
	var abort *aborted
	switch {
	case errors.As(context.Cause(r.ctx), &abort):
		r.engine.persist("nodes of execution "+r.id.GetName(), func(ctx context.Context) error { return r.sweep(ctx, abort) })
		r.phase(core.WorkflowExecution_ABORTED, func(c *admin.ExecutionClosure) {
			c.OutputResult = &admin.ExecutionClosure_AbortMetadata{AbortMetadata: &admin.AbortMetadata{Cause: abort.cause, Principal: abort.principal}}
		})
	case stopping(r.ctx):
		return
	case err != nil:
		f := asFailure(err)
		r.engine.Log.Info("execution failed", "execution", r.id.GetName(), "code", f.GetCode())
		r.phase(core.WorkflowExecution_FAILED, func(c *admin.ExecutionClosure) {
			c.OutputResult = &admin.ExecutionClosure_Error{Error: f.ExecutionError}
		})
	default:
		r.phase(core.WorkflowExecution_SUCCEEDED, func(c *admin.ExecutionClosure) {
			if len(outputs.GetLiterals()) > 0 {
				uri := filepath.Join(r.engine.Layout.Nodes(r.id), closure.EndNode, "data", "0", "outputs.pb")
				c.OutputResult = &admin.ExecutionClosure_Outputs{Outputs: &admin.LiteralMapBlob{Data: &admin.LiteralMapBlob_Uri{Uri: uri}}}
			}
		})
	}
}

// work is the folder of the execution's processes.
func (r *run) work() string { return filepath.Join(r.engine.Layout.Work, executionFolder(r.id)) }

func (r *run) walk() (*core.LiteralMap, error) {
	spec, e := r.execution.GetSpec(), r.engine
	workflow, err := e.Store.Workflow(r.ctx, r.execution.GetClosure().GetWorkflowId())
	if err != nil {
		return nil, fmt.Errorf("the workflow of execution %s: %w", r.id.GetName(), err)
	}
	inputs := &core.LiteralMap{}
	if err := ReadMessage(e.Layout.Inputs(r.id), inputs); err != nil {
		return nil, fmt.Errorf("the inputs of execution %s: %w", r.id.GetName(), err)
	}
	r.python = spec.GetAnnotations().GetValues()[PythonAnnotation]
	parallelism := int(spec.GetMaxParallelism())
	if parallelism <= 0 {
		parallelism = defaultParallelism
	}
	r.parallel = make(chan struct{}, parallelism)
	if r.execution.GetClosure().GetPhase() != core.WorkflowExecution_ABORTING {
		err := r.change(r.ctx, func(c *admin.ExecutionClosure) {
			c.Phase = core.WorkflowExecution_RUNNING
			if c.StartedAt == nil {
				c.StartedAt = timestamppb.Now()
			}
		})
		if err != nil {
			return nil, err
		}
	}
	compiled := workflow.Message.GetClosure().GetCompiledWorkflow()
	top := &scope{run: r, workflow: compiled.GetPrimary(), units: unitsOf(compiled), inputs: inputs, dir: e.Layout.Nodes(r.id)}
	if err := top.recordStart(r.ctx); err != nil {
		return nil, err
	}
	outputs, err := top.walk(r.ctx)
	if err != nil {
		return nil, err
	}
	if err := top.recordEnd(r.ctx, outputs); err != nil {
		return nil, err
	}
	return outputs, nil
}

// failing shows an error while failure handling still runs.
func (r *run) failing(f *failure) {
	r.phase(core.WorkflowExecution_FAILING, func(c *admin.ExecutionClosure) {
		c.OutputResult = &admin.ExecutionClosure_Error{Error: f.ExecutionError}
	})
}

// acquire takes one of the execution's places for a node that counts against
// max_parallelism, and returns what gives it back.
func acquire(ctx context.Context, places chan struct{}) (func(), error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// units are what a compiled workflow is made of, by closure.Key.
type units struct {
	tasks     map[string]*core.TaskTemplate
	workflows map[string]*core.CompiledWorkflow
}

func unitsOf(compiled *core.CompiledWorkflowClosure) units {
	u := units{tasks: map[string]*core.TaskTemplate{}, workflows: map[string]*core.CompiledWorkflow{}}
	for _, task := range compiled.GetTasks() {
		u.tasks[closure.Key(task.GetTemplate().GetId())] = task.GetTemplate()
	}
	for _, workflow := range compiled.GetSubWorkflows() {
		u.workflows[closure.Key(workflow.GetTemplate().GetId())] = workflow
	}
	return u
}
