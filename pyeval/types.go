package pyeval

import (
	"slices"
	"strings"
	"unicode"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Annotation is what a type annotation stands for, quoted parts too. As
// typing.get_type_hints does, names in quotes, and all names where the module
// has `from __future__ import annotations`, are looked up in the module, and
// for a class body in its class first, but not in functions around it.
//
// Names are looked up as they are now: flytekit evaluates the annotations of a
// task when it is decorated.
func (f *Frame) Annotation(expr ast.Expr, in *Scope) Value {
	if expr == nil {
		return &Unknown{Reason: "there is no type annotation"}
	}
	at := f.At(in)
	if constant, ok := expr.(*ast.Constant); ok && constant.Kind == ast.StringConst {
		return at.forwardRef(&ForwardRef{Text: constant.Text, at: constant})
	}
	if in.Module.FutureAnnotations {
		at.scope = in.visible()
	}
	return at.resolveRefs(at.Eval(expr))
}

// FieldType is the type of an annotated name or a parameter.
func (f *Frame) FieldType(a Annotation) Value {
	if a.Type == nil {
		return f.Annotation(a.Expr, a.In)
	}
	if a.In != nil {
		return f.At(a.In).resolveRefs(a.Type)
	}
	return f.resolveRefs(a.Type)
}

// visible is the scope in which quoted annotations are evaluated.
func (s *Scope) visible() *Scope {
	at := s
	for at.Parent != nil && at.kind == functionScope {
		at = at.Parent
	}
	if at.kind == classScope && at.Parent != nil && at.Parent.kind != moduleScope {
		return &Scope{Module: at.Module, Parent: at.global(), kind: at.kind, list: at.list, index: at.index, by: at.by}
	}
	return at
}

// forwardRef is what a quoted annotation stands for.
func (f *Frame) forwardRef(ref *ForwardRef) Value {
	base := 0
	if ref.at != nil {
		base = ref.at.Inner.Start
	}
	expr, ok := parser.Expression(ref.Text, base)
	if !ok {
		return &Unknown{Reason: "the quoted annotation " + ref.Text + " is no expression", Expr: refExpr(ref)}
	}
	s := f.ev.session
	if s.nesting += 20; s.nesting > maxNesting {
		s.nesting -= 20
		return &Unknown{Reason: "the annotation " + ref.Text + " leads to itself", Expr: refExpr(ref)}
	}
	at := *f
	at.scope = f.scope.visible()
	value := at.resolveRefs(at.Eval(expr))
	s.nesting -= 20
	if text, ok := value.(Str); ok {
		return at.forwardRef(&ForwardRef{Text: string(text)})
	}
	return value
}

func newForwardRef(text string) *ForwardRef {
	return &ForwardRef{Text: text, Reason: "the quoted type " + text + " isn't looked up"}
}

func refExpr(ref *ForwardRef) ast.Expr {
	if ref.at == nil {
		return nil
	}
	return ref.at
}

// resolveRefs is a type with the quoted parts that are in it resolved.
func (f *Frame) resolveRefs(t Value) Value {
	switch t := t.(type) {
	case *ForwardRef:
		return f.forwardRef(t)
	case *Alias:
		if native, ok := t.Origin.(*Native); ok {
			switch native.Name {
			case "typing.Literal":
				return t
			case "typing.Annotated":
				if args, changed := f.resolveAll(t.Args[:1]); changed {
					return f.annotated(append(args, t.Args[1:]...), t.Spelled)
				}
				return t
			}
		}
		if args, changed := f.resolveAll(t.Args); changed {
			return &Alias{Origin: t.Origin, Args: args, Spelled: t.Spelled}
		}
	case *Union:
		if args, changed := f.resolveAll(t.Args); changed {
			return union(args, t.Pipe)
		}
	case *List:
		if args, changed := f.resolveAll(t.Elems); changed {
			return &List{Elems: args, Open: t.Open}
		}
	}
	return t
}

func (f *Frame) resolveAll(args []Value) (resolved []Value, changed bool) {
	for i, arg := range args {
		value := f.resolveRefs(arg)
		if !changed && value != arg && !Same(value, arg) {
			resolved, changed = slices.Clone(args), true
		}
		if changed {
			resolved[i] = value
		}
	}
	return resolved, changed
}

// union is Union[args...].
func union(args []Value, pipe bool) Value {
	var flat []Value
	add := func(arg Value) {
		if native, ok := arg.(*Native); ok && native.Name == "types.NoneType" {
			arg = None{}
		}
		if !slices.ContainsFunc(flat, func(other Value) bool { return Same(other, arg) }) {
			flat = append(flat, arg)
		}
	}
	for _, arg := range args {
		switch arg := arg.(type) {
		case *Union:
			for _, arg := range arg.Args {
				add(arg)
			}
		case Str:
			add(newForwardRef(string(arg)))
		default:
			add(arg)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return &Union{Args: flat, Pipe: pipe}
}

// pipe is `a | b` of types: types.UnionType of plain ones, typing.Union as soon
// as one is typing's. Nil if they are no types.
func (f *Frame) pipe(a, b Value) Value {
	plain := true
	for _, v := range []Value{a, b} {
		switch v := v.(type) {
		case None, *Unknown:
		case *Union:
			plain = plain && v.Pipe
		case *Alias:
			plain = plain && v.Spelled == nil
		case *TypeVar, *ForwardRef, *NewType, *TypeAliasValue:
			plain = false
		case Str:
			if !f.typings(a) && !f.typings(b) {
				return f.fail("TypeError", "a type and a string can't be joined by |", nil)
			}
			plain = false
		case *Native:
			if !f.isType(v) {
				return nil
			}
			plain = plain && !strings.HasPrefix(v.Name, "typing.")
		default:
			if !f.isType(v) {
				return nil
			}
		}
	}
	return union([]Value{a, b}, plain)
}

// typings tells whether a value is one of typing's objects, for which quoted
// types are allowed beside |.
func (f *Frame) typings(v Value) bool {
	switch v := v.(type) {
	case *Union:
		return !v.Pipe
	case *Alias:
		return v.Spelled != nil
	case *TypeVar, *ForwardRef:
		return true
	}
	return false
}

// isType tells whether a value is known to be a class or another type.
func (f *Frame) isType(v Value) bool {
	switch v := v.(type) {
	case *Class, *Alias, *Union, *NewType, *TypeVar, *TypeAliasValue, *NamedTuple, *ForwardRef:
		return true
	case *Native:
		return f.nativeClass(v)
	}
	return false
}

// isClass tells whether a value is a class that source defines, or a native
// that is named as one.
func (f *Frame) isClass(v Value) bool {
	switch v := v.(type) {
	case *Class, *NamedTuple:
		return true
	case *Native:
		return f.nativeClass(v)
	}
	return false
}

// nativeClass tells whether a native is a class: its behaviour says so, or its
// name is written as those of classes are.
func (f *Frame) nativeClass(n *Native) bool {
	if behaviour, ok := f.behaviour(n); ok && (behaviour.Class || behaviour.Call != nil || behaviour.Attr != nil) {
		return behaviour.Class
	}
	name := n.Name[strings.LastIndexByte(n.Name, '.')+1:]
	lower := false
	for i, r := range name {
		if i == 0 && !unicode.IsUpper(r) {
			return false
		}
		lower = lower || unicode.IsLower(r)
	}
	return lower
}

// generics are the classes that typing has another name for.
var generics = map[string]*Native{}

func init() {
	for names, module := range map[string]string{
		"List=list Dict=dict Set=set FrozenSet=frozenset Tuple=tuple Type=type":                         "builtins",
		"DefaultDict=defaultdict OrderedDict=OrderedDict Counter=Counter ChainMap=ChainMap Deque=deque": "collections",
		"Pattern=Pattern Match=Match": "re",
		"ContextManager=AbstractContextManager AsyncContextManager=AbstractAsyncContextManager": "contextlib",
		"Iterator Iterable Generator Sequence MutableSequence Mapping MutableMapping Callable Awaitable Coroutine " +
			"AsyncIterator AsyncIterable AsyncGenerator Collection Container Hashable Sized Reversible " +
			"AbstractSet=Set MutableSet KeysView ValuesView ItemsView MappingView ByteString": "collections.abc",
	} {
		for name := range strings.FieldsSeq(names) {
			name, origin, other := strings.Cut(name, "=")
			if !other {
				origin = name
			}
			generics["typing."+name] = &Native{Name: module + "." + origin}
		}
	}
}

// indexNative is `native[index]`.
func (f *Frame) indexNative(n *Native, index Value, at ast.Expr) Value {
	if behaviour, ok := f.behaviour(n); ok && behaviour.Index != nil {
		if value := behaviour.Index(f, index); value != nil {
			return value
		}
	}
	args := []Value{index}
	if tuple, ok := index.(*Tuple); ok {
		args = tuple.Elems
	}
	if origin, ok := generics[n.Name]; ok {
		return &Alias{Origin: origin, Args: typeArgs(args), Spelled: n}
	}
	switch n.Name {
	case "typing.Optional":
		return union([]Value{index, None{}}, false)
	case "typing.Union":
		return union(args, false)
	case "typing.Literal":
		return literal(n, args)
	case "typing.Annotated":
		return f.annotated(args, n)
	}
	if strings.HasPrefix(n.Name, "typing.") {
		return &Alias{Origin: n, Args: typeArgs(args), Spelled: n}
	}
	if strings.HasPrefix(n.Name, "builtins.") || strings.HasPrefix(n.Name, "collections.") {
		args = typeArgs(args)
	}
	if f.nativeClass(n) {
		return &Alias{Origin: n, Args: args}
	}
	return f.unknownFrom(n, "what "+n.Name+"[...] gives", at)
}

// typeArgs are the arguments of one of typing's generics: strings are types.
func typeArgs(args []Value) []Value {
	cloned := false
	for i, arg := range args {
		typed := arg
		switch arg := arg.(type) {
		case Str:
			typed = newForwardRef(string(arg))
		case *List: // the parameters of a Callable
			typed = &List{Elems: typeArgs(arg.Elems), Open: arg.Open}
		default:
			continue
		}
		if !cloned {
			args, cloned = slices.Clone(args), true
		}
		args[i] = typed
	}
	return args
}

// annotated is Annotated[args...], flattened.
func (f *Frame) annotated(args []Value, spelled Value) Value {
	if len(args) < 2 {
		return f.fail("TypeError", "Annotated needs a type and something to annotate it with", nil)
	}
	first := args[0]
	if text, ok := first.(Str); ok {
		first = newForwardRef(string(text))
	}
	all := []Value{first}
	if inner, ok := first.(*Alias); ok && isNative(inner.Origin, "typing.Annotated") {
		all = slices.Clone(inner.Args)
	}
	return &Alias{Origin: &Native{Name: "typing.Annotated"}, Args: append(all, args[1:]...), Spelled: spelled}
}

func isNative(v Value, name string) bool {
	n, ok := v.(*Native)
	return ok && n.Name == name
}

// literal is Literal[args...], flattened and without doubles.
func literal(n *Native, args []Value) Value {
	var flat []Value
	for _, arg := range args {
		values := []Value{arg}
		if inner, ok := arg.(*Alias); ok && isNative(inner.Origin, "typing.Literal") {
			values = inner.Args
		}
		for _, v := range values {
			if !slices.ContainsFunc(flat, func(other Value) bool { return Same(other, v) }) {
				flat = append(flat, v)
			}
		}
	}
	return &Alias{Origin: n, Args: flat, Spelled: n}
}

// TypeParams are the type variables in a type, in the order in which they
// appear first.
func TypeParams(t Value) []Value {
	var params []Value
	var walk func(t Value)
	walk = func(t Value) {
		switch t := t.(type) {
		case *TypeVar:
			if !slices.Contains(params, Value(t)) {
				params = append(params, t)
			}
		case *Alias:
			for _, arg := range t.Args {
				walk(arg)
			}
		case *Union:
			for _, arg := range t.Args {
				walk(arg)
			}
		case *List: // of Callable[[...], ...]
			for _, arg := range t.Elems {
				walk(arg)
			}
		}
	}
	walk(t)
	return params
}

// Substitute is a type with arguments in place of its type variables.
func Substitute(t Value, params, args []Value) Value {
	all := func(types []Value) []Value {
		replaced := make([]Value, len(types))
		for i, t := range types {
			replaced[i] = Substitute(t, params, args)
		}
		return replaced
	}
	switch t := t.(type) {
	case *TypeVar:
		if i := slices.Index(params, Value(t)); i >= 0 && i < len(args) {
			return args[i]
		}
	case *Alias:
		return &Alias{Origin: t.Origin, Args: all(t.Args), Spelled: t.Spelled}
	case *Union:
		return union(all(t.Args), t.Pipe)
	case *List:
		return &List{Elems: all(t.Elems), Open: t.Open}
	}
	return t
}

// With is what the alias stands for, with arguments in place of its parameters.
func (a *TypeAliasValue) With(args []Value) Value { return Substitute(a.Of, a.Params, args) }

// typeParams makes the scope of the type parameters of `[T, *Ts, **P]`; the
// frame's own if there are none.
func (f *Frame) typeParams(params []ast.TypeParam) (*Scope, []Value) {
	if len(params) == 0 {
		return f.scope, nil
	}
	scope := &Scope{Module: f.module, Parent: f.scope, kind: innerScope, by: f.ev}
	at := *f
	at.scope = scope
	var values []Value
	for i := range params {
		p := &params[i]
		if p.Name == nil {
			continue
		}
		v := &TypeVar{Name: p.Name.ID, Kind: "TypeVar"}
		if p.Bound != nil {
			if tuple, ok := p.Bound.(*ast.Tuple); ok {
				v.Constraints, _ = at.elements(tuple.Elts)
			} else {
				v.Bound = at.Eval(p.Bound)
			}
		}
		values = append(values, v)
		at.assign(p.Name, v)
	}
	return scope, values
}
