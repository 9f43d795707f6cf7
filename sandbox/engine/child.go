package engine

import (
	"context"
	"fmt"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// childID is the id of the execution that a node starts.
func (r *run) childID(node, attempt string) *core.WorkflowExecutionIdentifier {
	return &core.WorkflowExecutionIdentifier{
		Project: r.id.GetProject(), Domain: r.id.GetDomain(),
		Name: childExecutionName(r.id.GetName(), node, attempt),
	}
}

// runChild starts the execution of a launch plan for a node, calls started,
// and waits until it ends. It ends with this execution.
func (r *run) runChild(ctx context.Context, id *core.WorkflowExecutionIdentifier, parent *core.NodeExecutionIdentifier, plan *core.Identifier, inputs *core.LiteralMap, started func() error) (*core.LiteralMap, error) {
	e := r.engine
	spec := r.execution.GetSpec()
	request := &admin.ExecutionCreateRequest{
		Project: id.GetProject(), Domain: id.GetDomain(), Name: id.GetName(), Inputs: inputs,
		Spec: &admin.ExecutionSpec{
			LaunchPlan: plan,
			Metadata: &admin.ExecutionMetadata{
				Mode: admin.ExecutionMetadata_CHILD_WORKFLOW, Principal: spec.GetMetadata().GetPrincipal(),
				Nesting: spec.GetMetadata().GetNesting() + 1, ParentNodeExecution: parent,
			},
			Labels: spec.GetLabels(), Annotations: spec.GetAnnotations(), Envs: spec.GetEnvs(),
			MaxParallelism: spec.GetMaxParallelism(), RawOutputDataConfig: spec.GetRawOutputDataConfig(),
			OverwriteCache: spec.GetOverwriteCache(), Interruptible: spec.GetInterruptible(),
			SecurityContext: spec.GetSecurityContext(),
		},
	}
	_, err := e.Create(ctx, proto.CloneOf(request))
	if err != nil && status.Code(err) != codes.AlreadyExists {
		return nil, failed(userError, "LaunchPlanCreationFailed", "launch plan %s: %s", plan.GetName(), status.Convert(err).Message())
	}
	if err := started(); err != nil {
		return nil, err
	}
	execution, err := e.Store.Execution(ctx, id)
	if err != nil {
		return nil, err
	}
	if !ended(execution.GetClosure().GetPhase()) {
		e.start(execution) // after a restart it may not go on yet
	}
	execution, err = e.wait(ctx, id)
	if ctx.Err() != nil {
		return nil, r.endChild(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	return childOutputs(execution)
}

// endChild aborts a child whose parent was cancelled, and waits for it. When
// the sandbox stops, the child stops by itself.
func (r *run) endChild(ctx context.Context, id *core.WorkflowExecutionIdentifier) error {
	cause := context.Cause(ctx)
	if stopping(ctx) {
		return cause
	}
	cleanup := context.WithoutCancel(ctx)
	err := r.engine.Terminate(cleanup, id, fmt.Sprintf("the parent execution %s ended: %v", r.id.GetName(), cause), "")
	if err != nil && status.Code(err) != codes.FailedPrecondition {
		r.engine.Log.Warn("a child execution can't be ended", "execution", id.GetName(), "err", err)
	}
	if _, err := r.engine.wait(cleanup, id); err != nil {
		r.engine.Log.Warn("a child execution can't be read", "execution", id.GetName(), "err", err)
	}
	return cause
}

func childOutputs(execution *admin.Execution) (*core.LiteralMap, error) {
	c, name := execution.GetClosure(), execution.GetId().GetName()
	switch c.GetPhase() {
	case core.WorkflowExecution_SUCCEEDED:
		return ReadLiterals(c.GetOutputs().GetUri())
	case core.WorkflowExecution_FAILED:
		return nil, &failure{ExecutionError: proto.CloneOf(c.GetError())}
	case core.WorkflowExecution_ABORTED:
		return nil, failed(userError, "RemoteChildWorkflowExecutionFailed", "launch plan execution %s was aborted: %s", name, c.GetAbortMetadata().GetCause())
	}
	return nil, errStopping
}
