package model

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Promise is an output of a node, or an input of the workflow, before there is
// a value (core/promise.py:Promise).
type Promise struct {
	// Node is nil of a workflow's input.
	Node *Node
	// Var is the output or the input; "" where the node's outputs aren't known.
	Var string
	// Path are the attributes (Str) and indices (Str, Int) that were taken of
	// it; an Unknown stands for an index that isn't known.
	Path []pyeval.Value
	// Type is the Python type of the output or the input, without the path; nil
	// if it isn't known.
	Type pyeval.Value
}

// Outputs are the promises of a node with several outputs, or with one that a
// NamedTuple names (core/promise.py:create_task_output).
type Outputs struct{ Promises []*Promise }

// Void is what a node without outputs gives (core/promise.py:VoidPromise).
type Void struct{ Node *Node }

// nodeHandle is a node as create_node returns it (core/node.py:Node), with its
// outputs.
type nodeHandle struct {
	node    *Node
	outputs []*Promise
}

// Describe says what the value is.
func (p *Promise) Describe() string {
	if p.Node == nil {
		return "the workflow's input " + p.Var
	}
	return "the output " + p.Var + " of " + p.Node.describe()
}

// Describe says what the value is.
func (o *Outputs) Describe() string { return "the outputs of a node" }

// Describe says what the value is.
func (v *Void) Describe() string { return "the end of " + v.Node.describe() }

// Describe says what the value is.
func (h *nodeHandle) Describe() string { return "the node of " + h.node.describe() }

func (n *Node) describe() string {
	if n.Entity != nil {
		return n.Entity.Describe()
	}
	return string(n.Kind) + " " + n.Name
}

// promiseMethods are the attributes that a Promise has itself; all others are
// appended to its path (core/promise.py:Promise.__getattr__).
var promiseMethods = map[string]func(p *Promise) pyeval.Value{
	"with_overrides": func(p *Promise) pyeval.Value { return overriding(p.Node, p) },
	"is_":            func(p *Promise) pyeval.Value { return p.comparing("is_", nil) },
	"is_true":        func(p *Promise) pyeval.Value { return p.comparing("is_true", pyeval.Bool(true)) },
	"is_false":       func(p *Promise) pyeval.Value { return p.comparing("is_false", pyeval.Bool(false)) },
	"is_none":        func(p *Promise) pyeval.Value { return p.comparing("is_none", pyeval.None{}) },
	"var":            func(p *Promise) pyeval.Value { return pyeval.Str(p.Var) },
	"is_ready":       func(*Promise) pyeval.Value { return pyeval.Bool(false) },
	"val":            func(*Promise) pyeval.Value { return pyeval.None{} },
	"ref":            nil,
	"attr_path":      nil,
	"eval":           nil,
	"with_var":       nil,
	"deepcopy":       nil,
}

// Attr is a promise with one more attribute in its path, or what a promise has
// itself.
func (p *Promise) Attr(f *pyeval.Frame, name string) pyeval.Value {
	own, ok := promiseMethods[name]
	if len(p.Path) == 0 && p.Node != nil && p.Node.Branch != nil {
		if name == "elif_" || name == "else_" || name == "if_" {
			return p.Node.ended(f, name)
		}
		if lost := p.Node.lost(f, name); lost != nil {
			return lost
		}
	}
	switch {
	case name == "":
		return p // not typed yet
	case own != nil:
		return own(p)
	case ok || isDunder(name):
		return &pyeval.Unknown{Reason: fmt.Sprintf("%s of a promise is flytekit's own", name)}
	}
	return p.with(pyeval.Str(name))
}

func isDunder(name string) bool {
	return len(name) > 4 && name[:2] == "__" && name[len(name)-2:] == "__"
}

// Index is a promise with one more index in its path
// (core/promise.py:Promise.__getitem__).
func (p *Promise) Index(_ *pyeval.Frame, index pyeval.Value) pyeval.Value {
	switch index.(type) {
	case pyeval.Str, pyeval.Int:
		return p.with(index)
	}
	return p.with(&pyeval.Unknown{Reason: "the index isn't known: it is " + index.Describe()})
}

func (p *Promise) with(step pyeval.Value) *Promise {
	next := *p
	next.Path = append(slices.Clip(p.Path), step)
	return &next
}

// comparisons are the operators that give a condition. With their sides
// exchanged, they come here as what Python makes of them.
var comparisons = []string{"==", "!=", "<", ">", "<=", ">="}

// Operate is `promise >> other`, a comparison, or what flytekit rejects.
func (p *Promise) Operate(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	if op == ">>" && !reversed {
		return before(f, p.Node, other, at)
	}
	if slices.Contains(comparisons, op) {
		return &Condition{Op: op, Left: Operand{Value: p}, Right: Operand{Value: other}, Span: span(at), Module: f.Module()}
	}
	if condition, ok := other.(*Condition); ok && conjunctions[op] != "" {
		return condition.Operate(f, op, p, !reversed, at)
	}
	return rejected(f, "promise-arithmetic", at, fmt.Sprintf("flytekit doesn't support %s with a promise: it has no value yet when the workflow is compiled", op))
}

func (p *Promise) comparing(name string, with pyeval.Value) *method {
	return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		right := with
		if right == nil {
			right = c.Value(0, "v", pyeval.None{})
		}
		return &Condition{Op: "==", Left: Operand{Value: p}, Right: Operand{Value: right}, Span: callSpan(c), Module: f.Module()}
	}}
}

// Iterate has no answer: a promise can't be iterated over
// (core/promise.py:Promise.__iter__).
func (p *Promise) Iterate(f *pyeval.Frame) ([]pyeval.Value, bool) {
	if p.Var != "" {
		rejected(f, "promise-iterate", nil, p.Describe()+" can't be iterated over or unpacked when the workflow is compiled: it has no value yet")
	}
	return nil, false
}

// Truth isn't known: flytekit rejects the question
// (core/promise.py:Promise.__bool__).
func (p *Promise) Truth(f *pyeval.Frame) (truth, known bool) {
	rejected(f, "promise-truth", nil, p.Describe()+" is neither true nor false when the workflow is compiled: use conditional(), and & and | in place of `and` and `or`")
	return false, false
}

// Call is what flytekit rejects: a promise can't be called.
func (p *Promise) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	return rejected(f, "promise-method", callExpr(c), p.Describe()+" can't be called: it has no value yet when the workflow is compiled")
}

func (o *Outputs) elements() []pyeval.Value {
	values := make([]pyeval.Value, len(o.Promises))
	for i, promise := range o.Promises {
		values[i] = promise
	}
	return values
}

// Attr is the output of that name, or what the tuple has itself.
func (o *Outputs) Attr(f *pyeval.Frame, name string) pyeval.Value {
	for _, promise := range o.Promises {
		if promise.Var == name {
			return promise
		}
	}
	switch name {
	case "with_overrides":
		return overriding(o.Promises[0].Node, o)
	case "runs_before":
		// It does nothing (core/promise.py:create_task_output).
		return &method{name, func(*pyeval.Frame, *pyeval.Call) pyeval.Value { return o }}
	case "elif_", "else_", "if_":
		return o.Promises[0].Node.ended(f, name)
	case "_fields":
		fields := &pyeval.Tuple{}
		for _, promise := range o.Promises {
			fields.Elems = append(fields.Elems, pyeval.Str(promise.Var))
		}
		return fields
	}
	if lost := o.Promises[0].Node.lost(f, name); lost != nil {
		return lost
	}
	return &pyeval.Unknown{Reason: fmt.Sprintf("%s has no output %s", o.Promises[0].Node.describe(), name)}
}

// Index is the output at a position.
func (o *Outputs) Index(_ *pyeval.Frame, index pyeval.Value) pyeval.Value {
	if n, ok := index.(pyeval.Int); ok && n.IsInt64() {
		i := n.Int64()
		if i < 0 {
			i += int64(len(o.Promises))
		}
		if i >= 0 && i < int64(len(o.Promises)) {
			return o.Promises[i]
		}
	}
	return &pyeval.Unknown{Reason: fmt.Sprintf("which of the outputs of %s it is isn't known", o.Promises[0].Node.describe())}
}

// Iterate gives the outputs.
func (o *Outputs) Iterate(*pyeval.Frame) ([]pyeval.Value, bool) { return o.elements(), true }

// Truth is that of a tuple that isn't empty.
func (o *Outputs) Truth(*pyeval.Frame) (truth, known bool) { return true, true }

// Operate is `outputs >> other`, which does nothing
// (core/promise.py:create_task_output).
func (o *Outputs) Operate(_ *pyeval.Frame, op string, other pyeval.Value, reversed bool, _ ast.Expr) pyeval.Value {
	if op == ">>" && !reversed {
		return other
	}
	return nil
}

// Attr is what a VoidPromise has itself.
func (v *Void) Attr(f *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "with_overrides":
		return overriding(v.Node, v)
	case "runs_before":
		// It does nothing (core/promise.py:VoidPromise).
		return &method{name, func(*pyeval.Frame, *pyeval.Call) pyeval.Value { return pyeval.None{} }}
	case "elif_", "else_", "if_":
		if v.Node.Branch != nil {
			return v.Node.ended(f, name)
		}
	}
	return v.rejected(f, nil, "that has "+name)
}

func (v *Void) rejected(f *pyeval.Frame, at ast.Expr, what string) pyeval.Value {
	message := v.Node.describe() + " returns nothing " + what
	if !v.Node.certain() {
		return &pyeval.Unknown{Reason: message, Expr: at}
	}
	if why := v.Node.withoutOutputs(); why != "" {
		return rejected(f, "conditional-branch-outputs", at, why)
	}
	return rejected(f, "void-used", at, message)
}

// Operate is `void >> other`; flytekit rejects all else.
func (v *Void) Operate(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	if op == ">>" && !reversed {
		return before(f, v.Node, other, at)
	}
	return v.rejected(f, at, "that could be used")
}

// Truth isn't known: flytekit rejects the question
// (core/promise.py:VoidPromise.__bool__).
func (v *Void) Truth(f *pyeval.Frame) (truth, known bool) {
	v.rejected(f, nil, "that could be true or false")
	return false, false
}

// Attr is an output, or a method of the node.
func (h *nodeHandle) Attr(_ *pyeval.Frame, name string) pyeval.Value {
	for _, promise := range h.outputs {
		if promise.Var == name {
			return promise
		}
	}
	switch name {
	case "outputs":
		outputs := &pyeval.Dict{}
		for _, promise := range h.outputs {
			outputs.Items = append(outputs.Items, pyeval.Item{Key: pyeval.Str(promise.Var), Value: promise})
		}
		return outputs
	case "with_overrides":
		return overriding(h.node, h)
	case "runs_before":
		return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
			other := c.Value(0, "other", pyeval.None{})
			if next, ok := other.(*nodeHandle); ok {
				link(f, callExpr(c), h.node, next.node)
			} else {
				unlinked(f, callExpr(c), other, "runs_before takes a node that create_node made")
			}
			return pyeval.None{}
		}}
	case "id", "name":
		if h.node.ID != "" {
			return pyeval.Str(h.node.ID)
		}
	case "flyte_entity":
		if h.node.Entity != nil {
			return h.node.Entity
		}
	}
	return &pyeval.Unknown{Reason: fmt.Sprintf("%s of a node isn't known", name)}
}

// Operate is `node >> other`.
func (h *nodeHandle) Operate(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	if op != ">>" || reversed {
		return nil
	}
	if next, ok := other.(*nodeHandle); ok {
		link(f, at, h.node, next.node)
		return other
	}
	return unlinked(f, at, other, "a node of create_node can only run before another one: give create_node the other entity too")
}

// before is `node >> other` of promises. node is nil of a workflow's input,
// which is always there before.
func before(f *pyeval.Frame, node *Node, other pyeval.Value, at ast.Expr) pyeval.Value {
	var next *Node
	switch other := other.(type) {
	case *Promise:
		next = other.Node
	case *Void:
		next = other.Node
	default:
		return unlinked(f, at, other, "only a promise can follow >>, and this is "+other.Describe())
	}
	if node != nil && next != nil {
		link(f, at, node, next)
	}
	return other
}

// link puts a node before another one.
func link(f *pyeval.Frame, at ast.Expr, node, next *Node) {
	b := next.builder
	if b == nil || !b.open(f) {
		return
	}
	node.runsBefore(next)
	if b.conditional(f) && !node.Conditional && !next.Conditional {
		b.incomplete(f, span(at), fmt.Sprintf("whether %s runs before %s is only known when the workflow is compiled", node.describe(), next.describe()))
	}
}

// unlinked is what follows `>>` and is no node: flytekit rejects it, if it is
// known what it is.
func unlinked(f *pyeval.Frame, at ast.Expr, other pyeval.Value, message string) pyeval.Value {
	switch other.(type) {
	case *pyeval.Unknown, *pyeval.Uncertain:
		if b, ok := f.Context.(*builder); ok && b.compiles {
			b.incomplete(f, span(at), "which node runs afterwards isn't known")
		}
	}
	return rejectedUnlessUnknown(f, "order-operator", at, other, message)
}

func (n *Node) runsBefore(other *Node) {
	if !slices.Contains(other.Upstream, n) {
		other.Upstream = append(other.Upstream, n)
	}
}

// overriding is the method with_overrides of what a node gives
// (core/node.py:Node.with_overrides). node is nil of a workflow's input.
func overriding(node *Node, self pyeval.Value) *method {
	return &method{"with_overrides", func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		if node != nil && node.builder != nil && node.builder.open(f) {
			node.override(c, node.builder.conditional(f) && !node.Conditional)
			checkOverrides(f, c)
			observer{}.Called(f, withOverrides, c, self)
		}
		return self
	}}
}

// withOverrides is the name under which Module.NativeCalls has the calls of
// with_overrides.
var withOverrides = &pyeval.Native{Name: "flytekit.core.node.Node.with_overrides"}

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
		if text, ok := keyword.Value.(pyeval.Str); ok && keyword.Name == "node_name" && dnsName(string(text)) == failureNodeID {
			rejected(f, "override-node-name-reserved", keyword.Expr, fmt.Sprintf("the node name %s is kept for failure handlers", failureNodeID))
		}
	}
	if given["resources"] && (given["requests"] || given["limits"]) {
		rejected(f, "resources-both", callExpr(c), "with_overrides takes resources, or requests and limits, and not both")
	}
}

// failureNodeID is core/constants.py:DEFAULT_FAILURE_NODE_ID.
const failureNodeID = "efn"
