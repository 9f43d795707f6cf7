package closure

import (
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// checkNode checks a node's bindings, and those of the nodes inside a branch.
func (c *compiler) checkNode(node *core.Node, interfaces map[string]*iface) {
	own := interfaces[node.GetId()]
	bound := map[string]bool{}
	for _, binding := range node.GetInputs() {
		name := binding.GetVar()
		if bound[name] {
			c.problem("ParameterBoundMoreThanOnce", node.GetId(), "Input [%s] is bound more than once.", name)
		}
		bound[name] = true
		if own != nil && own.inputs != nil {
			if _, known := own.inputs[name]; !known {
				c.problem("VariableNameNotFound", node.GetId(), "Variable [%s] not found on node [%s].", name, node.GetId())
			}
		}
		c.checkBinding(node.GetId(), binding.GetBinding(), interfaces)
	}
	if own != nil {
		for _, name := range sortedKeys(own.inputs) {
			if own.inputs[name] && !bound[name] {
				c.problem("ParameterNotBound", node.GetId(), "Parameter not bound [%s].", name)
			}
		}
	}
	for _, id := range node.GetUpstreamNodeIds() {
		if _, known := interfaces[id]; !known && id != "" {
			c.problem("NodeReferenceNotFound", node.GetId(), "Referenced node [%s] not found.", id)
		}
	}
	if branch := node.GetBranchNode().GetIfElse(); branch != nil {
		c.checkBranch(node, bound, interfaces)
	}
}

func (c *compiler) checkBranch(node *core.Node, bound map[string]bool, interfaces map[string]*iface) {
	branch := node.GetBranchNode().GetIfElse()
	for _, block := range append([]*core.IfBlock{branch.GetCase()}, branch.GetOther()...) {
		operands(block.GetCondition(), func(operand *core.Operand) {
			if name := operand.GetVar(); name != "" && !bound[name] {
				c.problem("VariableNameNotFound", node.GetId(), "Variable [%s] not found on node [%s].", name, node.GetId())
			}
		})
	}
	for _, inner := range Inner(node) {
		known := interfaces[inner.GetId()]
		if known == nil {
			count := len(c.problems)
			known = c.interfaceOf(inner)
			c.problems = c.problems[:count] // told already with the branch
			interfaces[inner.GetId()] = known
			defer delete(interfaces, inner.GetId())
		}
		c.checkNode(inner, interfaces)
	}
}

func operands(expression *core.BooleanExpression, visit func(*core.Operand)) {
	if comparison := expression.GetComparison(); comparison != nil {
		visit(comparison.GetLeftValue())
		visit(comparison.GetRightValue())
	}
	if both := expression.GetConjunction(); both != nil {
		operands(both.GetLeftExpression(), visit)
		operands(both.GetRightExpression(), visit)
	}
}

func (c *compiler) checkBinding(node string, data *core.BindingData, interfaces map[string]*iface) {
	if data.GetValue() == nil {
		c.problem("ParameterNotBound", node, "A binding of node [%s] has no value.", node)
		return
	}
	Promises(data, func(promise *core.OutputReference) {
		id := promise.GetNodeId()
		if id == "" {
			id = StartNode
		}
		source, known := interfaces[id]
		if !known {
			c.problem("NodeReferenceNotFound", node, "Referenced node [%s] not found.", id)
			return
		}
		if source == nil || source.outputs == nil {
			return
		}
		if source.outputs[promise.GetVar()] == nil {
			c.problem("VariableNameNotFound", node, "Variable [%s] not found on node [%s].", promise.GetVar(), id)
		}
	})
}

func (c *compiler) checkOutputs(template *core.WorkflowTemplate, interfaces map[string]*iface) {
	declared := template.GetInterface().GetOutputs().GetVariables()
	bound := map[string]bool{}
	for _, binding := range template.GetOutputs() {
		if bound[binding.GetVar()] {
			c.problem("ParameterBoundMoreThanOnce", EndNode, "Output [%s] is bound more than once.", binding.GetVar())
		}
		bound[binding.GetVar()] = true
		if declared[binding.GetVar()] == nil {
			c.problem("VariableNameNotFound", EndNode, "Variable [%s] not found on node [%s].", binding.GetVar(), EndNode)
		}
		c.checkBinding(EndNode, binding.GetBinding(), interfaces)
	}
	for _, name := range sortedKeys(declared) {
		if !bound[name] && !takesNone(declared[name].GetType()) {
			c.problem("ParameterNotBound", EndNode, "Parameter not bound [%s].", name)
		}
	}
}

// checkCycles finds nodes that wait for each other.
func (c *compiler) checkCycles(nodes []*core.Node) {
	upstream := map[string][]string{}
	for _, node := range nodes {
		upstream[node.GetId()] = Upstream(node)
	}
	const visiting, done = 1, 2
	state := map[string]int{}
	var visit func(id string, path []string) bool
	visit = func(id string, path []string) bool {
		switch state[id] {
		case done:
			return true
		case visiting:
			c.problem("CycleDetected", id, "A cycle has been detected while traversing the Workflow %v.", append(path[slices.Index(path, id):], id))
			return false
		}
		state[id] = visiting
		for _, next := range upstream[id] {
			if !visit(next, append(path[:len(path):len(path)], id)) {
				return false
			}
		}
		state[id] = done
		return true
	}
	for _, node := range nodes {
		if !visit(node.GetId(), nil) {
			return
		}
	}
}

// connections are the edges of the graph; a node without upstream hangs on
// start-node, one without downstream on end-node.
func connections(nodes []*core.Node, outputs []*core.Binding) *core.ConnectionSet {
	set := &core.ConnectionSet{Downstream: map[string]*core.ConnectionSet_IdList{}, Upstream: map[string]*core.ConnectionSet_IdList{}}
	add := func(from, to string) {
		for _, half := range []struct {
			edges    map[string]*core.ConnectionSet_IdList
			key, end string
		}{{set.Downstream, from, to}, {set.Upstream, to, from}} {
			list := half.edges[half.key]
			if list == nil {
				list = &core.ConnectionSet_IdList{}
				half.edges[half.key] = list
			}
			if !slices.Contains(list.Ids, half.end) {
				list.Ids = append(list.Ids, half.end)
			}
		}
	}
	for _, node := range nodes {
		upstream := Upstream(node)
		if len(upstream) == 0 {
			upstream = []string{StartNode}
		}
		for _, id := range upstream {
			add(id, node.GetId())
		}
	}
	for _, binding := range outputs {
		Promises(binding.GetBinding(), func(p *core.OutputReference) {
			if p.GetNodeId() != "" {
				add(p.GetNodeId(), EndNode)
			}
		})
	}
	for _, node := range nodes {
		if set.Downstream[node.GetId()] == nil {
			add(node.GetId(), EndNode)
		}
	}
	return set
}
