package model

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// bodyNatives are flytekit's functions that make nodes.
var bodyNatives = pyeval.Natives{
	"flytekit.core.condition.conditional":     {Call: conditional},
	"flytekit.core.node_creation.create_node": {Call: createNode},
	"flytekit.core.gate.approve":              {Call: approve},
	"flytekit.core.gate.sleep":                {Call: sleep},
	"flytekit.core.gate.wait_for_input":       {Call: waitForInput},

	"flytekit.core.context_manager.FlyteContextManager.current_context": {Call: currentContext},
	"flytekit.core.context_manager.FlyteContext.current_context":        {Call: currentContext},
}

// createNode is create_node(entity, **inputs), which gives the node itself
// (core/node_creation.py:create_node).
func createNode(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	b, ok := f.Context.(*builder)
	given, _ := c.Arg(0, "entity")
	entity, isEntity := EntityOf(given.Value)
	if !ok && f.Unfinished() && isEntity {
		remarked(f, "entity-outside-workflow", calleeSpan(c), "create_node makes a node of a workflow: flytekit raises an error here when the module is imported")
	}
	if !ok || !b.compiles {
		return &pyeval.Unknown{Reason: "create_node stands in a workflow only", Expr: callExpr(c)}
	}
	if !isEntity {
		b.incomplete(f, callSpan(c), "what create_node makes a node of isn't known")
		return &pyeval.Unknown{Reason: "what create_node makes a node of isn't known", Expr: callExpr(c)}
	}
	if section := b.level().section; section != nil && c.Expr != nil {
		remarked(f, "conditional-create-node", c.Expr.Func.Span(), fmt.Sprintf(
			"in local runs create_node makes no node in a case that isn't taken, and flytekit raises an error: call %s itself", entity.Describe()))
	}
	call := &pyeval.Call{Func: entity, Open: c.Open, Expr: c.Expr}
	if len(c.Args) > 1 {
		called := "create_node"
		if c.Expr != nil {
			called = sourceText(f.Module(), c.Expr.Func)
		}
		b.rejected(f, "call-positional", span(c.Args[1].Expr), called+" takes inputs by name only")
		call.Open = true // the arguments are meant for inputs
	}
	for _, keyword := range c.Keywords {
		if keyword.Name != "entity" {
			call.Keywords = append(call.Keywords, keyword)
		}
	}
	handle := &nodeHandle{}
	switch result := callEntity(f, entity, call).(type) {
	case *Promise:
		handle.node = result.Node
		if result.Var != "" {
			handle.outputs = []*Promise{result}
		}
	case *Outputs:
		handle.node, handle.outputs = result.Promises[0].Node, result.Promises
	case *Void:
		handle.node = result.Node
	default:
		return result
	}
	return handle
}

// approve is flytekit.approve(upstream_item, name, timeout): a gate that passes
// on what it is given once a person agrees (core/gate.py:approve).
func approve(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	given, _ := c.Arg(0, "upstream_item")
	item, ok := given.Value.(*Promise)
	node := gateNode(c, 1, "approve")
	node.Gate.Timeout = c.Value(2, "timeout", nil)
	if !ok {
		approveOther(f, given)
		return addGate(f, node, c, nil)
	}
	switch {
	case item.Node == nil:
		rejected(f, "approve-upstream", given.Expr, "approve() takes no input of the workflow: give it the output of a task")
	case item.Node.Branch != nil:
		rejected(f, "approve-upstream", given.Expr, "approve() takes no output of a conditional: give it the output of a task", item.origin()...)
	}
	node.Inputs = []Binding{{Name: item.Var, Value: item, Span: span(given.Expr)}}
	return addGate(f, node, c, &Promise{Var: item.Var, Type: item.Type})
}

// approveOther tells what approve() is given that is no promise.
func approveOther(f *pyeval.Frame, given pyeval.Named) {
	switch value := given.Value.(type) {
	case nil, *pyeval.Instance, *pyeval.Native:
	case *Void:
		rejected(f, "approve-upstream", given.Expr, value.Node.describe()+" has no output that could be approved")
	case *Outputs:
		rejected(f, "approve-upstream", given.Expr, "approve() takes one output, and "+value.Promises[0].Node.describe()+" has several")
	default:
		rejectedUnlessUnknown(f, "approve-upstream", given.Expr, value, "approve() needs the output of a task, and this is "+value.Describe())
	}
}

// waitForInput is flytekit.wait_for_input(name, timeout, expected_type)
// (core/gate.py:wait_for_input).
func waitForInput(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	node := gateNode(c, 0, "signal")
	node.Gate.Timeout = c.Value(1, "timeout", nil)
	node.Gate.Type = c.Value(2, "expected_type", nil)
	return addGate(f, node, c, &Promise{Var: "o0", Type: node.Gate.Type})
}

// sleep is flytekit.sleep(duration) (core/gate.py:sleep).
func sleep(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	node := &Node{Kind: GateNode, Name: "sleep-gate", Gate: &Gate{Waits: "sleep", Duration: c.Value(0, "duration", nil)}}
	return addGate(f, node, c, nil)
}

func gateNode(c *pyeval.Call, position int, waits string) *Node {
	name, _ := c.Value(position, "name", pyeval.None{}).(pyeval.Str)
	return &Node{Kind: GateNode, Name: string(name), Gate: &Gate{Waits: waits}}
}

// addGate adds a gate's node. output is its promise, nil if it has none.
func addGate(f *pyeval.Frame, node *Node, c *pyeval.Call, output *Promise) pyeval.Value {
	b, ok := f.Context.(*builder)
	if !ok || !b.compiles {
		return &pyeval.Unknown{Reason: "a gate stands in a workflow only", Expr: callExpr(c)}
	}
	node.take(c)
	node = b.add(f, node, c)
	if output == nil {
		return &Void{Node: node}
	}
	output.Node = node
	return output
}
