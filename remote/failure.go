package remote

import (
	"context"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

const (
	// failureDepth bounds the way down through sub-workflows, dynamics and
	// child executions.
	failureDepth = 16
	// failuresExplained bounds how many failed nodes are asked for.
	failuresExplained = 10
	attemptPage       = 100
)

// cause is where a failure began.
type cause struct {
	err *core.ExecutionError
	// task is the registered name of the task that failed, "" if none did.
	task string
}

// explainFailure replaces the errors of the failed nodes, which lists cut to
// 100 bytes, with those that the failing tasks gave, and the execution's with
// the first of them.
func (c *Client) explainFailure(ctx context.Context, state *Execution, nodes []*admin.NodeExecution) error {
	explained := 0
	for i, node := range nodes {
		if !hasFailed(node) || explained == failuresExplained {
			continue
		}
		found, err := c.rootCause(ctx, node, failureDepth)
		if err != nil && (temporary(err) || ctx.Err() != nil) {
			return about("the error of "+describeExecution(state.ID), err)
		}
		// Any other answer leaves what the node itself told.
		if explained++; found.err == nil {
			continue
		}
		state.Nodes[i].Error = found.err
		if state.FailedTask == "" && found.task != "" {
			state.Error, state.FailedTask = found.err, found.task
		}
	}
	return nil
}

// rootCause goes down from a failed node: into the execution that it started,
// its child nodes, its task's attempts; the node's own error is the last
// resort.
func (c *Client) rootCause(ctx context.Context, node *admin.NodeExecution, depth int) (cause, error) {
	children, err := c.failedChildren(ctx, node)
	if err != nil {
		return cause{}, err
	}
	for _, child := range children {
		if depth == 0 {
			break
		}
		if found, err := c.rootCause(ctx, child, depth-1); err != nil || found.err != nil {
			return found, err
		}
	}
	if found, err := c.failedAttempt(ctx, node.GetId()); err != nil || found.err != nil {
		return found, err
	}
	whole, err := c.admin.GetNodeExecution(ctx, &admin.NodeExecutionGetRequest{Id: node.GetId()})
	return cause{err: whole.GetClosure().GetError()}, err
}

func (c *Client) failedChildren(ctx context.Context, node *admin.NodeExecution) ([]*admin.NodeExecution, error) {
	id, parent := node.GetId().GetExecutionId(), node.GetId().GetNodeId()
	if started := node.GetClosure().GetWorkflowNodeMetadata().GetExecutionId(); started != nil {
		id, parent = started, ""
	}
	nodes, err := c.listNodes(ctx, id, parent)
	if err != nil {
		return nil, err
	}
	var failed []*admin.NodeExecution
	for _, node := range nodes {
		if hasFailed(node) {
			failed = append(failed, node)
		}
	}
	return failed, nil
}

// failedAttempt returns the error of a task's last attempt that has one.
func (c *Client) failedAttempt(ctx context.Context, node *core.NodeExecutionIdentifier) (cause, error) {
	page, err := c.admin.ListTaskExecutions(ctx, &admin.TaskExecutionListRequest{
		NodeExecutionId: node, Limit: attemptPage,
		SortBy: &admin.Sort{Key: "created_at", Direction: admin.Sort_ASCENDING},
	})
	if err != nil {
		return cause{}, err
	}
	var found cause
	for _, attempt := range page.GetTaskExecutions() {
		if err := attempt.GetClosure().GetError(); err != nil {
			found = cause{err: err, task: attempt.GetId().GetTaskId().GetName()}
		}
	}
	return found, nil
}

func hasFailed(node *admin.NodeExecution) bool {
	switch node.GetClosure().GetPhase() {
	case core.NodeExecution_FAILED, core.NodeExecution_FAILING, core.NodeExecution_TIMED_OUT:
		return true
	}
	return false
}
