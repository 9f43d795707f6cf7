package pyeval

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Eval is the value of an expression. It is never nil.
func (f *Frame) Eval(expr ast.Expr) Value {
	if expr == nil {
		return &Unknown{Reason: "something is missing here"}
	}
	if !f.step() {
		return gaveUp(expr)
	}
	var value Value
	switch e := expr.(type) {
	case *ast.Name:
		value = f.lookup(f.scope, e.ID, e)
	case *ast.Constant:
		value = f.constant(e)
	default:
		s := f.ev.session
		if s.nesting++; s.nesting > maxNesting {
			s.nesting--
			return &Unknown{Reason: "it is nested too deep", Expr: expr}
		}
		value = f.eval(expr)
		s.nesting--
		if value == nil {
			value = &Unknown{Reason: "it can't be told from the source", Expr: expr}
		}
	}
	if f.ev.watch != nil {
		f.ev.watch(f, expr, value)
	}
	return value
}

func (f *Frame) eval(expr ast.Expr) Value {
	switch e := expr.(type) {
	case *ast.Attribute:
		return f.attribute(e)
	case *ast.Call:
		return f.evalCall(e)
	case *ast.Subscript:
		return f.subscript(e)
	case *ast.BinOp:
		return f.binOp(e)
	case *ast.List:
		elems, open := f.elements(e.Elts)
		return &List{Elems: elems, Open: open, owned: f.own()}
	case *ast.Tuple:
		elems, open := f.elements(e.Elts)
		if open {
			return &Unknown{Reason: "the elements of the tuple aren't known", Expr: e}
		}
		return &Tuple{Elems: elems}
	case *ast.Set:
		elems, open := f.elements(e.Elts)
		set := &Set{Open: open, owned: f.own()}
		for _, elem := range elems {
			f.addTo(set, elem)
		}
		return set
	case *ast.Dict:
		return f.dict(e)
	case *ast.JoinedStr:
		return f.joinedStr(e)
	case *ast.UnaryOp:
		return f.unary(e)
	case *ast.BoolOp:
		return f.boolOp(e)
	case *ast.Compare:
		return f.compare(e)
	case *ast.IfExp:
		return f.ifExp(e)
	case *ast.Lambda:
		return f.lambda(e)
	case *ast.Comprehension:
		return f.comprehension(e)
	case *ast.NamedExpr:
		value := f.Eval(e.Value)
		at := *f
		for at.scope.kind == innerScope && at.scope.Parent != nil {
			at.scope = at.scope.Parent
		}
		at.assign(e.Target, value)
		return value
	case *ast.Await:
		return f.Eval(e.Value)
	case *ast.Yield:
		f.generator = true
		return &Unknown{Reason: "what is sent to a generator is only known when it runs", Expr: e}
	case *ast.Starred:
		return f.Eval(e.Value)
	case *ast.Slice:
		return f.slice(e)
	}
	return &Unknown{Reason: "it can't be read", Expr: expr}
}

func (f *Frame) slice(e *ast.Slice) Value {
	part := func(expr ast.Expr) Value {
		if expr == nil {
			return None{}
		}
		return f.Eval(expr)
	}
	return &slice{part(e.Lower), part(e.Upper), part(e.Step)}
}

// slice is what `lower:upper:step` makes.
type slice struct{ lower, upper, step Value }

func (*slice) Describe() string { return "a slice" }

// smallInts are the integers that need no memory of their own.
var smallInts = func() (ints [257]Int) {
	for i := range ints {
		ints[i] = Int{big.NewInt(int64(i))}
	}
	return ints
}()

// NewInt is an integer.
func NewInt(n int64) Int {
	if n >= 0 && n < int64(len(smallInts)) {
		return smallInts[n]
	}
	return Int{big.NewInt(n)}
}

func (f *Frame) constant(c *ast.Constant) Value {
	switch c.Kind {
	case ast.NoneConst:
		return None{}
	case ast.TrueConst:
		return Bool(true)
	case ast.FalseConst:
		return Bool(false)
	case ast.EllipsisConst:
		return Ellipsis{}
	case ast.StringConst:
		return Str(c.Text)
	case ast.BytesConst:
		return Bytes(c.Text)
	case ast.IntConst:
		if value, ok := parseInt(c.Text); ok {
			return value
		}
	case ast.FloatConst:
		if value, err := strconv.ParseFloat(strings.ReplaceAll(c.Text, "_", ""), 64); err == nil || value != 0 {
			return Float(value)
		}
	}
	return &Unknown{Reason: "a complex number", Expr: c}
}

// parseInt reads an integer as Python writes it in source.
func parseInt(text string) (Int, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && (text[0] != '0' || len(text) == 1) {
		return NewInt(n), true
	}
	text = strings.ReplaceAll(text, "_", "")
	base := 10
	if len(text) > 2 && text[0] == '0' {
		switch text[1] {
		case 'x', 'X':
			base = 16
		case 'o', 'O':
			base = 8
		case 'b', 'B':
			base = 2
		}
		if base != 10 {
			text = text[2:]
		}
	}
	if len(text) > maxDigits {
		return Int{}, false
	}
	n, ok := new(big.Int).SetString(text, base)
	return Int{n}, ok
}

// maxDigits is the number of digits up to which integers are looked into.
const maxDigits = 4300

// elements are the values of expressions, with what `*x` unpacks; open says
// that there are others, which aren't known: the ones that are come first.
func (f *Frame) elements(exprs []ast.Expr) (values []Value, open bool) {
	values = make([]Value, 0, len(exprs))
	for _, expr := range exprs {
		starred, ok := expr.(*ast.Starred)
		if !ok {
			value := f.Eval(expr)
			if !open {
				values = append(values, value)
			}
			continue
		}
		unpacked, known := f.iterateAt(f.Eval(starred.Value), starred.Value)
		if !open {
			values = append(values, unpacked...)
		}
		open = open || !known
	}
	return values, open
}

func (f *Frame) dict(e *ast.Dict) Value {
	dict := &Dict{Items: make([]Item, 0, len(e.Values)), owned: f.own()}
	for i, expr := range e.Values {
		if i >= len(e.Keys) || e.Keys[i] == nil {
			value := f.Eval(expr)
			if _, object := value.(*Instance); !object && !isDict(value) && certain(value) {
				return f.fail("TypeError", value.Describe()+" is no mapping", expr)
			}
			was := f.asking(expr)
			f.updateDict(dict, value)
			f.ev.asked = was
			continue
		}
		key := f.Eval(e.Keys[i])
		f.setItem(dict, key, f.Eval(expr))
	}
	return dict
}

func isDict(v Value) bool {
	_, is := v.(*Dict)
	return is
}

func (f *Frame) attribute(e *ast.Attribute) Value {
	value := f.Eval(e.Value)
	was := f.asking(e)
	attr := f.attrAt(value, e.Attr, e)
	f.ev.asked = was
	return attr
}

func (f *Frame) subscript(e *ast.Subscript) Value {
	value := f.Eval(e.Value)
	index := f.Eval(e.Index)
	was := f.asking(e)
	part := f.indexAt(value, index, e)
	f.ev.asked = was
	return part
}

func (f *Frame) ifExp(e *ast.IfExp) Value {
	truth, known, _ := f.truthOf(e.Test)
	if known {
		if truth {
			return f.Eval(e.Body)
		}
		return f.Eval(e.Orelse)
	}
	return f.eitherValue(e.Body, e.Orelse)
}

// eitherValue is the value of one of several expressions, and the source
// doesn't tell which is evaluated.
func (f *Frame) eitherValue(exprs ...ast.Expr) Value {
	var joined Value
	f.eitherPart(len(exprs), func(i int) {
		if value := f.Eval(exprs[i]); joined == nil {
			joined = value
		} else {
			joined = Join(joined, value)
		}
	})
	return joined
}

// eitherPart evaluates one of n parts of an expression, and the source doesn't
// tell which.
func (f *Frame) eitherPart(n int, part func(i int)) {
	blocks := make([]func() flow, n)
	for i := range blocks {
		blocks[i] = func() flow {
			part(i)
			if f.ev.raised != nil {
				return flow{raises, f.ev.raised}
			}
			return flow{}
		}
	}
	if way := f.either(blocks...); way.kind == raises {
		f.ev.raised = way.value
	}
}

func (f *Frame) boolOp(e *ast.BoolOp) Value {
	var joined Value
	for i, expr := range e.Values {
		var value Value
		if joined == nil {
			value = f.Eval(expr)
		} else {
			f.eitherPart(2, func(part int) {
				if part == 0 {
					value = f.Eval(expr)
				}
			})
		}
		if i == len(e.Values)-1 {
			return joinMaybe(joined, value)
		}
		truth, known := f.truthAt(value, expr)
		if known && truth == (e.Op == "or") {
			return joinMaybe(joined, value)
		}
		if !known {
			joined = joinMaybe(joined, falsy(value, e.Op == "and"))
		}
	}
	return joined
}

// falsy is what is left of a value that decides over `and` (or, with false,
// `or`).
func falsy(value Value, and bool) Value {
	if u, ok := value.(*Unknown); ok {
		return u
	}
	if u, ok := value.(*Uncertain); ok {
		var left Value
		for _, v := range u.Values {
			if truth, known := constTruth(v); !known || truth != and {
				left = joinMaybe(left, v)
			}
		}
		return left
	}
	return value
}

func joinMaybe(a, b Value) Value {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return Join(a, b)
}

// Join is one of two values, and the source doesn't tell which.
func Join(a, b Value) Value {
	if Same(a, b) {
		return a
	}
	var values []Value
	add := func(v Value) {
		for _, other := range values {
			if Same(v, other) {
				return
			}
		}
		values = append(values, v)
	}
	for _, v := range []Value{a, b} {
		if u, ok := v.(*Uncertain); ok {
			for _, v := range u.Values {
				add(v)
			}
		} else {
			add(v)
		}
	}
	if len(values) == 1 {
		return values[0]
	}
	if len(values) > maxJoined {
		return &Unknown{Reason: "it may be one of many values"}
	}
	return &Uncertain{values}
}

// each applies a function to each alternative of a value that may be one of
// several.
func (f *Frame) each(u *Uncertain, apply func(Value) Value) Value {
	var joined Value
	f.eitherPart(len(u.Values), func(i int) {
		joined = joinMaybe(joined, apply(u.Values[i]))
	})
	if joined == nil {
		return &Unknown{Reason: "it may be one of several values"}
	}
	return joined
}

func (f *Frame) lambda(e *ast.Lambda) Value {
	fn := &Function{Name: "<lambda>", Qualname: f.qualname("<lambda>"), Module: f.module, Lambda: e, In: f.scope, owned: f.own()}
	fn.Defaults = f.defaults(&e.Params)
	f.define(fn)
	return fn
}

func (f *Frame) comprehension(e *ast.Comprehension) Value {
	if len(e.Generators) == 0 {
		return nil
	}
	inner := &Scope{Module: f.module, Parent: f.scope, kind: innerScope, by: f.ev}
	at := *f
	at.scope, at.pending = inner, nil
	var result Value
	var add func()
	switch e.Kind {
	case ast.DictComp:
		dict := &Dict{owned: f.own()}
		result, add = dict, func() {
			key := at.Eval(e.Key)
			f.setItem(dict, key, at.Eval(e.Elt))
		}
	case ast.SetComp:
		set := &Set{owned: f.own()}
		result, add = set, func() { f.addTo(set, at.Eval(e.Elt)) }
	default:
		list := &List{owned: f.own()}
		result, add = list, func() { f.appendTo(list, at.Eval(e.Elt)) }
	}
	iterate := f.Iterate
	if e.Kind == ast.SetComp {
		iterate = f.unordered
	}
	first := f.Eval(e.Generators[0].Iter)
	if e.Kind == ast.GeneratorExp {
		return f.later(result.(*List), func() { at.generate(e.Generators, first, iterate, add) })
	}
	at.generate(e.Generators, first, iterate, add)
	return result
}

// generator is an iterator, e.g. a generator expression. Its elements are given
// once.
type generator struct {
	list *List
	used bool
	// fill evaluates the elements; nil if they are.
	fill func()
	owned
}

// later is an iterator over a list that is filled when it is first asked for
// elements. Outside of a body nothing tells when that was.
func (f *Frame) later(list *List, fill func()) *generator {
	if f.Context == nil {
		fill()
		fill = nil
	}
	return &generator{list: list, fill: fill, owned: f.own()}
}

// evaluated has the elements of an iterator evaluated.
func (g *generator) evaluated() {
	if fill := g.fill; fill != nil {
		g.fill = nil
		fill()
	}
}

// interleaved has the elements of an iterator evaluated for one who doesn't take
// them all at once.
func (f *Frame) interleaved(value Value) Value {
	if g, ok := value.(*generator); ok && g.fill != nil {
		if watcher, ok := f.Context.(Watcher); ok {
			watcher.OutOfOrder(f, g.evaluated)
		} else {
			g.evaluated()
		}
	}
	return value
}

func (*generator) Describe() string { return "a generator" }

// generate runs through `for x in y if z ...`, where y is iterable.
func (f *Frame) generate(generators []ast.Generator, iterable Value, iterate func(Value) ([]Value, bool), add func()) {
	g := &generators[0]
	body := func() {
		for _, test := range g.Ifs {
			truth, known, _ := f.truthOf(test)
			if known && !truth {
				return
			}
			if !known {
				defer f.branch(false)()
			}
		}
		if rest := generators[1:]; len(rest) > 0 {
			f.generate(rest, f.Eval(rest[0].Iter), iterate, add)
			return
		}
		add()
	}
	was := f.asking(g.Iter)
	values, known := iterate(f.interleaved(iterable))
	f.ev.asked = was
	if !known || len(values) > maxElems {
		end := f.branch(true)
		f.assign(g.Target, f.part(iterable, g.Target))
		body()
		end()
		return
	}
	for _, value := range values {
		if f.ev.steps <= 0 || f.ev.raised != nil {
			end := f.branch(true)
			add()
			end()
			return
		}
		f.assign(g.Target, value)
		body()
	}
}
