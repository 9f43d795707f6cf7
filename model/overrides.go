package model

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// overriding is the method with_overrides of what a node gives
// (core/node.py:Node.with_overrides). node is nil of a workflow's input.
func overriding(node *Node, self pyeval.Value) *method {
	return &method{"with_overrides", func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		if promise, ok := self.(*Promise); ok && node == nil && c.Expr != nil {
			return promise.overridden(f, c)
		}
		if node != nil && node.builder != nil && node.builder.open(f) {
			node.override(c, node.builder.conditional(f) && !node.Conditional)
			checkOverrides(f, c)
			observer{}.Called(f, withOverrides, c, self)
		}
		return self
	}}
}

// withOverrides is entity.with_overrides(...), which there isn't: it is what a
// call gives that has it.
func (e *Entity) withOverrides(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if e.Opaque != "" || c.Expr == nil {
		return &pyeval.Unknown{Reason: "with_overrides of " + e.Describe(), Expr: callExpr(c)}
	}
	message := fmt.Sprintf("%s itself can't be overridden, only a call of it: %s(...).with_overrides(...)", e.Describe(), e.Name)
	return rejected(f, "override-on-entity", c.Expr.Func, message, e.defined()...)
}

// withOverrides is the name under which Module.NativeCalls has the calls of
// with_overrides.
var withOverrides = &pyeval.Native{Name: "flytekit.core.node.Node.with_overrides"}

// overridden is with_overrides of a workflow's input, which no node gives
// (core/promise.py:Promise.with_overrides, core/interface.py:GLOBAL_START_NODE).
func (p *Promise) overridden(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if !p.certain(f) {
		return p
	}
	return rejected(f, "override-on-entity", c.Expr.Func, p.Describe()+" has no node that could be overridden: override the call that takes it", p.comesFrom(f)...)
}

// override takes over the arguments of a with_overrides, which with maybe may
// not be called.
func (n *Node) override(c *pyeval.Call, maybe bool) {
	for _, keyword := range c.Keywords {
		n.Overrides = append(n.Overrides, keyword)
		if _, none := keyword.Value.(pyeval.None); none {
			continue
		}
		text, known := keyword.Value.(pyeval.Str)
		switch {
		case keyword.Name == "node_name" && known && !maybe:
			n.ID = dnsName(string(text))
		case keyword.Name == "node_name":
			n.ID = ""
		case keyword.Name == "name" && n.Kind == ArrayNode && n.Entity.Kind == MapTask:
			// It names the mapped task's own node (core/node.py:_override_node_metadata).
		case keyword.Name == "name" && !maybe:
			n.Name = string(text)
		case keyword.Name == "name":
			n.Name = ""
		}
	}
}

// checkOverrides tells of arguments of with_overrides that flytekit rejects
// (core/node.py:Node.with_overrides, assert_not_promise).
func checkOverrides(f *pyeval.Frame, c *pyeval.Call) {
	given := map[string]bool{}
	for _, keyword := range c.Keywords {
		_, none := keyword.Value.(pyeval.None)
		given[keyword.Name] = !none
		values := []pyeval.Value{keyword.Value}
		if instance, ok := keyword.Value.(*pyeval.Instance); ok {
			// Resources(cpu=...)
			for _, argument := range instance.Keywords {
				values = append(values, argument.Value)
			}
		}
		for _, value := range values {
			if _, promise := value.(*Promise); promise {
				rejected(f, "override-promise", keyword.Expr, fmt.Sprintf("%s can't be a promise: it is needed when the workflow is compiled", keyword.Name))
			}
		}
		if text, ok := keyword.Value.(pyeval.Str); ok && keyword.Name == "node_name" {
			if what := reservedNodes[dnsName(string(text))]; what != "" {
				rejected(f, "override-node-name-reserved", keyword.Expr, fmt.Sprintf("the node name %s is kept for %s", text, what))
			}
		}
	}
	if given["resources"] && (given["requests"] || given["limits"]) {
		rejected(f, "resources-both", callExpr(c), "with_overrides takes resources, or requests and limits, and not both")
	}
}

// failureNodeID is core/constants.py:DEFAULT_FAILURE_NODE_ID.
const failureNodeID = "efn"

// reservedNodes are the ids of nodes that a workflow may have beside its own:
// flytekit itself refuses that of failure handlers, the others are in
// flytepropeller/pkg/compiler/common/builder.go.
var reservedNodes = map[string]string{
	failureNodeID: "failure handlers", "start-node": "the node that has the workflow's inputs", "end-node": "the node that has the workflow's outputs",
}
