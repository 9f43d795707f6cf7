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
	// it; a Slice and a *Promise stand for indices that nothing takes, an Unknown
	// for one that isn't known.
	Path []pyeval.Value
	// At is the expression that took the last of them; nil where there is none.
	At ast.Expr
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
	return p.with(f, pyeval.Str(name))
}

func isDunder(name string) bool {
	return len(name) > 4 && name[:2] == "__" && name[len(name)-2:] == "__"
}

// Index is a promise with one more index in its path
// (core/promise.py:Promise.__getitem__).
func (p *Promise) Index(f *pyeval.Frame, index pyeval.Value) pyeval.Value {
	if at := f.Asked(); at != nil && p.untyped() && p.certain(f) {
		return rejected(f, "promise-index-kind", at, untypedDict, p.comesFrom(f)...)
	}
	switch index.(type) {
	case pyeval.Str, pyeval.Int, *Promise:
		return p.with(f, index)
	}
	if pyeval.IsSlice(index) {
		return p.with(f, Slice{})
	}
	return p.with(f, &pyeval.Unknown{Reason: "the index isn't known: it is " + index.Describe()})
}

// untyped tells that a call gives a dict of which flytekit refuses to take a part
// by an index, since its values have no type (core/promise.py:Promise.__getitem__).
func (p *Promise) untyped() bool {
	if p.Node == nil || len(p.Path) > 0 || !isDict(p.Type) {
		return false
	}
	return p.Node.Kind == TaskNode || p.Node.Kind == WorkflowNode || p.Node.Kind == LaunchPlanNode
}

const untypedDict = "a dict without types has no parts of which the type is known: annotate it, as in Dict[str, int], or use a dataclass"

// Slice is `lower:upper` as an index of a promise.
type Slice struct{}

// Describe says what the value is.
func (Slice) Describe() string { return "a slice" }

func (p *Promise) with(f *pyeval.Frame, step pyeval.Value) *Promise {
	next := *p
	next.At = f.Asked()
	next.Path = append(slices.Clip(p.Path), step)
	return &next
}

// comparisons are the operators that give a condition. With their sides
// exchanged, they come here as what Python makes of them.
var comparisons = []string{"==", "!=", "<", ">", "<=", ">="}

// Operate is `promise >> other`, a comparison, or what flytekit rejects.
func (p *Promise) Operate(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	switch {
	case op == ">>" && !reversed:
		return before(f, p.Node, other, at)
	case op == ">>" || op == "<<":
		return unordered(f, op, p, other, reversed, at)
	}
	if slices.Contains(comparisons, op) {
		return p.compare(f, op, other, reversed, at)
	}
	if condition, ok := other.(*Condition); ok && conjunctions[op] != "" {
		return condition.Operate(f, op, p, !reversed, at)
	}
	return p.arithmetic(f, op, other, reversed, at)
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
