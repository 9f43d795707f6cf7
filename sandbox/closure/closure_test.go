package closure_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
)

func id(kind core.ResourceType, name string) *core.Identifier {
	return &core.Identifier{ResourceType: kind, Project: "p", Domain: "d", Name: name, Version: "v"}
}

func variables(names ...string) *core.VariableMap {
	all := &core.VariableMap{Variables: map[string]*core.Variable{}}
	for _, name := range names {
		all.Variables[name] = &core.Variable{Type: &core.LiteralType{Type: &core.LiteralType_Simple{Simple: core.SimpleType_INTEGER}}}
	}
	return all
}

func promise(variable, node, output string) *core.Binding {
	return &core.Binding{Var: variable, Binding: &core.BindingData{Value: &core.BindingData_Promise{Promise: &core.OutputReference{NodeId: node, Var: output}}}}
}

// double is a task from n to o0.
var double = &core.TaskTemplate{Id: id(core.ResourceType_TASK, "double"), Interface: &core.TypedInterface{Inputs: variables("n"), Outputs: variables("o0")}}

func node(name string, inputs ...*core.Binding) *core.Node {
	return &core.Node{Id: name, Inputs: inputs, Target: &core.Node_TaskNode{TaskNode: &core.TaskNode{Reference: &core.TaskNode_ReferenceId{ReferenceId: double.Id}}}}
}

func workflow(nodes ...*core.Node) *core.WorkflowTemplate {
	return &core.WorkflowTemplate{Id: id(core.ResourceType_WORKFLOW, "wf"), Interface: &core.TypedInterface{Inputs: variables("n")}, Nodes: nodes}
}

func parts() closure.Parts {
	return closure.Parts{Tasks: map[string]*core.TaskTemplate{closure.Key(double.Id): double}}
}

func branch(name string, then, otherwise *core.Node) *core.Node {
	condition := &core.BooleanExpression{Expr: &core.BooleanExpression_Comparison{Comparison: &core.ComparisonExpression{
		LeftValue:  &core.Operand{Val: &core.Operand_Var{Var: ".n"}},
		RightValue: &core.Operand{Val: &core.Operand_Primitive{Primitive: &core.Primitive{Value: &core.Primitive_Integer{Integer: 1}}}},
	}}}
	block := &core.IfElseBlock{Case: &core.IfBlock{Condition: condition, ThenNode: then}}
	if otherwise != nil {
		block.Default = &core.IfElseBlock_ElseNode{ElseNode: otherwise}
	}
	return &core.Node{Id: name, Inputs: []*core.Binding{promise(".n", "", "n")}, Target: &core.Node_BranchNode{BranchNode: &core.BranchNode{IfElse: block}}}
}

// What can't run is refused with propeller's code for it, all of it at once.
func TestProblems(t *testing.T) {
	unknownTask := node("n0", promise("n", "", "n"))
	unknownTask.GetTaskNode().Reference = &core.TaskNode_ReferenceId{ReferenceId: id(core.ResourceType_TASK, "nobody")}
	unknownPlan := &core.Node{Id: "n0", Target: &core.Node_WorkflowNode{WorkflowNode: &core.WorkflowNode{
		Reference: &core.WorkflowNode_LaunchplanRef{LaunchplanRef: id(core.ResourceType_LAUNCH_PLAN, "nobody")},
	}}}
	bound := node("n0", promise("n", "", "n"))
	withOutput := func(outputs ...*core.Binding) *core.WorkflowTemplate {
		wf := workflow(bound)
		wf.Interface.Outputs, wf.Outputs = variables("o0"), outputs
		return wf
	}
	noCondition := branch("n0", node("n0", promise("n", "", "n")), node("n1", promise("n", "", "n")))
	noCondition.GetBranchNode().GetIfElse().GetCase().Condition = nil
	noVariable := branch("n0", node("n0", promise("n", "", "n")), node("n1", promise("n", "", "n")))
	noVariable.Inputs = nil
	after := node("n0", promise("n", "", "n"))
	after.UpstreamNodeIds = []string{"n7"}
	tests := []struct {
		what     string
		workflow *core.WorkflowTemplate
		want     string
	}{
		{"no nodes", workflow(), "NoNodesFound wf"},
		{"an unknown task", workflow(unknownTask), "TaskReferenceNotFound n0"},
		{"an unknown launch plan", workflow(unknownPlan), "WorkflowReferenceNotFound n0"},
		{"an unbound input", workflow(node("n0")), "ParameterNotBound n0"},
		{"an unknown input", workflow(node("n0", promise("n", "", "n"), promise("m", "", "n"))), "VariableNameNotFound n0"},
		{"an input bound twice", workflow(node("n0", promise("n", "", "n"), promise("n", "", "n"))), "ParameterBoundMoreThanOnce n0"},
		{"a promise to nobody", workflow(node("n0", promise("n", "n9", "o0"))), "NodeReferenceNotFound n9, ParameterNotBound n0"},
		{"a promise of nothing", workflow(bound, node("n1", promise("n", "n0", "o7"))), "VariableNameNotFound n0, ParameterNotBound n1"},
		{"following nobody", workflow(after), "NodeReferenceNotFound n0"},
		{"an unbound output", withOutput(), "ParameterNotBound end-node"},
		{"an undeclared output", withOutput(promise("o0", "n0", "o0"), promise("o1", "n0", "o0")), "VariableNameNotFound end-node"},
		{"a circle", workflow(node("n0", promise("n", "n1", "o0")), node("n1", promise("n", "n0", "o0"))), "CycleDetected n0"},
		{"a branch without else", workflow(branch("n0", node("n0", promise("n", "", "n")), nil)), "BranchNodeHasNoDefault n0"},
		{"a case without node", workflow(branch("n0", nil, node("n1", promise("n", "", "n")))), "BranchNodeIdNotFound n0"},
		{"a case without condition", workflow(noCondition), "BranchNodeHasNoCondition n0"},
		{"an unbound condition", workflow(noVariable), "VariableNameNotFound n0"},
		{"an unbound input in a branch", workflow(branch("n0", node("n0"), node("n1", promise("n", "", "n")))), "ParameterNotBound n0-n0"},
		{"two mistakes", workflow(node("n0"), node("n1", promise("n", "n9", "o0"))), "ParameterNotBound n0, NodeReferenceNotFound n9, ParameterNotBound n1"},
		{"a node without target", workflow(&core.Node{Id: "n0"}), "ValueRequired n0"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			_, err := closure.Compile(test.workflow, parts())
			wrong, ok := err.(*closure.Error)
			if !ok {
				t.Fatalf("it compiles: %v", err)
			}
			var got []string
			for _, p := range wrong.Problems {
				got = append(got, p.Code+" "+p.Node)
			}
			if text := strings.Join(got, ", "); text != test.want {
				t.Errorf("got %s\n%v", text, err)
			}
		})
	}
}

// The closure has start-node and end-node first, the children of branches
// renamed, and the edges of what is bound and of what is told.
func TestClosure(t *testing.T) {
	last := node("n2", promise("n", "", "n"))
	last.UpstreamNodeIds = []string{"n1"}
	wf := workflow(node("n0", promise("n", "", "n")), branch("n1", node("n0", promise("n", "n0", "o0")), node("n1", promise("n", "", "n"))), last)
	wf.Interface.Outputs, wf.Outputs = variables("o0"), []*core.Binding{promise("o0", "n2", "o0")}
	compiled, err := closure.Compile(wf, parts())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range compiled.GetPrimary().GetTemplate().GetNodes() {
		names = append(names, n.GetId())
		for _, inner := range closure.Inner(n) {
			names = append(names, inner.GetId())
		}
	}
	if got := strings.Join(names, " "); got != "start-node end-node n0 n1 n1-n0 n1-n1 n2" {
		t.Errorf("nodes: %s", got)
	}
	upstream := compiled.GetPrimary().GetConnections().GetUpstream()
	for name, want := range map[string][]string{"n0": {"start-node"}, "n1": {"start-node", "n0"}, "n2": {"n1", "start-node"}, "end-node": {"n2"}} {
		if !slices.Equal(upstream[name].GetIds(), want) {
			t.Errorf("%s waits for %v, want %v", name, upstream[name].GetIds(), want)
		}
	}
	if wf.GetNodes()[1].GetBranchNode().GetIfElse().GetCase().GetThenNode().GetId() != "n0" {
		t.Error("the template itself was changed")
	}
}
