package engine

import (
	"context"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// sweep ends what a sandbox that was killed while it aborted this execution
// left: processes, attempts and nodes that still seem to run.
func (r *run) sweep(ctx context.Context, abort *aborted) error {
	nodes, err := r.engine.Store.NodesOf(ctx, r.id)
	if err != nil {
		return err
	}
	reason := failed(userError, "NodeAborted", "%v", abort).ExecutionError
	now := timestamppb.Now()
	for _, row := range nodes {
		c := row.Message.Closure
		if c.GetPhase() != core.NodeExecution_QUEUED && c.GetPhase() != core.NodeExecution_RUNNING && c.GetPhase() != core.NodeExecution_DYNAMIC_RUNNING {
			continue
		}
		if err := r.sweepAttempts(ctx, row.Message.GetId(), reason); err != nil {
			return err
		}
		c.Phase, c.UpdatedAt, c.Duration = core.NodeExecution_ABORTED, now, since(c.GetStartedAt())
		c.OutputResult = &admin.NodeExecutionClosure_Error{Error: reason}
		if err := r.engine.Store.NodeExecutions.Update(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) sweepAttempts(ctx context.Context, node *core.NodeExecutionIdentifier, reason *core.ExecutionError) error {
	attempts, err := r.engine.Store.AttemptsOf(ctx, node)
	if err != nil {
		return err
	}
	for _, row := range attempts {
		c := row.Message.Closure
		switch c.GetPhase() {
		case core.TaskExecution_SUCCEEDED, core.TaskExecution_FAILED, core.TaskExecution_ABORTED:
			continue
		}
		killOrphans(row.Note)
		c.Phase, c.UpdatedAt, c.Duration = core.TaskExecution_ABORTED, timestamppb.Now(), since(c.GetStartedAt())
		c.OutputResult = &admin.TaskExecutionClosure_Error{Error: reason}
		if err := r.engine.Store.TaskExecutions.Update(ctx, store.Row[*admin.TaskExecution]{Message: row.Message}); err != nil {
			return err
		}
	}
	return nil
}
