package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/event"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// task runs a task node: from the cache, or as attempts until one succeeds.
func (n *nodeRun) task(ctx context.Context, node *core.TaskNode) (*core.LiteralMap, error) {
	template := n.scope.units.tasks[closure.Key(node.GetReferenceId())]
	if template == nil {
		return nil, failed(systemError, "BadSpecification", "task %s isn't in the compiled workflow", node.GetReferenceId().GetName())
	}
	release, err := acquire(ctx, n.scope.run.parallel)
	if err != nil {
		return nil, err
	}
	cache := n.cacheOf(template)
	outputs, err := cache.lookup(ctx)
	if err != nil || outputs != nil {
		release()
		return outputs, err
	}
	done, attempt, err := n.attempts(ctx, template)
	release() // before the nodes of a dynamic workflow, which need places too
	if err != nil {
		return nil, err
	}
	outputs = done.outputs
	if deck := filepath.Join(n.attempt(attempt), "deck.html"); exists(deck) {
		n.row.Closure.DeckUri = deck
	}
	if done.futures {
		if outputs, err = n.dynamic(ctx, template, attempt); err != nil {
			return nil, err
		}
	} else if len(outputs.GetLiterals()) > 0 {
		n.row.Closure.OutputResult = &admin.NodeExecutionClosure_OutputUri{OutputUri: filepath.Join(n.attempt(attempt), "outputs.pb")}
	}
	return outputs, cache.store(ctx, outputs, n.attemptID(template, attempt))
}

// budget counts the attempts that a task may still have: its retries for
// recoverable errors of the user, and three of their own for the system's
// (propeller's defaults).
type budget struct{ retries, user, system int }

const systemRetries = 3

func (n *nodeRun) budget(template *core.TaskTemplate) budget {
	retries := n.node.GetMetadata().GetRetries()
	if retries == nil {
		retries = template.GetMetadata().GetRetries()
	}
	return budget{retries: int(retries.GetRetries())}
}

// spend books a failed attempt. It returns nil if there may be another, else
// the error to end with.
func (b *budget) spend(f *failure) *failure {
	if !f.recoverable {
		return f
	}
	if f.GetCode() == codeStopped {
		return nil
	}
	count, limit := &b.user, b.retries
	if f.GetKind() == systemError {
		count, limit = &b.system, systemRetries
	}
	*count++
	if *count <= limit {
		return nil
	}
	final := failed(userError, "RetriesExhausted|"+f.GetCode(), "[%d/%d] currentAttempt done. Last Error: %s::%s", *count, limit+1, f.GetKind(), f.GetMessage())
	final.Timestamp, final.Worker = f.GetTimestamp(), f.GetWorker()
	return final
}

// timeoutOf is how long an attempt may take, 0 for ever.
func (n *nodeRun) timeoutOf(template *core.TaskTemplate) time.Duration {
	if timeout := n.node.GetMetadata().GetTimeout().AsDuration(); timeout > 0 {
		return timeout
	}
	return template.GetMetadata().GetTimeout().AsDuration()
}

// attempts runs the task until an attempt succeeds or none is left, and tells
// which one succeeded.
func (n *nodeRun) attempts(ctx context.Context, template *core.TaskTemplate) (verdict, int, error) {
	left := n.budget(template)
	rows, err := n.engine().Store.AttemptsOf(ctx, n.id)
	if err != nil {
		return verdict{}, 0, err
	}
	next := 0
	for _, row := range rows {
		next = int(row.Message.GetId().GetRetryAttempt()) + 1
		done, err := n.earlierAttempt(ctx, template, row)
		if err == nil {
			return done, next - 1, nil
		}
		if final := left.spend(asFailure(err)); final != nil {
			return verdict{}, 0, final
		}
	}
	for ; ; next++ {
		done, err := n.runAttempt(ctx, template, next)
		if err == nil {
			return done, next, nil
		}
		if ctx.Err() != nil {
			return verdict{}, 0, context.Cause(ctx)
		}
		f := asFailure(err)
		if timeout := n.timeoutOf(template); f.GetCode() == "TimeoutExpired" && since(n.row.GetClosure().GetCreatedAt()).AsDuration() >= 2*timeout {
			final := failed(userError, "Timeout", "node %s: all attempts together took more than twice the timeout of %s", n.node.GetId(), timeout)
			final.timedOut = true
			return verdict{}, 0, final
		}
		if final := left.spend(f); final != nil {
			return verdict{}, 0, final
		}
	}
}

// earlierAttempt judges an attempt that began before a restart. One that was
// running then counts as interrupted, unless its process ended by itself
// meanwhile.
func (n *nodeRun) earlierAttempt(ctx context.Context, template *core.TaskTemplate, row store.Row[*admin.TaskExecution]) (verdict, error) {
	attempt := int(row.Message.GetId().GetRetryAttempt())
	j := n.job(template, attempt)
	switch c := row.Message.GetClosure(); c.GetPhase() {
	case core.TaskExecution_FAILED, core.TaskExecution_ABORTED:
		document := &core.ErrorDocument{}
		if err := ReadMessage(filepath.Join(j.output, "error.pb"), document); err == nil && document.GetError() != nil {
			return verdict{}, fromDocument(document.GetError())
		}
		f := &failure{ExecutionError: c.GetError()}
		return verdict{}, f.retryable()
	}
	alive := killOrphans(row.Note)
	if !alive && j.finished() {
		if done, err := j.judge(exitState{}, interpreter{}); err == nil {
			return done, n.endAttempt(ctx, row.Message, done, nil)
		}
	}
	f := failed(systemError, codeStopped, "the sandbox stopped while this ran").retryable()
	return verdict{}, errors.Join(f, n.endAttempt(ctx, row.Message, verdict{}, f))
}

// finished tells whether the attempt wrote its result.
func (j *job) finished() bool {
	return exists(filepath.Join(j.output, "outputs.pb")) || exists(filepath.Join(j.output, "futures.pb"))
}

func (n *nodeRun) attemptID(template *core.TaskTemplate, attempt int) *core.TaskExecutionIdentifier {
	return &core.TaskExecutionIdentifier{TaskId: template.GetId(), NodeExecutionId: n.id, RetryAttempt: uint32(attempt)}
}

func (n *nodeRun) job(template *core.TaskTemplate, attempt int) *job {
	r := n.scope.run
	name := fmt.Sprintf("%s-%s-%d", r.id.GetName(), n.id.GetNodeId(), attempt)
	prefix := r.execution.GetSpec().GetRawOutputDataConfig().GetOutputLocationPrefix()
	layout := n.engine().Layout
	j := &job{
		execution: r.execution, template: template, name: name, attempt: attempt,
		inputs: n.inputs, inputsFile: n.inputsFile(), output: n.attempt(attempt),
		raw: layout.raw(prefix, name), work: filepath.Join(r.work(), fmt.Sprintf("%s-%d", n.id.GetNodeId(), attempt)),
		log: filepath.Join(n.attempt(attempt), "log.txt"), timeout: n.timeoutOf(template),
	}
	if attempt > 0 {
		before := &job{raw: layout.raw(prefix, fmt.Sprintf("%s-%s-%d", r.id.GetName(), n.id.GetNodeId(), attempt-1))}
		if exists(before.checkpoint()) {
			j.previousCheckpoint = before.checkpoint()
		}
	}
	return j
}

func (n *nodeRun) runAttempt(ctx context.Context, template *core.TaskTemplate, attempt int) (verdict, error) {
	j := n.job(template, attempt)
	now := timestamppb.Now()
	row := &admin.TaskExecution{
		Id: n.attemptID(template, attempt), InputUri: n.inputsFile(),
		Closure: &admin.TaskExecutionClosure{
			Phase: core.TaskExecution_QUEUED, CreatedAt: now, UpdatedAt: now, TaskType: template.GetType(), EventVersion: 1,
			Logs:     []*core.TaskLog{{Uri: "file://" + j.log, Name: "log", MessageFormat: core.TaskLog_UNKNOWN}},
			Metadata: &event.TaskExecutionMetadata{GeneratedName: j.name, PluginIdentifier: "local-process"},
		},
	}
	attempts := n.engine().Store.TaskExecutions
	if err := attempts.Insert(ctx, store.Row[*admin.TaskExecution]{Message: row}); err != nil {
		return verdict{}, err
	}
	j.started = func(process string) error {
		row.Closure.Phase, row.Closure.StartedAt, row.Closure.UpdatedAt = core.TaskExecution_RUNNING, timestamppb.Now(), timestamppb.Now()
		err := attempts.Update(ctx, store.Row[*admin.TaskExecution]{Message: row, Note: process})
		return errors.Join(err, n.running(ctx, core.NodeExecution_RUNNING))
	}
	done, err := n.engine().runJob(ctx, j, n.scope.run.python)
	if stopping(ctx) {
		return verdict{}, errStopping // the row tells the next start
	}
	return done, errors.Join(err, n.endAttempt(ctx, row, done, err))
}

// endClosure writes into a task execution's closure how it ended, and tells
// whether it succeeded: then the address of its outputs is still to be set.
func endClosure(ctx context.Context, c *admin.TaskExecutionClosure, err error) bool {
	switch {
	case ctx.Err() != nil:
		c.Phase = core.TaskExecution_ABORTED
		c.OutputResult = &admin.TaskExecutionClosure_Error{Error: failed(userError, "NodeAborted", "%v", context.Cause(ctx)).ExecutionError}
	case err != nil:
		c.Phase = core.TaskExecution_FAILED
		c.OutputResult = &admin.TaskExecutionClosure_Error{Error: asFailure(err).ExecutionError}
	default:
		c.Phase = core.TaskExecution_SUCCEEDED
	}
	return c.Phase == core.TaskExecution_SUCCEEDED
}

// endAttempt stores how an attempt ended.
func (n *nodeRun) endAttempt(ctx context.Context, row *admin.TaskExecution, done verdict, err error) error {
	c := row.Closure
	if endClosure(ctx, c, err) && len(done.outputs.GetLiterals()) > 0 {
		uri := filepath.Join(n.attempt(int(row.GetId().GetRetryAttempt())), "outputs.pb")
		c.OutputResult = &admin.TaskExecutionClosure_OutputUri{OutputUri: uri}
	}
	c.Duration, c.UpdatedAt = since(c.GetStartedAt()), timestamppb.Now()
	n.engine().persist("attempt "+c.GetMetadata().GetGeneratedName()+" "+c.GetPhase().String(), func(ctx context.Context) error {
		return n.engine().Store.TaskExecutions.Update(ctx, store.Row[*admin.TaskExecution]{Message: row})
	})
	return nil
}
