package closure

import (
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/literal"
)

// scope has the interfaces of the nodes that a binding may name, by their ids;
// nil where a problem was found.
type scope map[string]*iface

// checkNode checks a node's bindings, and those of the nodes inside a branch.
func (c *compiler) checkNode(node *core.Node, scope scope) {
	for _, id := range node.GetUpstreamNodeIds() {
		if _, known := scope[id]; !known && id != "" {
			c.problem("NodeReferenceNotFound", node.GetId(), "Referenced node [%s] not found.", id)
		}
	}
	var inputs map[string]*core.LiteralType
	if own := scope[node.GetId()]; own != nil {
		inputs = own.inputs
	}
	resolved := c.checkBindings(node.GetId(), node.GetInputs(), inputs, scope)
	if node.GetBranchNode().GetIfElse() != nil && scope[node.GetId()] != nil {
		c.checkBranch(node, resolved, scope)
	}
}

// checkBranch checks the conditions, whose variables are the node's inputs, and
// the nodes of the cases.
func (c *compiler) checkBranch(node *core.Node, inputs map[string]*core.LiteralType, scope scope) {
	branch := node.GetBranchNode().GetIfElse()
	for _, block := range append([]*core.IfBlock{branch.GetCase()}, branch.GetOther()...) {
		c.checkCondition(node.GetId(), block.GetCondition(), inputs)
	}
	for _, inner := range Inner(node) {
		if _, known := scope[inner.GetId()]; !known {
			count := len(c.problems)
			scope[inner.GetId()] = c.interfaceOf(inner)
			c.problems = c.problems[:count] // told already with the branch
			defer delete(scope, inner.GetId())
		}
		c.checkNode(inner, scope)
	}
}

func (c *compiler) checkCondition(node string, expression *core.BooleanExpression, inputs map[string]*core.LiteralType) {
	if both := expression.GetConjunction(); both != nil {
		c.checkCondition(node, both.GetLeftExpression(), inputs)
		c.checkCondition(node, both.GetRightExpression(), inputs)
	}
	comparison := expression.GetComparison()
	if comparison == nil {
		return
	}
	left, right := c.operand(node, comparison.GetLeftValue(), inputs), c.operand(node, comparison.GetRightValue(), inputs)
	if left != nil && right != nil && !proto.Equal(left, right) {
		c.problems = append(c.problems, mismatched(node, "RightValue", right, left))
	}
}

// operand is the type of a side of a comparison; nil if it isn't known.
func (c *compiler) operand(node string, operand *core.Operand, inputs map[string]*core.LiteralType) *core.LiteralType {
	if primitive := operand.GetPrimitive(); primitive != nil {
		return literal.PrimitiveType(primitive)
	}
	t, bound := inputs[operand.GetVar()]
	switch {
	case operand.GetVar() == "" && operand.GetScalar() != nil:
		c.problem("ValueRequired", node, "Value required [Val].") // None
	case !bound:
		c.problem("VariableNameNotFound", node, "Variable [%s] not found on node [%s].", operand.GetVar(), node)
	}
	return t
}

// checkCycles finds nodes that wait for each other.
func (c *compiler) checkCycles(nodes []*core.Node) {
	upstream := map[string][]string{}
	for _, node := range nodes {
		upstream[node.GetId()] = ownUpstream(node)
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
