package closure

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
)

type compiler struct {
	parts    Parts
	subs     map[string]*core.WorkflowTemplate
	problems []Problem
}

// iface is a node's interface: the types of its inputs and outputs by name. A nil
// map means that the names aren't known.
type iface struct{ inputs, outputs map[string]*core.LiteralType }

func (c *compiler) problem(code, node, format string, args ...any) {
	c.problems = append(c.problems, newProblem(code, node, format, args...))
}

func newProblem(code, node, format string, args ...any) Problem {
	return Problem{Code: code, Node: node, Description: fmt.Sprintf(format, args...)}
}

// workflow compiles one template. Problems are collected.
func (c *compiler) workflow(template *core.WorkflowTemplate) *core.CompiledWorkflow {
	template = renamed(template)
	if template.Interface == nil {
		template.Interface = &core.TypedInterface{}
	}
	if len(template.GetNodes()) == 0 {
		c.problem("NoNodesFound", template.GetId().GetName(), "Can't find any nodes in workflow [%s].", template.GetId().GetName())
		return nil
	}
	nodes := uniqueNodes(template.GetNodes())
	scope := scope{StartNode: {outputs: variableTypes(template.GetInterface().GetInputs())}}
	for _, node := range nodes {
		scope[node.GetId()] = c.interfaceOf(node)
	}
	for _, node := range nodes {
		c.checkNode(node, scope)
	}
	c.checkBindings(EndNode, template.GetOutputs(), variableTypes(template.GetInterface().GetOutputs()), scope)
	if failure := template.GetFailureNode(); failure != nil {
		scope[failure.GetId()] = c.interfaceOf(failure)
		c.checkNode(failure, scope)
	}
	c.checkCycles(nodes)
	template.Nodes = append([]*core.Node{
		{Id: StartNode},
		{Id: EndNode, Inputs: template.GetOutputs()},
	}, nodes...)
	return &core.CompiledWorkflow{Template: template, Connections: connections(nodes, template.GetOutputs())}
}

// uniqueNodes keeps the first of nodes with one id, silently, as propeller.
func uniqueNodes(nodes []*core.Node) []*core.Node {
	seen := map[string]bool{StartNode: true, EndNode: true}
	var kept []*core.Node
	for _, node := range nodes {
		if !seen[node.GetId()] {
			seen[node.GetId()] = true
			kept = append(kept, node)
		}
	}
	return kept
}

func variableTypes(variables *core.VariableMap) map[string]*core.LiteralType {
	types := map[string]*core.LiteralType{}
	for name, variable := range variables.GetVariables() {
		types[name] = variable.GetType()
	}
	return types
}

func typed(i *core.TypedInterface) *iface {
	return &iface{inputs: variableTypes(i.GetInputs()), outputs: variableTypes(i.GetOutputs())}
}

// interfaceOf is a node's interface, with the names that aliases give its
// outputs; nil where a problem was found, which stops errors that would only
// follow from it.
func (c *compiler) interfaceOf(node *core.Node) *iface {
	found := c.ownInterface(node)
	if found == nil || found.outputs == nil || len(node.GetOutputAliases()) == 0 {
		return found
	}
	outputs := maps.Clone(found.outputs)
	seen := map[string]bool{}
	for _, alias := range node.GetOutputAliases() {
		name := alias.GetVar()
		switch {
		case seen[name]:
			c.problem("DuplicateAlias", node.GetId(), "Duplicate alias [%s] found. An output alias can only be used once in the Workflow.", alias.GetAlias())
		case found.outputs[name] == nil:
			c.problem("ParameterNotBound", node.GetId(), "Parameter not bound [%s].", alias.GetAlias())
		default:
			delete(outputs, name)
			outputs[alias.GetAlias()] = found.outputs[name]
		}
		seen[name] = true
	}
	return &iface{inputs: found.inputs, outputs: outputs}
}

// ownInterface is the interface of what a node runs.
func (c *compiler) ownInterface(node *core.Node) *iface {
	id := node.GetId()
	switch target := node.GetTarget().(type) {
	case *core.Node_TaskNode:
		task := c.parts.Tasks[Key(target.TaskNode.GetReferenceId())]
		if task == nil {
			c.problem("TaskReferenceNotFound", id, "Referenced Task [%s] not found.", Key(target.TaskNode.GetReferenceId()))
			return nil
		}
		return typed(task.GetInterface())
	case *core.Node_WorkflowNode:
		return c.workflowInterface(node)
	case *core.Node_BranchNode:
		return c.branchInterface(node)
	case *core.Node_GateNode:
		return c.gateInterface(id, target.GateNode)
	case *core.Node_ArrayNode:
		// The interface of its node is that of all its turns: flytekit puts the
		// types in lists where it is mapped over.
		return c.interfaceOf(target.ArrayNode.GetNode())
	}
	c.problem("ValueRequired", id, "Value required [Target].")
	return nil
}

// workflowInterface is that of a sub-workflow, or of a launch plan: of its inputs
// those that are required or bound.
func (c *compiler) workflowInterface(n *core.Node) *iface {
	id, node := n.GetId(), n.GetWorkflowNode()
	if sub := node.GetSubWorkflowRef(); sub != nil {
		template := c.subs[Key(sub)]
		if template == nil {
			c.problem("WorkflowReferenceNotFound", id, "Referenced Workflow [%s] not found.", Key(sub))
			return nil
		}
		return typed(template.GetInterface())
	}
	plan, found := c.parts.LaunchPlans[Key(node.GetLaunchplanRef())]
	if !found {
		c.problem("WorkflowReferenceNotFound", id, "Referenced Workflow [%s] not found.", Key(node.GetLaunchplanRef()))
		return nil
	}
	inputs := map[string]*core.LiteralType{}
	for name, parameter := range plan.Inputs.GetParameters() {
		if parameter.GetRequired() || slices.ContainsFunc(n.GetInputs(), func(b *core.Binding) bool { return b.GetVar() == name }) {
			inputs[name] = parameter.GetVar().GetType()
		}
	}
	return &iface{inputs: inputs, outputs: variableTypes(plan.Outputs)}
}

func (c *compiler) branchInterface(node *core.Node) *iface {
	branch := node.GetBranchNode().GetIfElse()
	if branch.GetCase() == nil {
		c.problem("ValueRequired", node.GetId(), "Value required [IfElse.Case].")
		return nil
	}
	if branch.GetElseNode() == nil && branch.GetError() == nil {
		c.problem("BranchNodeHasNoDefault", node.GetId(), "BranchNode must have a default case, or an error.")
	}
	for _, block := range append([]*core.IfBlock{branch.GetCase()}, branch.GetOther()...) {
		if block.GetCondition() == nil {
			c.problem("BranchNodeHasNoCondition", node.GetId(), "One of the branches on the node doesn't have a condition.")
		}
		if block.GetThenNode() == nil {
			c.problem("BranchNodeIdNotFound", node.GetId(), "BranchNode not found")
		}
	}
	var outputs map[string]*core.LiteralType
	count := len(c.problems)
	for _, inner := range Inner(node) {
		i := c.interfaceOf(inner)
		if i == nil {
			return nil
		}
		if outputs == nil {
			outputs = maps.Clone(i.outputs)
		}
		maps.DeleteFunc(outputs, func(name string, _ *core.LiteralType) bool { return i.outputs[name] == nil })
		for _, name := range sortedKeys(outputs) {
			if a, b := outputs[name], i.outputs[name]; !literal.Castable(a, b) || !literal.Castable(b, a) {
				c.problems = append(c.problems, mismatched(inner.GetId(), name, b, a))
			}
		}
	}
	if len(c.problems) > count {
		return nil
	}
	return &iface{outputs: outputs}
}

func (c *compiler) gateInterface(id string, gate *core.GateNode) *iface {
	switch condition := gate.GetCondition().(type) {
	case *core.GateNode_Signal:
		name := condition.Signal.GetOutputVariableName()
		return &iface{inputs: map[string]*core.LiteralType{}, outputs: map[string]*core.LiteralType{name: condition.Signal.GetType()}}
	case *core.GateNode_Approve, *core.GateNode_Sleep:
		return &iface{}
	}
	c.problem("NoConditionFound", id, "Can't find any condition in gate node [%s].", id)
	return nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
