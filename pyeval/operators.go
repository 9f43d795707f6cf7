package pyeval

import (
	"math/big"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// binOp evaluates a chain of operators from its leftmost operand, so that long
// sums don't nest.
func (f *Frame) binOp(e *ast.BinOp) Value {
	chain := []*ast.BinOp{e}
	for {
		left, ok := chain[len(chain)-1].Left.(*ast.BinOp)
		if !ok {
			break
		}
		chain = append(chain, left)
	}
	value := f.Eval(chain[len(chain)-1].Left)
	for i := len(chain) - 1; i >= 0; i-- {
		right := f.Eval(chain[i].Right)
		was := f.asking(chain[i])
		value = f.operate(value, chain[i].Op, right, chain[i])
		f.ev.asked = was
	}
	return value
}

// methods are the names of the methods that operators call, on the left
// operand and on the right one.
var (
	methods = map[string][2]string{
		"+": {"__add__", "__radd__"}, "-": {"__sub__", "__rsub__"}, "*": {"__mul__", "__rmul__"},
		"/": {"__truediv__", "__rtruediv__"}, "//": {"__floordiv__", "__rfloordiv__"}, "%": {"__mod__", "__rmod__"},
		"**": {"__pow__", "__rpow__"}, "@": {"__matmul__", "__rmatmul__"}, "&": {"__and__", "__rand__"},
		"|": {"__or__", "__ror__"}, "^": {"__xor__", "__rxor__"}, "<<": {"__lshift__", "__rlshift__"},
		">>": {"__rshift__", "__rrshift__"}, "==": {"__eq__", "__eq__"}, "!=": {"__ne__", "__ne__"},
		"<": {"__lt__", "__gt__"}, ">": {"__gt__", "__lt__"}, "<=": {"__le__", "__ge__"}, ">=": {"__ge__", "__le__"},
		"in": {"", "__contains__"},
	}
	inPlaceMethods = map[string]string{
		"+": "__iadd__", "-": "__isub__", "*": "__imul__", "/": "__itruediv__", "//": "__ifloordiv__",
		"%": "__imod__", "|": "__ior__", "&": "__iand__", "^": "__ixor__", "<<": "__ilshift__", ">>": "__irshift__",
	}
	unaryMethods = map[string]string{"-": "__neg__", "+": "__pos__", "~": "__invert__"}
)

// operate is `a op b`.
func (f *Frame) operate(a Value, op string, b Value, at ast.Expr) Value {
	if u, ok := a.(*Uncertain); ok {
		return f.each(u, func(a Value) Value { return f.operate(a, op, b, at) })
	}
	if u, ok := b.(*Uncertain); ok {
		return f.each(u, func(b Value) Value { return f.operate(a, op, b, at) })
	}
	if o, ok := a.(Operator); ok {
		if value := o.Operate(f, op, b, false, at); value != nil {
			return value
		}
	}
	if o, ok := b.(Operator); ok {
		if value := o.Operate(f, op, a, true, at); value != nil {
			return value
		}
	}
	if value := f.operateMethods(a, op, b); value != nil {
		return value
	}
	if op == "|" && (f.isType(a) || f.isType(b)) {
		if value := f.pipe(a, b); value != nil {
			return value
		}
	}
	if value := f.arithmetic(a, op, b); value != nil {
		return value
	}
	f.used(a, op, at)
	for _, operand := range []Value{a, b} {
		if u, ok := operand.(*Unknown); ok {
			f.ev.mayRaise = true
			return &Unknown{Reason: u.Reason, Expr: at}
		}
	}
	f.ev.mayRaise = true
	return &Unknown{Reason: "what " + a.Describe() + " " + op + " " + b.Describe() + " gives isn't known", Expr: at}
}

// operateMethods calls what classes of source define for an operator; nil if
// they don't.
func (f *Frame) operateMethods(a Value, op string, b Value) Value {
	names := methods[op]
	if instance, ok := a.(*Instance); ok {
		if method, ok := f.special(instance, names[0]); ok {
			return f.CallValue(method, &Call{Func: method, Args: []Named{{Value: b}}})
		}
	}
	if instance, ok := b.(*Instance); ok {
		if method, ok := f.special(instance, names[1]); ok {
			return f.CallValue(method, &Call{Func: method, Args: []Named{{Value: a}}})
		}
	}
	return nil
}

// arithmetic is the operator on builtin values; nil where it has no meaning
// for them that is known here.
func (f *Frame) arithmetic(a Value, op string, b Value) Value {
	if op == "%" {
		if format, ok := a.(Str); ok {
			return f.percent(string(format), b)
		}
	}
	switch x := a.(type) {
	case Str:
		if y, ok := b.(Str); ok && op == "+" && len(x)+len(y) <= maxText {
			return x + y
		}
	case Bytes:
		if y, ok := b.(Bytes); ok && op == "+" && len(x)+len(y) <= maxText {
			return x + y
		}
	case *List:
		if y, ok := b.(*List); ok && op == "+" && f.intact(x) && f.intact(y) && len(x.Elems)+len(y.Elems) <= maxElems {
			sum := &List{Elems: append([]Value(nil), x.Elems...), Open: x.Open || y.Open, owned: f.own()}
			if !x.Open {
				sum.Elems = append(sum.Elems, y.Elems...)
			}
			return sum
		}
	case *Tuple:
		if y, ok := b.(*Tuple); ok && op == "+" && len(x.Elems)+len(y.Elems) <= maxElems {
			return &Tuple{Elems: append(append([]Value(nil), x.Elems...), y.Elems...)}
		}
	case *Set:
		if y, ok := b.(*Set); ok && f.intact(x) && f.intact(y) {
			return f.setOperation(x, op, y)
		}
	case *Dict:
		if y, ok := b.(*Dict); ok && op == "|" {
			merged := &Dict{owned: f.own()}
			f.updateDict(merged, x)
			f.updateDict(merged, y)
			return merged
		}
	}
	if op == "*" {
		if value := f.repeat(a, b); value != nil {
			return value
		}
		if value := f.repeat(b, a); value != nil {
			return value
		}
	}
	if value := f.dates(a, op, b); value != nil {
		return value
	}
	if path, ok := a.(*Instance); ok && op == "/" && isNative(path.Class, "pathlib.Path") && !path.Open {
		return &Instance{Class: path.Class, Args: append(slices.Clip(path.Args), b), owned: f.own()}
	}
	return f.numbers(a, op, b)
}

// repeat is `sequence * n`.
func (f *Frame) repeat(sequence, times Value) Value {
	count, ok := integer(times)
	if !ok {
		return nil
	}
	n := 0
	if count.Sign() > 0 {
		if !count.IsInt64() || count.Int64() > maxText {
			return nil
		}
		n = int(count.Int64())
	}
	elems := func(values []Value) []Value {
		if n*len(values) > maxElems {
			return nil
		}
		repeated := make([]Value, 0, n*len(values))
		for range n {
			repeated = append(repeated, values...)
		}
		return repeated
	}
	switch s := sequence.(type) {
	case Str:
		if n*len(s) <= maxText {
			return Str(strings.Repeat(string(s), n))
		}
	case Bytes:
		if n*len(s) <= maxText {
			return Bytes(strings.Repeat(string(s), n))
		}
	case *List:
		if values := elems(s.Elems); values != nil && !s.Open && f.intact(s) {
			return &List{Elems: values, owned: f.own()}
		}
	case *Tuple:
		if values := elems(s.Elems); values != nil {
			return &Tuple{Elems: values}
		}
	}
	return nil
}

func (f *Frame) setOperation(x *Set, op string, y *Set) Value {
	if x.Open || y.Open {
		return nil
	}
	in := func(v Value, s *Set) (bool, bool) {
		for _, other := range s.Elems {
			if same, known := f.Equal(v, other); same && known {
				return true, true
			} else if !known {
				return false, false
			}
		}
		return false, true
	}
	result := &Set{Frozen: x.Frozen, owned: f.own()}
	keep := func(from, other *Set, when bool) bool {
		for _, v := range from.Elems {
			is, known := in(v, other)
			if !known {
				return false
			}
			if is == when {
				result.Elems = append(result.Elems, v)
			}
		}
		return true
	}
	ok := false
	switch op {
	case "|":
		result.Elems = append(result.Elems, x.Elems...)
		ok = keep(y, x, false)
	case "&":
		ok = keep(x, y, true)
	case "-":
		ok = keep(x, y, false)
	case "^":
		ok = keep(x, y, false) && keep(y, x, false)
	}
	if !ok {
		return nil
	}
	return result
}

func (f *Frame) unary(e *ast.UnaryOp) Value {
	value := f.Eval(e.Operand)
	was := f.asking(e.Operand)
	value = f.unaryValue(e.Op, value, e)
	f.ev.asked = was
	return value
}

func (f *Frame) unaryValue(op string, v Value, at ast.Expr) Value {
	if op == "not" {
		truth, known := f.Truth(v)
		if !known {
			return f.unknownFrom(v, "a condition", at)
		}
		return Bool(!truth)
	}
	switch v := v.(type) {
	case *Uncertain:
		return f.each(v, func(v Value) Value { return f.unaryValue(op, v, at) })
	case Operator:
		if value := v.Operate(f, op, nil, false, at); value != nil {
			return value
		}
	case *Instance:
		if method, ok := f.special(v, unaryMethods[op]); ok {
			return f.CallValue(method, &Call{Func: method})
		}
		if op == "-" {
			if value := f.dates(v, "*", NewInt(-1)); value != nil {
				return value
			}
		}
	case Float:
		switch op {
		case "-":
			return -v
		case "+":
			return v
		}
	}
	if n, ok := integer(v); ok {
		switch op {
		case "-":
			return Int{new(big.Int).Neg(n)}
		case "+":
			return Int{n}
		case "~":
			return Int{new(big.Int).Not(n)}
		}
	}
	return f.unknownFrom(v, "what "+op+" of "+v.Describe()+" gives", at)
}

// unknownFrom is unknown for the reason for which v is, if there is one.
func (f *Frame) unknownFrom(v Value, what string, at ast.Expr) Value {
	f.ev.mayRaise = true
	if u, ok := v.(*Unknown); ok {
		return &Unknown{Reason: u.Reason, Expr: at}
	}
	return &Unknown{Reason: what + " isn't known", Expr: at}
}
