package pyeval

import (
	"math"
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
		value = f.operate(value, chain[i].Op, f.Eval(chain[i].Right), chain[i])
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

// integer is the integer that an int or a bool is.
func integer(v Value) (*big.Int, bool) {
	switch n := v.(type) {
	case Int:
		return n.Int, true
	case Bool:
		if n {
			return smallInts[1].Int, true
		}
		return smallInts[0].Int, true
	case *EnumMember:
		if n.mixin() == "builtins.int" {
			return integer(n.Value)
		}
	}
	return nil, false
}

// number is a number as a float.
func number(v Value) (float64, bool) {
	if x, ok := v.(Float); ok {
		return float64(x), true
	}
	if n, ok := integer(v); ok {
		x, _ := new(big.Float).SetInt(n).Float64()
		return x, true
	}
	return 0, false
}

func (f *Frame) numbers(a Value, op string, b Value) Value {
	x, okX := integer(a)
	y, okY := integer(b)
	if okX && okY && op != "/" {
		value := f.integers(x, op, y)
		_, boolA := a.(Bool)
		_, boolB := b.(Bool)
		if n, ok := value.(Int); ok && boolA && boolB && (op == "&" || op == "|" || op == "^") {
			return Bool(n.Sign() != 0)
		}
		return value
	}
	p, okP := number(a)
	q, okQ := number(b)
	if !okP || !okQ {
		return nil
	}
	switch op {
	case "+":
		return Float(p + q)
	case "-":
		return Float(p - q)
	case "*":
		return Float(p * q)
	case "/", "//", "%":
		if q == 0 {
			return f.fail("ZeroDivisionError", "a division by zero", nil)
		}
		switch op {
		case "/":
			if okX && okY {
				quotient, _ := new(big.Rat).SetFrac(x, y).Float64()
				return Float(quotient)
			}
			return Float(p / q)
		case "%":
			return Float(floatMod(p, q))
		}
		return Float(math.Round((p - floatMod(p, q)) / q))
	case "**":
		if power := math.Pow(p, q); !math.IsNaN(power) && !math.IsInf(power, 0) {
			return Float(power)
		}
	}
	return nil
}

// floatMod is Python's %, which has the sign of the divisor.
func floatMod(p, q float64) float64 {
	mod := math.Mod(p, q)
	if mod != 0 && (mod < 0) != (q < 0) {
		mod += q
	}
	return mod
}

func (f *Frame) integers(x *big.Int, op string, y *big.Int) Value {
	result := new(big.Int)
	switch op {
	case "+":
		result.Add(x, y)
	case "-":
		result.Sub(x, y)
	case "*":
		if x.BitLen()+y.BitLen() > 4*maxDigits {
			return nil
		}
		result.Mul(x, y)
	case "//", "%":
		if y.Sign() == 0 {
			return f.fail("ZeroDivisionError", "a division by zero", nil)
		}
		mod := new(big.Int)
		result.QuoRem(x, y, mod)
		if mod.Sign() != 0 && mod.Sign() != y.Sign() {
			result.Sub(result, smallInts[1].Int)
			mod.Add(mod, y)
		}
		if op == "%" {
			result = mod
		}
	case "**":
		switch {
		case y.Sign() < 0:
			p, _ := number(Int{x})
			q, _ := number(Int{y})
			if p == 0 {
				return f.fail("ZeroDivisionError", "zero to a negative power", nil)
			}
			return Float(math.Pow(p, q))
		case !y.IsInt64() || int64(x.BitLen())*y.Int64() > 4*maxDigits:
			return nil
		}
		result.Exp(x, y, nil)
	case "<<", ">>":
		if !y.IsInt64() || y.Sign() < 0 || y.Int64() > 4*maxDigits {
			return nil
		}
		if op == "<<" {
			result.Lsh(x, uint(y.Int64()))
		} else {
			result.Rsh(x, uint(y.Int64()))
		}
	case "&":
		result.And(x, y)
	case "|":
		result.Or(x, y)
	case "^":
		result.Xor(x, y)
	default:
		return nil
	}
	return Int{result}
}

func (f *Frame) unary(e *ast.UnaryOp) Value {
	return f.unaryValue(e.Op, f.Eval(e.Operand), e)
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
		truth, known := f.Truth(value)
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
			truth, known = f.contains(b, a, at)
		} else {
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
