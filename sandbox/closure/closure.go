// Package closure compiles a workflow template to the closure that clients
// fetch and the engine walks, as propeller's compiler does: start-node and
// end-node added, children of branches renamed, connections computed, and what
// can't run refused, with the codes that propeller has for it.
package closure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

// The nodes that every compiled workflow has beside its own.
const (
	StartNode = "start-node"
	EndNode   = "end-node"
)

// LaunchPlan is what the compiler needs to know of a launch plan.
type LaunchPlan struct {
	ID      *core.Identifier
	Inputs  *core.ParameterMap
	Outputs *core.VariableMap
	Fixed   *core.LiteralMap
}

// Parts are what a workflow refers to, by Key.
type Parts struct {
	Tasks        map[string]*core.TaskTemplate
	SubWorkflows []*core.WorkflowTemplate
	LaunchPlans  map[string]LaunchPlan
}

// Key is an identifier as a map's key.
func Key(id *core.Identifier) string {
	return fmt.Sprintf("%s:%s:%s:%s:%s", id.GetResourceType(), id.GetProject(), id.GetDomain(), id.GetName(), id.GetVersion())
}

// Problem is one compile error; Code is propeller's.
type Problem struct{ Code, Node, Description string }

// Error is what doesn't compile, all of it.
type Error struct{ Problems []Problem }

func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Collected Errors: %d", len(e.Problems))
	for i, p := range e.Problems {
		fmt.Fprintf(&text, "\n\tError %d: Code: %s, Node Id: %s, Description: %s", i, p.Code, p.Node, p.Description)
	}
	return text.String()
}

// Compile compiles the workflow; the templates given aren't changed. An
// *Error tells everything that is wrong with it.
func Compile(primary *core.WorkflowTemplate, parts Parts) (*core.CompiledWorkflowClosure, error) {
	c := &compiler{parts: parts, subs: map[string]*core.WorkflowTemplate{}}
	for _, sub := range parts.SubWorkflows {
		if key := Key(sub.GetId()); c.subs[key] != nil {
			c.problem("DuplicateId", sub.GetId().GetName(), "Duplicate entry [%s] for workflow", sub.GetId().GetName())
		} else {
			c.subs[key] = sub
		}
	}
	closure := &core.CompiledWorkflowClosure{Primary: c.workflow(primary)}
	for _, sub := range parts.SubWorkflows {
		closure.SubWorkflows = append(closure.SubWorkflows, c.workflow(sub))
	}
	for _, key := range sortedKeys(parts.Tasks) {
		closure.Tasks = append(closure.Tasks, &core.CompiledTask{Template: parts.Tasks[key]})
	}
	for _, key := range sortedKeys(parts.LaunchPlans) {
		plan := parts.LaunchPlans[key]
		closure.LaunchPlans = append(closure.LaunchPlans, &core.CompiledLaunchPlan{Template: &core.LaunchPlanTemplate{
			Id: plan.ID, Interface: &core.TypedInterface{Inputs: required(plan.Inputs), Outputs: plan.Outputs}, FixedInputs: plan.Fixed,
		}})
	}
	if len(c.problems) > 0 {
		return nil, &Error{Problems: c.problems}
	}
	return closure, nil
}

func required(parameters *core.ParameterMap) *core.VariableMap {
	variables := &core.VariableMap{Variables: map[string]*core.Variable{}}
	for name, parameter := range parameters.GetParameters() {
		variables.Variables[name] = parameter.GetVar()
	}
	return variables
}

// References are the tasks and launch plans that the workflows refer to, each
// once, in the order of the nodes.
func References(templates ...*core.WorkflowTemplate) (tasks, launchPlans []*core.Identifier) {
	seen := map[string]bool{}
	add := func(list *[]*core.Identifier, id *core.Identifier) {
		if key := Key(id); !seen[key] {
			seen[key] = true
			*list = append(*list, id)
		}
	}
	for _, template := range templates {
		nodes := template.GetNodes()
		if failure := template.GetFailureNode(); failure != nil {
			nodes = append(nodes[:len(nodes):len(nodes)], failure)
		}
		walk(nodes, func(node *core.Node) {
			if id := node.GetTaskNode().GetReferenceId(); id != nil {
				add(&tasks, id)
			}
			if id := node.GetWorkflowNode().GetLaunchplanRef(); id != nil {
				add(&launchPlans, id)
			}
		})
	}
	return tasks, launchPlans
}

// walk visits the nodes, and those inside branches and array nodes.
func walk(nodes []*core.Node, visit func(*core.Node)) {
	for _, node := range nodes {
		visit(node)
		walk(Inner(node), visit)
	}
}

// Inner are the nodes inside a branch or array node.
func Inner(node *core.Node) []*core.Node {
	if array := node.GetArrayNode(); array != nil {
		return []*core.Node{array.GetNode()}
	}
	branch := node.GetBranchNode().GetIfElse()
	if branch == nil {
		return nil
	}
	var inner []*core.Node
	for _, block := range append([]*core.IfBlock{branch.GetCase()}, branch.GetOther()...) {
		if block.GetThenNode() != nil {
			inner = append(inner, block.GetThenNode())
		}
	}
	if node := branch.GetElseNode(); node != nil {
		inner = append(inner, node)
	}
	return inner
}

// Upstream are the ids of the other nodes that a node waits for: what it and the
// nodes inside it are bound to, and what it is told to follow.
func Upstream(node *core.Node) []string {
	var ids []string
	walk([]*core.Node{node}, func(n *core.Node) {
		for _, id := range ownUpstream(n) {
			if id != node.GetId() && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	})
	return ids
}

// ownUpstream are the ids of the nodes that a node itself waits for.
func ownUpstream(node *core.Node) []string {
	ids := slices.Clone(node.GetUpstreamNodeIds())
	for _, binding := range node.GetInputs() {
		Promises(binding.GetBinding(), func(p *core.OutputReference) { ids = append(ids, p.GetNodeId()) })
	}
	for i, id := range ids {
		if id == "" {
			ids[i] = StartNode
		}
	}
	return ids
}

// Promises visits the promises inside a binding.
func Promises(data *core.BindingData, visit func(*core.OutputReference)) {
	switch value := data.GetValue().(type) {
	case *core.BindingData_Promise:
		visit(value.Promise)
	case *core.BindingData_Collection:
		for _, item := range value.Collection.GetBindings() {
			Promises(item, visit)
		}
	case *core.BindingData_Map:
		for _, item := range value.Map.GetBindings() {
			Promises(item, visit)
		}
	}
}

// renamed is the template's copy with the children of branches named
// "<branch>-<child>". What a node follows is sorted: flytekit lists it in
// another order each time, which must not make another structure.
func renamed(template *core.WorkflowTemplate) *core.WorkflowTemplate {
	template = proto.CloneOf(template)
	walk(template.GetNodes(), func(node *core.Node) { slices.Sort(node.UpstreamNodeIds) })
	for _, node := range template.GetNodes() {
		renameInner(node)
	}
	return template
}

func renameInner(node *core.Node) {
	if node.GetBranchNode() == nil {
		return
	}
	for _, inner := range Inner(node) {
		inner.Id = node.GetId() + "-" + inner.GetId()
		renameInner(inner)
	}
}
