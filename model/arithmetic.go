package model

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// arithmetic is an operator that promises don't have.
func (p *Promise) arithmetic(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	unknown := &pyeval.Unknown{Reason: fmt.Sprintf("flytekit doesn't support %s with a promise: it has no value yet when the workflow is compiled", op), Expr: at}
	b, ok := f.Context.(*builder)
	if !ok || !b.compiles || at == nil || !p.certain(f) {
		return unknown
	}
	if format, ok := other.(pyeval.Str); ok && op == "%" && reversed {
		p.text(f, at, !takesText(string(format)))
		return unknown
	}
	if hasOperators(other) {
		return nil
	}
	switch e := at.(type) {
	case *ast.BinOp:
		left, right := pyeval.Value(p), other
		if reversed {
			left, right = other, p
		}
		b.operand(e.Left, left)
		b.operand(e.Right, right)
	case *ast.UnaryOp:
		b.operand(e.Operand, p)
	}
	code := b.promiseCode("promise-arithmetic")
	// A part that isn't known since it is rejected itself is told of with the
	// whole.
	parts := b.forget(f, at, code)
	remark := Remark{Span: span(at), Message: unknown.Reason, Code: code, Related: p.comesFrom(f), Rejects: true}
	if b.body.Entity.Kind == Dynamic {
		remark.Message = fmt.Sprintf("flytekit doesn't support %s with %s: %s", op, p.Describe(), b.notYet())
	}
	if unsure(other) && !parts {
		remark.Module = f.Module()
		b.body.Remarks = addRemark(b.body.Remarks, remark)
		return unknown
	}
	b.reject(f, remark)
	return unknown
}

// unsure tells whether a value may have operators of its own.
func unsure(value pyeval.Value) bool {
	switch value.(type) {
	case *pyeval.Unknown, *pyeval.Native, *pyeval.Class, *pyeval.EnumMember:
		return true
	}
	return false
}

// takesText tells whether a format of `format % value` takes any value, by its
// text.
func takesText(format string) bool {
	takes := false
	for {
		_, rest, found := strings.Cut(format, "%")
		if !found {
			return takes
		}
		rest = strings.TrimLeft(rest, "#0123456789-+ .")
		if rest == "" {
			return false
		}
		switch rest[0] {
		case '%':
		case 's', 'r', 'a':
			takes = true
		default:
			return false
		}
		format = rest[1:]
	}
}

// operand keeps the value of an expression that takes part in what flytekit
// rejects.
func (b *builder) operand(at ast.Expr, value pyeval.Value) {
	if b.body.Operands == nil {
		b.body.Operands = map[ast.Expr]pyeval.Value{}
	}
	b.body.Operands[at] = value
}

// hasOperators tells whether a value may have operators that take promises: an
// object of a class that isn't known to have none.
func hasOperators(value pyeval.Value) bool {
	instance, ok := value.(*pyeval.Instance)
	if !ok {
		return false
	}
	class, native := instance.Class.(*pyeval.Native)
	return !native || !strings.HasPrefix(class.Name, "datetime.")
}
