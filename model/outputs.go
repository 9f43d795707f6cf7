package model

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

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
	if tupleNames[name] || isDunder(name) || name == "" {
		return &pyeval.Unknown{Reason: name + " of a tuple of promises is Python's own"}
	}
	at := f.Asked()
	if attribute, ok := at.(*ast.Attribute); ok {
		at = &ast.Name{Range: ast.Range(attribute.AttrSpan), ID: name}
	}
	return o.missing(f, at, name)
}

// tupleNames are the attributes of a named tuple besides its fields.
var tupleNames = map[string]bool{
	"count": true, "index": true, "_asdict": true, "_replace": true, "_make": true, "_field_defaults": true,
}

// missing is an output that the node doesn't have.
func (o *Outputs) missing(f *pyeval.Frame, at ast.Expr, name string) pyeval.Value {
	node := o.Promises[0].Node
	message := fmt.Sprintf("%s has no output %s: its outputs are %s", node.describe(), name, strings.Join(o.names(), ", "))
	if !node.certain() || at == nil {
		return &pyeval.Unknown{Reason: message, Expr: at}
	}
	if b, ok := f.Context.(*builder); ok && b.compiles {
		b.reject(f, Remark{Code: "output-unknown", Span: span(at), Message: message, Related: o.Promises[0].origin(), Candidates: o.names()})
	}
	return &pyeval.Unknown{Reason: message, Expr: at}
}

func (o *Outputs) names() []string {
	names := make([]string, len(o.Promises))
	for i, promise := range o.Promises {
		names[i] = promise.Var
	}
	return names
}

// Index is the output at a position.
func (o *Outputs) Index(f *pyeval.Frame, index pyeval.Value) pyeval.Value {
	var at ast.Expr
	if subscript, ok := f.Asked().(*ast.Subscript); ok {
		at = subscript.Index
	}
	switch n := index.(type) {
	case pyeval.Int:
		if !n.IsInt64() {
			break
		}
		i := n.Int64()
		if i < 0 {
			i += int64(len(o.Promises))
		}
		if i >= 0 && i < int64(len(o.Promises)) {
			return o.Promises[i]
		}
		return o.missing(f, at, fmt.Sprintf("[%d]", n.Int64()))
	case pyeval.Str:
		return o.missing(f, at, fmt.Sprintf("[%q], they are attributes or have numbers", string(n)))
	}
	return &pyeval.Unknown{Reason: fmt.Sprintf("which of the outputs of %s it is isn't known", o.Promises[0].Node.describe())}
}

// Iterate gives the outputs.
func (o *Outputs) Iterate(*pyeval.Frame) ([]pyeval.Value, bool) { return o.elements(), true }

// Unpack gives the outputs, of which there must be as many as targets.
func (o *Outputs) Unpack(f *pyeval.Frame, targets, star int) ([]pyeval.Value, bool) {
	node := o.Promises[0].Node
	if fits := targets == len(o.Promises) || star >= 0 && targets-1 <= len(o.Promises); fits || !node.certain() || f.Asked() == nil {
		return o.elements(), fits
	}
	rejected(f, "output-unpack-count", f.Asked(), fmt.Sprintf("%s has %s, and %s them",
		node.describe(), counted(len(o.Promises), "output"), take(targets)), o.Promises[0].origin()...)
	return nil, false
}

func take(targets int) string {
	if targets == 1 {
		return "1 name takes"
	}
	return fmt.Sprintf("%d names take", targets)
}

// Used tells of a text that is taken of the outputs.
func (o *Outputs) Used(f *pyeval.Frame, use pyeval.Usage) {
	if misused(use) == "promise-to-text" && o.Promises[0].certain(f) {
		o.Promises[0].text(f, use.At, formatted(use))
	}
}

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
	if isDunder(name) || name == "" || name == "ref" || name == "task_name" {
		return &pyeval.Unknown{Reason: name + " of an entity without outputs is flytekit's own"}
	}
	return v.rejected(f, f.Asked(), "that has "+name)
}

func (v *Void) rejected(f *pyeval.Frame, at ast.Expr, what string) pyeval.Value {
	message := v.Node.describe() + " returns nothing " + what
	if !v.Node.certain() {
		return &pyeval.Unknown{Reason: message, Expr: at}
	}
	if why := v.Node.withoutOutputs(); why != "" {
		return rejected(f, "conditional-branch-outputs", at, why)
	}
	return rejected(f, "void-used", at, message, (&Promise{Node: v.Node}).origin()...)
}

// Operate is `void >> other`; flytekit rejects all else.
func (v *Void) Operate(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	if op == ">>" && !reversed {
		return before(f, v.Node, other, at)
	}
	switch other.(type) {
	case *pyeval.Unknown, *pyeval.Uncertain, *pyeval.Instance:
		if reversed {
			return nil // its own operator decides
		}
	}
	return v.rejected(f, at, "that could be used")
}

// Truth isn't known: flytekit rejects the question
// (core/promise.py:VoidPromise.__bool__).
func (v *Void) Truth(f *pyeval.Frame) (truth, known bool) {
	if f.Asked() != nil {
		v.rejected(f, f.Asked(), "that could be true or false")
	}
	return false, false
}

// Index is what flytekit rejects.
func (v *Void) Index(f *pyeval.Frame, _ pyeval.Value) pyeval.Value {
	return v.rejected(f, f.Asked(), "that has elements")
}

// Call is what flytekit rejects.
func (v *Void) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	return v.rejected(f, callExpr(c), "that could be called")
}

// Iterate is what flytekit rejects.
func (v *Void) Iterate(f *pyeval.Frame) ([]pyeval.Value, bool) {
	if f.Asked() != nil {
		v.rejected(f, f.Asked(), "that could be iterated over or unpacked")
	}
	return nil, false
}

// Used tells of what needs a value.
func (v *Void) Used(f *pyeval.Frame, use pyeval.Usage) {
	if code := misused(use); code != "" && code != "promise-is-none" {
		v.rejected(f, use.At, "that could be used")
	}
}
