package remote

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

const (
	// Between two looks at an execution: short while it changes, longer and
	// longer while it doesn't.
	watchShortest = 200 * time.Millisecond
	watchLongest  = 5 * time.Second
	// outageLimit is how long a watch bears a backend that doesn't answer.
	outageLimit = 2 * time.Minute
)

// Execution is what is known of an execution at one moment.
type Execution struct {
	ID    *core.WorkflowExecutionIdentifier
	Phase core.WorkflowExecution_Phase
	// StartedAt is zero until it runs.
	StartedAt, UpdatedAt time.Time
	// Duration is the backend's own measure, 0 until the end.
	Duration time.Duration
	// Nodes are the top level's, in the order in which they were created.
	Nodes []Node
	// Error is the failing task's own error where there is one, else the
	// execution's; nil unless it failed.
	Error *core.ExecutionError
	// FailedTask is the registered name of the task that Error comes from, ""
	// if it isn't a task's.
	FailedTask string
	// AbortCause is what whoever terminated it said.
	AbortCause string
	// Outage is why the backend can't be asked at the moment, nil while it
	// answers: the rest is what was known before.
	Outage error
}

// Ended tells whether the execution has reached its last phase.
func (e Execution) Ended() bool {
	switch e.Phase {
	case core.WorkflowExecution_SUCCEEDED, core.WorkflowExecution_FAILED,
		core.WorkflowExecution_ABORTED, core.WorkflowExecution_TIMED_OUT:
		return true
	}
	return false
}

// Node is what is known of a node execution.
type Node struct {
	// ID is the node execution's, such as n0.
	ID string
	// Name is the registered name of the task, workflow or launch plan that
	// it runs, or the conditional's; the ID where none is known.
	Name      string
	Phase     core.NodeExecution_Phase
	StartedAt time.Time
	// Duration is the backend's own measure, 0 until the end.
	Duration time.Duration
	// Error is set where the node failed: cut to 100 bytes while the
	// execution runs, whole once it has failed.
	Error *core.ExecutionError
}

// Observe asks for the state of an execution once: one call for the
// execution, one for its nodes (one more for each 500 of them), and, once for
// a workflow's version, one for their names. Of a failed execution it fetches
// the failing task's error too.
func (c *Client) Observe(ctx context.Context, id *core.WorkflowExecutionIdentifier) (Execution, error) {
	found, err := c.admin.GetExecution(ctx, &admin.WorkflowExecutionGetRequest{Id: id})
	if err != nil {
		return Execution{}, about(describeExecution(id), err)
	}
	nodes, err := c.listNodes(ctx, id, "")
	if err != nil {
		return Execution{}, about("the nodes of "+describeExecution(id), err)
	}
	closure := found.GetClosure()
	state := Execution{
		ID:         id,
		Phase:      closure.GetPhase(),
		UpdatedAt:  closure.GetUpdatedAt().AsTime(),
		Duration:   closure.GetDuration().AsDuration(),
		Error:      closure.GetError(),
		AbortCause: closure.GetAbortMetadata().GetCause(),
	}
	if closure.GetStartedAt() != nil {
		state.StartedAt = closure.GetStartedAt().AsTime()
	}
	if len(nodes) > 0 {
		names := c.nodeNames(ctx, closure.GetWorkflowId())
		for _, node := range nodes {
			state.Nodes = append(state.Nodes, nodeState(node, names))
		}
	}
	if state.Phase == core.WorkflowExecution_FAILED {
		err = c.explainFailure(ctx, &state, nodes)
	}
	return state, err
}

func nodeState(node *admin.NodeExecution, names map[string]string) Node {
	closure := node.GetClosure()
	id := node.GetId().GetNodeId()
	state := Node{
		ID:       id,
		Name:     firstOf(names[firstOf(node.GetMetadata().GetSpecNodeId(), id)], id),
		Phase:    closure.GetPhase(),
		Duration: closure.GetDuration().AsDuration(),
		Error:    closure.GetError(),
	}
	if closure.GetStartedAt() != nil {
		state.StartedAt = closure.GetStartedAt().AsTime()
	}
	return state
}

// Watch looks at an execution until it has ended, and calls onChange, on the
// caller's goroutine, with each state that differs from the one before. It
// looks again after 0.2 s, and after up to 5 s while nothing changes. An
// outage of up to 2 minutes is shown in Execution.Outage and borne; after
// that, Watch returns the last state and the *UnreachableError. It also ends
// when ctx does: the execution goes on.
func (c *Client) Watch(ctx context.Context, id *core.WorkflowExecutionIdentifier, onChange func(Execution)) (Execution, error) {
	pause := &backoff.ExponentialBackOff{
		InitialInterval: watchShortest, MaxInterval: watchLongest, Multiplier: 1.5, RandomizationFactor: 0.1,
	}
	pause.Reset()
	last := Execution{ID: id}
	shown := false
	var outage time.Time
	for {
		state, err := c.Observe(ctx, id)
		switch {
		case err == nil:
			outage = time.Time{}
		case !temporary(err) || ctx.Err() != nil:
			return last, err
		case outage.IsZero():
			outage = time.Now()
		case time.Since(outage) > outageLimit:
			return last, err
		}
		if err != nil {
			state = last
			state.Outage = err
		}
		if !shown || differ(last, state) {
			pause.Reset()
			shown = true
			onChange(state)
		}
		last = state
		if state.Ended() {
			return state, nil
		}
		if err := sleep(ctx, pause.NextBackOff()); err != nil {
			return last, err
		}
	}
}

// temporary tells whether it makes sense to ask again.
func temporary(err error) bool {
	var unreachable *UnreachableError
	if errors.As(err, &unreachable) {
		return true
	}
	switch codeOf(err) {
	case codes.Internal, codes.Unknown, codes.Aborted, codes.ResourceExhausted:
		return true
	}
	return false
}

// differ compares what a user sees: not the time of the last update, nor the
// text of an outage.
func differ(a, b Execution) bool {
	return a.Phase != b.Phase || a.StartedAt != b.StartedAt || a.AbortCause != b.AbortCause ||
		(a.Outage == nil) != (b.Outage == nil) || !proto.Equal(a.Error, b.Error) ||
		!slices.EqualFunc(a.Nodes, b.Nodes, func(a, b Node) bool {
			return a.ID == b.ID && a.Name == b.Name && a.Phase == b.Phase && a.StartedAt == b.StartedAt
		})
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
