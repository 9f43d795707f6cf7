// Package engine runs executions: it walks compiled workflows as propeller
// does, runs tasks as local processes, and keeps each step in the store, so
// that executions go on after a restart.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// PythonAnnotation names, on an execution, the interpreter of its tasks.
const PythonAnnotation = "flyte-lsp/python"

// Config is what an engine needs.
type Config struct {
	Store  *store.Store
	Layout Layout
	// Python finds the interpreter of executions that name none.
	Python func() (string, error)
	// Endpoint is the gRPC address, for tasks that call the backend (eager).
	Endpoint string
	// ExecutionURL is the address of an execution's page.
	ExecutionURL func(*core.WorkflowExecutionIdentifier) string
	Log          *slog.Logger
}

// Engine runs executions. Its methods may be called concurrently.
type Engine struct {
	Config
	ctx    context.Context
	stop   context.CancelCauseFunc
	slots  chan struct{} // one for each task process that may run
	wg     sync.WaitGroup
	forker *forker
	// lastPython is the interpreter of the last task that ran, a string.
	lastPython atomic.Value
	naming     sync.Mutex // from the check of an execution's name to its row

	mu   sync.Mutex
	runs map[string]*run
}

// New makes an engine. Its owner calls Close.
func New(config Config) *Engine {
	ctx, stop := context.WithCancelCause(context.Background())
	return &Engine{Config: config, ctx: ctx, stop: stop, slots: make(chan struct{}, runtime.NumCPU()), forker: newForker(config.Log), runs: map[string]*run{}}
}

// Close stops all work and waits for it. Executions that haven't ended keep
// their state, and Resume goes on with them at the next start.
func (e *Engine) Close() {
	e.stop(errStopping)
	e.wg.Wait()
	e.forker.close()
}

// Resume goes on with the executions that an earlier process left.
func (e *Engine) Resume(ctx context.Context) error {
	rows, err := e.Store.Unfinished(ctx)
	if err != nil {
		return fmt.Errorf("reading the executions that haven't ended: %w", err)
	}
	for _, row := range rows {
		e.Log.Info("execution goes on", "execution", row.Message.GetId().GetName(), "phase", row.Message.GetClosure().GetPhase())
		e.start(row.Message)
	}
	return nil
}

func runKey(id *core.WorkflowExecutionIdentifier) string {
	return id.GetProject() + "/" + id.GetDomain() + "/" + id.GetName()
}

// start runs the execution in the background, unless it runs already.
func (e *Engine) start(execution *admin.Execution) {
	ctx, cancel := context.WithCancelCause(e.ctx)
	r := &run{engine: e, id: execution.GetId(), execution: execution, ctx: ctx, cancel: cancel, done: make(chan struct{})}
	e.mu.Lock()
	if e.ctx.Err() != nil || e.runs[runKey(r.id)] != nil {
		e.mu.Unlock()
		cancel(nil)
		return
	}
	e.runs[runKey(r.id)] = r
	e.wg.Add(1)
	e.mu.Unlock()
	if execution.GetClosure().GetPhase() == core.WorkflowExecution_ABORTING {
		abort := execution.GetClosure().GetAbortMetadata()
		cancel(&aborted{cause: abort.GetCause(), principal: abort.GetPrincipal()})
	}
	go func() {
		defer e.wg.Done()
		r.execute()
		cancel(nil)
		e.mu.Lock()
		delete(e.runs, runKey(r.id))
		e.mu.Unlock()
		close(r.done)
	}()
}

// Active counts the executions that run.
func (e *Engine) Active() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.runs)
}

func (e *Engine) running(id *core.WorkflowExecutionIdentifier) *run {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.runs[runKey(id)]
}

// Terminate aborts an execution. It returns once the execution is ABORTING;
// its processes are ended after that.
func (e *Engine) Terminate(ctx context.Context, id *core.WorkflowExecutionIdentifier, cause, principal string) error {
	r := e.running(id)
	if r == nil {
		execution, err := e.Store.Execution(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return status.Errorf(codes.NotFound, "missing entity of type execution with identifier %v", id)
		}
		if err != nil {
			return err
		}
		if ended(execution.GetClosure().GetPhase()) {
			return status.Error(codes.FailedPrecondition, "Cannot abort an already terminated workflow execution")
		}
		return status.Errorf(codes.Unavailable, "execution %s isn't running yet: try again", id.GetName())
	}
	return r.abort(ctx, cause, principal)
}

func ended(phase core.WorkflowExecution_Phase) bool {
	switch phase {
	case core.WorkflowExecution_SUCCEEDED, core.WorkflowExecution_FAILED, core.WorkflowExecution_ABORTED, core.WorkflowExecution_TIMED_OUT:
		return true
	}
	return false
}

// wait waits until an execution has ended and returns it.
func (e *Engine) wait(ctx context.Context, id *core.WorkflowExecutionIdentifier) (*admin.Execution, error) {
	if r := e.running(id); r != nil {
		select {
		case <-r.done:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return e.Store.Execution(ctx, id)
}

// persist repeats a write that must not be lost until it works or the sandbox
// stops: a full disk gets room again.
func (e *Engine) persist(what string, write func(context.Context) error) {
	ctx := context.WithoutCancel(e.ctx)
	if err := write(ctx); err == nil {
		return
	}
	policy := backoff.NewExponentialBackOff()
	policy.MaxInterval = 10 * time.Second
	_, err := backoff.Retry(e.ctx, func() (struct{}, error) { return struct{}{}, write(ctx) },
		backoff.WithBackOff(policy), backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(err error, next time.Duration) {
			e.Log.Error("state can't be written, trying again", "what", what, "in", next, "err", err)
		}))
	if err != nil {
		e.Log.Error("state wasn't written, the next start goes on from the step before", "what", what, "err", err)
	}
}

func since(start *timestamppb.Timestamp) *durationpb.Duration {
	if start == nil {
		return durationpb.New(0)
	}
	return durationpb.New(time.Since(start.AsTime()))
}

// SetState archives an execution, or takes it back from there.
func (e *Engine) SetState(ctx context.Context, id *core.WorkflowExecutionIdentifier, state admin.ExecutionState, principal string) error {
	apply := func(c *admin.ExecutionClosure) {
		c.StateChangeDetails = &admin.ExecutionStateChangeDetails{State: state, OccurredAt: timestamppb.Now(), Principal: principal}
	}
	if r := e.running(id); r != nil {
		return r.change(ctx, apply)
	}
	execution, err := e.Store.Execution(ctx, id)
	if err != nil {
		return err
	}
	apply(execution.Closure)
	return e.Store.Executions.Update(ctx, store.Row[*admin.Execution]{Message: execution})
}
