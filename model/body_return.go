package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// bindOutputs binds what the function returned to the outputs
// (core/workflow.py:PythonFunctionWorkflow.compile).
func (b *builder) bindOutputs(f *pyeval.Frame, returned pyeval.Value) {
	e := b.body.Entity
	if e.OutputsUnknown != "" {
		b.incomplete(f, e.NameSpan, e.OutputsUnknown)
		return
	}
	if len(e.Outputs) == 0 {
		return
	}
	if fn, ok := e.runs.(*pyeval.Function); e.runs != nil && (!ok || fn.Def != e.Function.Def) || len(b.body.Returns) == 0 {
		// A decorator's function may give something else than the workflow's.
		b.body.Outputs = b.outputs(f, &Return{Value: returned, Certain: true}, nil)
		return
	}
	for _, r := range b.body.Returns {
		r.Bindings = b.outputs(f, r, r.Stmt.Value)
	}
	if b.body.Outputs = b.body.Returns[0].Bindings; len(b.body.Returns) > 1 {
		b.body.Outputs = b.outputs(f, &Return{Value: returned}, nil)
	}
}

// outputs binds the outputs to the value of a return statement, in which
// written stands: nil where they differ in number.
func (b *builder) outputs(f *pyeval.Frame, r *Return, written ast.Expr) []Binding {
	e := b.body.Entity
	at := e.NameSpan
	if written != nil {
		at = written.Span()
	} else if r.Stmt != nil {
		at = r.Stmt.Span()
	}
	wrong := func(code, message string) {
		if r.Certain || r.Stmt != nil {
			b.rejectedReturn(f, code, at, message, r.Certain)
		}
	}
	values := []pyeval.Value{r.Value}
	elements, known := b.tuple(f, r.Value)
	switch {
	case !known:
		values = make([]pyeval.Value, len(e.Outputs))
		for i := range values {
			values[i] = r.Value
		}
	case elements != nil:
		values = elements
		if len(e.Outputs) == 1 && e.OutputTuple == "" {
			wrong("return-count", fmt.Sprintf("%s has one output, and a tuple is returned: return the value alone", e.Describe()))
			return nil
		}
	case isNone(r.Value) && len(e.Outputs) > 1:
		wrong("return-unbound", fmt.Sprintf("%s has %d outputs (%s), and None is returned", e.Describe(), len(e.Outputs), variableNames(e.Outputs)))
		return nil
	}
	if len(values) != len(e.Outputs) {
		wrong("return-count", fmt.Sprintf("%s has %s, and %s returned", e.Describe(), counted(len(e.Outputs), "output"), are(len(values), "value")))
		return nil
	}
	bindings := make([]Binding, len(values))
	for i, output := range e.Outputs {
		binding := Binding{Name: output.Name, Value: f.Resolve(values[i]), Variable: output, Expr: ReturnedAt(written, i, len(values))}
		binding.Span = span(binding.Expr)
		if b.unusable(f, binding.Value, binding.Span) {
			// It is told there.
		} else if void, ok := binding.Value.(*Void); ok && void.Node.certain() {
			at = span(binding.Expr)
			wrong("return-unbound", fmt.Sprintf("%s has no output, and %s needs a value for its output %s", void.Node.describe(), e.Describe(), output.Name))
		} else {
			b.checkParts(f, binding, at, func(remark Remark) {
				if r.Certain || r.Stmt != nil {
					remark.Module, remark.Certain = f.Module(), r.Certain
					b.rejectedOnReturn(remark)
				}
			})
		}
		bindings[i] = binding
	}
	return bindings
}

// rejectedReturn remarks what flytekit raises once the function has returned.
func (b *builder) rejectedReturn(f *pyeval.Frame, code string, at ast.Span, message string, certain bool) {
	b.rejectedOnReturn(Remark{Module: f.Module(), Span: at, Message: message, Code: code, Certain: certain})
}

func (b *builder) rejectedOnReturn(remark Remark) {
	if remark.Certain {
		b.body.Rejected = addRemark(b.body.Rejected, remark)
	}
	b.body.Remarks = addRemark(b.body.Remarks, remark)
}

// ReturnedAt is what is written for one of n values that are returned.
func ReturnedAt(written ast.Expr, i, n int) ast.Expr {
	switch tuple := written.(type) {
	case *ast.Tuple:
		if len(tuple.Elts) == n {
			return tuple.Elts[i]
		}
	case *ast.Call:
		// A NamedTuple whose fields are given in order.
		if len(tuple.Args) == n && len(tuple.Keywords) == 0 && n > 1 {
			return tuple.Args[i]
		}
	}
	return written
}

func isNone(value pyeval.Value) bool {
	_, none := value.(pyeval.None)
	return none
}

// tuple are the elements of what a function returned, nil if it is no tuple.
// known: it is known whether it is one.
func (b *builder) tuple(f *pyeval.Frame, returned pyeval.Value) (elements []pyeval.Value, known bool) {
	switch value := returned.(type) {
	case *Outputs, *pyeval.Tuple:
		return f.Iterate(value)
	case *pyeval.Instance:
		if isNamedTupleObject(f, value) {
			return f.Iterate(value)
		}
		return nil, true
	case *Promise:
		return nil, value.Var != "" || len(b.body.Entity.Outputs) == 1
	case *pyeval.Unknown, *pyeval.Uncertain:
		return nil, len(b.body.Entity.Outputs) == 1
	}
	return nil, true
}

// isNamedTupleObject tells whether a value is an object of a NamedTuple, which
// is a tuple.
func isNamedTupleObject(f *pyeval.Frame, value *pyeval.Instance) bool {
	switch class := f.Resolve(value.Class).(type) {
	case *pyeval.NamedTuple:
		return true
	case *pyeval.Class:
		return slices.ContainsFunc(class.MRO(), func(base pyeval.Value) bool {
			switch base := f.Resolve(base).(type) {
			case *pyeval.NamedTuple:
				return true
			case *pyeval.Class:
				return isNamedTuple(f, base)
			}
			return false
		})
	}
	return false
}

// counted is a number of things: "one output", "3 outputs".
func counted(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return digits(n) + " " + what + "s"
}

// are is what is done with a number of things: "one value is", "3 values are".
func are(n int, what string) string {
	if n == 1 {
		return counted(n, what) + " is"
	}
	return counted(n, what) + " are"
}

func variableNames(variables []*Variable) string {
	names := make([]string, len(variables))
	for i, v := range variables {
		names[i] = v.Name
	}
	return strings.Join(names, ", ")
}
