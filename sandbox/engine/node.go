package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// nodeRun is one node execution. One goroutine at a time works on it.
type nodeRun struct {
	scope  *scope
	node   *core.Node
	id     *core.NodeExecutionIdentifier
	dir    string                   // holds inputs.pb and a folder for each attempt
	extra  map[string]*core.Literal // inputs beside the bound ones (a failure node's error)
	inputs *core.LiteralMap
	row    *admin.NodeExecution
}

func (n *nodeRun) engine() *Engine { return n.scope.run.engine }

func (n *nodeRun) inputsFile() string { return filepath.Join(n.dir, "inputs.pb") }

// attempt is the folder of an attempt's outputs, and of the nodes below it.
func (n *nodeRun) attempt(i int) string { return filepath.Join(n.dir, fmt.Sprint(i)) }

// run brings the node to its end and returns its outputs. A node that ended
// before a restart isn't run again.
func (n *nodeRun) run(ctx context.Context) (*core.LiteralMap, error) {
	stored, err := n.engine().Store.Node(ctx, n.id)
	switch {
	case err == nil:
		n.row = stored.Message
		if outputs, over, err := n.earlier(); over {
			return outputs, err
		}
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	default:
		n.row = n.newRow(core.NodeExecution_QUEUED)
		if err := n.engine().Store.NodeExecutions.Insert(ctx, n.stored()); err != nil {
			return nil, err
		}
	}
	outputs, err := n.work(ctx)
	if stopping(ctx) {
		return nil, errStopping
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return outputs, n.end(ctx, outputs, err)
}

// earlier gives the result of a node that ended before a restart.
func (n *nodeRun) earlier() (outputs *core.LiteralMap, over bool, err error) {
	switch c := n.row.GetClosure(); c.GetPhase() {
	case core.NodeExecution_SUCCEEDED, core.NodeExecution_RECOVERED:
		outputs, err = ReadLiterals(c.GetOutputUri())
		return outputs, true, err
	case core.NodeExecution_FAILED, core.NodeExecution_TIMED_OUT, core.NodeExecution_ABORTED:
		return nil, true, &failure{ExecutionError: c.GetError()}
	}
	return nil, false, nil
}

func (n *nodeRun) newRow(phase core.NodeExecution_Phase) *admin.NodeExecution {
	now := timestamppb.Now()
	return &admin.NodeExecution{
		Id: n.id, InputUri: n.inputsFile(),
		Metadata: &admin.NodeExecutionMetaData{SpecNodeId: n.node.GetId()},
		Closure:  &admin.NodeExecutionClosure{Phase: phase, CreatedAt: now, UpdatedAt: now},
	}
}

func (n *nodeRun) stored() store.Row[*admin.NodeExecution] {
	return store.Row[*admin.NodeExecution]{Message: n.row, Note: n.scope.parent}
}

// save stores the row as it is now.
func (n *nodeRun) save(ctx context.Context) error {
	n.row.Closure.UpdatedAt = timestamppb.Now()
	return n.engine().Store.NodeExecutions.Update(ctx, n.stored())
}

// running stores that the node began.
func (n *nodeRun) running(ctx context.Context, phase core.NodeExecution_Phase) error {
	n.row.Closure.Phase = phase
	if n.row.Closure.StartedAt == nil {
		n.row.Closure.StartedAt = timestamppb.Now()
	}
	return n.save(ctx)
}

func (n *nodeRun) skip(ctx context.Context) error {
	n.row = n.newRow(core.NodeExecution_SKIPPED)
	if err := n.engine().Store.NodeExecutions.Put(ctx, n.stored()); err != nil {
		return err
	}
	return errSkipped
}

// end stores how the node ended, and returns the error that it ended with.
func (n *nodeRun) end(ctx context.Context, outputs *core.LiteralMap, err error) error {
	c := n.row.Closure
	if err == nil && len(outputs.GetLiterals()) > 0 && c.GetOutputUri() == "" {
		path := filepath.Join(n.attempt(0), "outputs.pb")
		if err = writeMessage(path, outputs); err == nil {
			c.OutputResult = &admin.NodeExecutionClosure_OutputUri{OutputUri: path}
		}
	}
	switch {
	case err == nil:
		c.Phase = core.NodeExecution_SUCCEEDED
	case ctx.Err() != nil:
		c.Phase = core.NodeExecution_ABORTED
		c.OutputResult = &admin.NodeExecutionClosure_Error{Error: failed(userError, "NodeAborted", "%v", err).ExecutionError}
	default:
		f := asFailure(err)
		err = f
		c.Phase = core.NodeExecution_FAILED
		if f.timedOut {
			c.Phase = core.NodeExecution_TIMED_OUT
		}
		c.OutputResult = &admin.NodeExecutionClosure_Error{Error: f.ExecutionError}
	}
	c.Duration = since(c.GetStartedAt())
	n.engine().persist("node "+n.id.GetNodeId()+" "+c.GetPhase().String(), n.save)
	return err
}

// work resolves the node's inputs and does what its kind asks.
func (n *nodeRun) work(ctx context.Context) (*core.LiteralMap, error) {
	inputs, err := n.scope.resolve(n.node.GetInputs())
	if err != nil {
		return nil, err
	}
	maps.Copy(inputs.Literals, n.relevantExtra())
	n.inputs = inputs
	if err := writeMessage(n.inputsFile(), inputs); err != nil {
		return nil, err
	}
	switch target := n.node.GetTarget().(type) {
	case *core.Node_TaskNode:
		return n.task(ctx, target.TaskNode)
	case *core.Node_WorkflowNode:
		if target.WorkflowNode.GetSubWorkflowRef() != nil {
			return n.subWorkflow(ctx, target.WorkflowNode.GetSubWorkflowRef())
		}
		return n.launchPlan(ctx, target.WorkflowNode.GetLaunchplanRef())
	case *core.Node_BranchNode:
		return n.branch(ctx, target.BranchNode.GetIfElse())
	case *core.Node_ArrayNode:
		return n.array(ctx, target.ArrayNode)
	case *core.Node_GateNode:
		return nil, failed(userError, "UnsupportedNode", "node %s is a gate (%s): the sandbox can't run approvals, signals and sleeps yet", n.node.GetId(), gateKind(target.GateNode))
	}
	return nil, failed(userError, "UnsupportedNode", "node %s is of a kind that the sandbox doesn't know (%T)", n.node.GetId(), n.node.GetTarget())
}

func gateKind(gate *core.GateNode) string {
	switch gate.GetCondition().(type) {
	case *core.GateNode_Approve:
		return "approve"
	case *core.GateNode_Sleep:
		return "sleep"
	}
	return "wait_for_input"
}

// relevantExtra are the extra inputs that the node's entity declares.
func (n *nodeRun) relevantExtra() map[string]*core.Literal {
	if n.extra == nil {
		return nil
	}
	var declared map[string]*core.Variable
	if task := n.scope.units.tasks[closure.Key(n.node.GetTaskNode().GetReferenceId())]; task != nil {
		declared = task.GetInterface().GetInputs().GetVariables()
	} else if sub := n.scope.units.workflows[closure.Key(n.node.GetWorkflowNode().GetSubWorkflowRef())]; sub != nil {
		declared = sub.GetTemplate().GetInterface().GetInputs().GetVariables()
	}
	relevant := maps.Clone(n.extra)
	maps.DeleteFunc(relevant, func(name string, _ *core.Literal) bool { return declared[name] == nil })
	return relevant
}

// below is the scope of what runs inside this node.
func (n *nodeRun) below(workflow *core.CompiledWorkflow, u units, attempt int) *scope {
	return &scope{
		run: n.scope.run, workflow: workflow, units: u, inputs: n.inputs,
		dir: n.attempt(attempt), parent: n.id.GetNodeId(),
		prefix: fmt.Sprintf("%s-%d", n.id.GetNodeId(), attempt),
	}
}

func (n *nodeRun) subWorkflow(ctx context.Context, id *core.Identifier) (*core.LiteralMap, error) {
	workflow := n.scope.units.workflows[closure.Key(id)]
	if workflow == nil {
		return nil, failed(systemError, "BadSpecification", "sub-workflow %s isn't in the compiled workflow", id.GetName())
	}
	n.row.Metadata.IsParentNode = true
	if err := n.running(ctx, core.NodeExecution_RUNNING); err != nil {
		return nil, err
	}
	return n.below(workflow, n.scope.units, 0).walk(ctx)
}

// launchPlan starts an execution of its own, or finds the one that it started
// before a restart, and waits for it.
func (n *nodeRun) launchPlan(ctx context.Context, id *core.Identifier) (*core.LiteralMap, error) {
	release, err := acquire(ctx, n.scope.run.parallel)
	if err != nil {
		return nil, err
	}
	defer release()
	child := n.scope.run.childID(n.id.GetNodeId(), "0")
	n.row.Closure.TargetMetadata = &admin.NodeExecutionClosure_WorkflowNodeMetadata{
		WorkflowNodeMetadata: &admin.WorkflowNodeMetadata{ExecutionId: child},
	}
	started := func() error { return n.running(ctx, core.NodeExecution_RUNNING) }
	return n.scope.run.runChild(ctx, child, n.id, id, n.inputs, started)
}
