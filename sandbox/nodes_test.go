package sandbox_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

func taskNode(id string, task *core.TaskTemplate, after ...string) *core.Node {
	return &core.Node{
		Id: id, UpstreamNodeIds: after,
		Target: &core.Node_TaskNode{TaskNode: &core.TaskNode{Reference: &core.TaskNode_ReferenceId{ReferenceId: task.GetId()}}},
	}
}

func workflowOf(name string, nodes ...*core.Node) *admin.WorkflowCreateRequest {
	return &admin.WorkflowCreateRequest{Id: identifier(core.ResourceType_WORKFLOW, name), Spec: &admin.WorkflowSpec{
		Template: &core.WorkflowTemplate{Metadata: &core.WorkflowMetadata{}, Interface: &core.TypedInterface{}, Nodes: nodes},
	}}
}

// phases are an execution's own nodes with their phases, in order.
func (c clients) phases(t *testing.T, id *core.WorkflowExecutionIdentifier) string {
	t.Helper()
	nodes := c.nodes(t, id)
	var all []string
	for _, name := range slices.Sorted(maps.Keys(nodes)) {
		if !strings.HasSuffix(name, "-node") {
			all = append(all, name+" "+nodes[name].GetClosure().GetPhase().String())
		}
	}
	return strings.Join(all, ", ")
}

// A failure ends the other nodes at once, or lets those run that don't need
// the failed one; the failure node runs in either case.
func TestFailurePolicies(t *testing.T) {
	c := dial(t, running(t))
	fails, waits, well := command("policy.fails", "/no/such/program"), shell("policy.waits", "sleep 0.5"), shell("policy.well", "true")
	c.register(t, fails, waits, well)
	for policy, want := range map[core.WorkflowMetadata_OnFailurePolicy]string{
		core.WorkflowMetadata_FAIL_IMMEDIATELY:                     "efn SUCCEEDED, n0 FAILED, n1 ABORTED",
		core.WorkflowMetadata_FAIL_AFTER_EXECUTABLE_NODES_COMPLETE: "efn SUCCEEDED, n0 FAILED, n1 SUCCEEDED, n2 SKIPPED, n3 SUCCEEDED",
	} {
		request := workflowOf("policy."+strings.ToLower(policy.String()),
			taskNode("n0", fails), taskNode("n1", waits), taskNode("n2", well, "n0"), taskNode("n3", well, "n1"))
		request.Spec.Template.Metadata.OnFailure = policy
		request.Spec.Template.FailureNode = taskNode("efn", well)
		id := c.execute(t, c.registerWorkflow(t, request), nil)
		closure := c.ended(t, id).GetClosure()
		if got := c.phases(t, id); closure.GetPhase() != core.WorkflowExecution_FAILED || closure.GetError().GetCode() != "StartFailed" || got != want {
			t.Errorf("%s: %s (%s) with %s", policy, closure.GetPhase(), closure.GetError().GetCode(), got)
		}
	}
}

// A kind of node that the sandbox can't run yet fails at once and is named.
func TestGateIsRefused(t *testing.T) {
	c := dial(t, running(t))
	gate := &core.Node{Id: "n0", Target: &core.Node_GateNode{GateNode: &core.GateNode{Condition: &core.GateNode_Sleep{Sleep: &core.SleepCondition{}}}}}
	closure := c.ended(t, c.execute(t, c.registerWorkflow(t, workflowOf("gated", gate)), nil)).GetClosure()
	if message := closure.GetError().GetMessage(); closure.GetPhase() != core.WorkflowExecution_FAILED || !strings.Contains(message, "node n0 is a gate (sleep)") {
		t.Errorf("it ended %s: %s", closure.GetPhase(), message)
	}
}

// A map task may lose some of its items, as many as its ratio allows.
func TestMapTaskLosesItems(t *testing.T) {
	c := dial(t, running(t))
	// flytekit gives the task that is mapped over lists for inputs.
	integers := &core.LiteralType{Type: &core.LiteralType_CollectionType{CollectionType: &core.LiteralType{
		Type: &core.LiteralType_Simple{Simple: core.SimpleType_INTEGER},
	}}}
	item := shell("map.item", `test "$FLYTE_K8S_ARRAY_INDEX" != 1`)
	item.Interface.Inputs = &core.VariableMap{Variables: map[string]*core.Variable{"n": {Type: integers}}}
	c.register(t, item)
	var list []*core.BindingData
	for i := range int64(3) {
		list = append(list, &core.BindingData{Value: &core.BindingData_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Primitive{Primitive: &core.Primitive{Value: &core.Primitive_Integer{Integer: i}}}}}})
	}
	for name, test := range map[string]struct {
		ratio float32
		phase core.WorkflowExecution_Phase
	}{"map.some": {0.6, core.WorkflowExecution_SUCCEEDED}, "map.all": {1, core.WorkflowExecution_FAILED}} {
		node := &core.Node{
			Id: "n0", Inputs: []*core.Binding{{Var: "n", Binding: &core.BindingData{Value: &core.BindingData_Collection{Collection: &core.BindingDataCollection{Bindings: list}}}}},
			Target: &core.Node_ArrayNode{ArrayNode: &core.ArrayNode{Node: taskNode("n0", item), SuccessCriteria: &core.ArrayNode_MinSuccessRatio{MinSuccessRatio: test.ratio}}},
		}
		id := c.execute(t, c.registerWorkflow(t, workflowOf(name, node)), nil)
		closure := c.ended(t, id).GetClosure()
		if closure.GetPhase() != test.phase {
			t.Errorf("%s ended %s: %s", name, closure.GetPhase(), closure.GetError().GetMessage())
		}
		if message := closure.GetError().GetMessage(); closure.GetError() != nil && !strings.Contains(message, "1 of 3 items of node n0 failed, 0 may. First [1]: ") {
			t.Errorf("%s says %s", name, message)
		}
		resources := c.attempts(t, id, "n0")[0].GetClosure().GetMetadata().GetExternalResources()
		for _, resource := range resources {
			if resource.GetIndex() == 1 && (resource.GetPhase() != core.TaskExecution_FAILED || resource.GetRetryAttempt() != 3) {
				t.Errorf("%s: the failing item is %v", name, resource)
			}
		}
	}
}

// Terminating an execution terminates those that it started, and a child that
// fails gives its error to its parent.
func TestChildExecutions(t *testing.T) {
	c := dial(t, running(t))
	endless, fails := shell("child.endless", "echo on; sleep 300"), command("child.fails", "/no/such/program")
	c.register(t, endless, fails)
	parent := func(task *core.TaskTemplate) *core.WorkflowExecutionIdentifier {
		plan := c.registerWorkflow(t, workflowOf(task.GetId().GetName()+".wf", taskNode("n0", task)))
		node := &core.Node{Id: "n0", Target: &core.Node_WorkflowNode{WorkflowNode: &core.WorkflowNode{Reference: &core.WorkflowNode_LaunchplanRef{LaunchplanRef: plan}}}}
		return c.execute(t, c.registerWorkflow(t, workflowOf(task.GetId().GetName()+".parent", node)), nil)
	}
	failed := c.ended(t, parent(fails)).GetClosure()
	if failed.GetPhase() != core.WorkflowExecution_FAILED || failed.GetError().GetCode() != "StartFailed" {
		t.Errorf("the parent of a failing child ended %v", failed)
	}
	id := parent(endless)
	var child *core.WorkflowExecutionIdentifier
	eventually(t, "the child's task runs", func() bool {
		child = c.nodes(t, id)["n0"].GetClosure().GetWorkflowNodeMetadata().GetExecutionId()
		return child != nil && c.logOf(t, child, "n0") != ""
	})
	if _, err := c.TerminateExecution(t.Context(), &admin.ExecutionTerminateRequest{Id: id, Cause: "enough"}); err != nil {
		t.Fatal(err)
	}
	if phase := c.ended(t, id).GetClosure().GetPhase(); phase != core.WorkflowExecution_ABORTED {
		t.Errorf("the parent ended %s", phase)
	}
	ended := c.ended(t, child)
	if ended.GetClosure().GetPhase() != core.WorkflowExecution_ABORTED || ended.GetSpec().GetMetadata().GetMode() != admin.ExecutionMetadata_CHILD_WORKFLOW {
		t.Errorf("the child is %v", ended)
	}
}
