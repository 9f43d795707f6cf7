package pyeval

import (
	"math"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// compare is `a < b < c`.
func (f *Frame) compare(e *ast.Compare) Value {
	left := f.Eval(e.Left)
	var result Value
	for i, op := range e.Ops {
		if i >= len(e.Comparators) {
			break
		}
		right := f.Eval(e.Comparators[i])
		value := f.compared(left, op, right, e)
		if i == len(e.Ops)-1 {
			if result != nil {
				return joinMaybe(result, value)
			}
			return value
		}
		truth, known := f.truthAt(value, e)
		if known && !truth {
			return joinMaybe(result, value)
		}
		if !known {
			result = joinMaybe(result, value)
		}
		left = right
	}
	return result
}

func (f *Frame) compared(a Value, op string, b Value, at ast.Expr) Value {
	if op == "not in" || op == "is not" || op == "in" || op == "is" {
		var truth, known bool
		if strings.HasSuffix(op, "in") {
			truth, known = f.contained(a, b, at)
		} else {
			f.used(a, AsIdentity, at)
			f.used(b, AsIdentity, at)
			truth, known = f.identical(a, b)
		}
		if !known {
			return f.unknownFrom(a, "whether it is the same or in it", at)
		}
		return Bool(truth != strings.Contains(op, "not"))
	}
	if u, ok := a.(*Uncertain); ok {
		return f.each(u, func(a Value) Value { return f.compared(a, op, b, at) })
	}
	if u, ok := b.(*Uncertain); ok {
		return f.each(u, func(b Value) Value { return f.compared(a, op, b, at) })
	}
	if o, ok := a.(Operator); ok {
		if value := o.Operate(f, op, b, false, at); value != nil {
			return value
		}
	}
	if o, ok := b.(Operator); ok {
		if value := o.Operate(f, mirrored[op], a, true, at); value != nil {
			return value
		}
	}
	if value := f.operateMethods(a, op, b); value != nil {
		return value
	}
	if op == "==" || op == "!=" {
		if same, known := f.Equal(a, b); known {
			return Bool(same == (op == "=="))
		}
	} else if order, known := f.order(a, b); known {
		switch op {
		case "<":
			return Bool(order < 0)
		case "<=":
			return Bool(order <= 0)
		case ">":
			return Bool(order > 0)
		case ">=":
			return Bool(order >= 0)
		}
	}
	if u, ok := b.(*Unknown); ok {
		return f.unknownFrom(u, "", at)
	}
	return f.unknownFrom(a, "how they compare", at)
}

// asTuple is the tuple that a named tuple is; other values are themselves.
func (f *Frame) asTuple(v Value) Value {
	if i, ok := v.(*Instance); ok {
		if values, ok := f.tupleFields(i); ok {
			return &Tuple{Elems: values}
		}
	}
	return v
}

// mirrored is the operator when its operands change places.
var mirrored = map[string]string{"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}

// order compares values that have an order: negative, zero or positive.
func (f *Frame) order(a, b Value) (order int, known bool) {
	a, b = f.asTuple(a), f.asTuple(b)
	if order, known := compareDates(a, b); known {
		return order, true
	}
	if x, ok := integer(a); ok {
		if y, ok := integer(b); ok {
			return x.Cmp(y), true
		}
	}
	if x, ok := number(a); ok {
		if y, ok := number(b); ok && !math.IsNaN(x) && !math.IsNaN(y) {
			switch {
			case x < y:
				return -1, true
			case x > y:
				return 1, true
			}
			return 0, true
		}
		return 0, false
	}
	if x, ok := text(a); ok {
		if y, ok := text(b); ok {
			return strings.Compare(x, y), true
		}
		return 0, false
	}
	var xs, ys []Value
	switch x := a.(type) {
	case Bytes:
		y, ok := b.(Bytes)
		return strings.Compare(string(x), string(y)), ok
	case *Tuple:
		y, ok := b.(*Tuple)
		if !ok {
			return 0, false
		}
		xs, ys = x.Elems, y.Elems
	case *List:
		y, ok := b.(*List)
		if !ok || x.Open || y.Open || !f.intact(x) || !f.intact(y) {
			return 0, false
		}
		xs, ys = x.Elems, y.Elems
	default:
		return 0, false
	}
	for i := range min(len(xs), len(ys)) {
		same, known := f.Equal(xs[i], ys[i])
		if !known {
			return 0, false
		}
		if !same {
			return f.order(xs[i], ys[i])
		}
	}
	return len(xs) - len(ys), true
}

// text is the string that a str, or a member of an enum of strings, is.
func text(v Value) (string, bool) {
	switch s := v.(type) {
	case Str:
		return string(s), true
	case *EnumMember:
		if s.mixin() == "builtins.str" {
			return text(s.Value)
		}
	}
	return "", false
}
