package pyeval

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// block evaluates statements until one leaves the block.
func (f *Frame) block(stmts []ast.Stmt) flow {
	for _, stmt := range stmts {
		if way := f.exec(stmt); way.kind != goesOn {
			return way
		}
	}
	return flow{}
}

// exec evaluates one statement.
func (f *Frame) exec(stmt ast.Stmt) flow {
	if !f.step() && f.function != nil {
		return flow{returns, gaveUp(nil)}
	}
	outer, top := f.stmt, f.ev.topStmt
	f.stmt = stmt
	if f.function == nil {
		f.ev.topStmt = stmt
	}
	way := f.statement(stmt)
	f.stmt, f.ev.topStmt = outer, top
	if f.ev.raised != nil && way.kind != raises {
		way = flow{raises, f.ev.raised}
	}
	if f.generator && way.kind == goesOn {
		way = flow{returns, &Unknown{Reason: "what a generator yields is only known when it runs"}}
	}
	return way
}

func (f *Frame) statement(stmt ast.Stmt) flow {
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		f.Eval(s.Value)
	case *ast.Assign:
		value := f.Eval(s.Value)
		for _, target := range s.Targets {
			f.assignAt(target, value, s.Value)
		}
	case *ast.AnnAssign:
		f.annAssign(s)
	case *ast.AugAssign:
		f.augAssign(s)
	case *ast.TypeAlias:
		f.typeAlias(s)
	case *ast.FunctionDef:
		f.functionDef(s)
	case *ast.ClassDef:
		f.classDef(s)
	case *ast.Return:
		var value Value = None{}
		if s.Value != nil {
			value = f.Eval(s.Value)
		}
		f.returned(s, value)
		return flow{returns, value}
	case *ast.Import:
		f.execImport(s)
	case *ast.ImportFrom:
		f.execImportFrom(s)
	case *ast.If:
		return f.execIf(s)
	case *ast.For:
		return f.execFor(s)
	case *ast.While:
		return f.execWhile(s)
	case *ast.Try:
		return f.execTry(s)
	case *ast.With:
		return f.execWith(s)
	case *ast.Match:
		return f.execMatch(s)
	case *ast.Delete:
		for _, target := range s.Targets {
			f.remove(target)
		}
	case *ast.Raise:
		return f.execRaise(s)
	case *ast.Assert:
		f.ev.mayRaise = true
		f.truthOf(s.Test)
	case *ast.Global:
		f.declare(s)
	case *ast.Break:
		return flow{kind: breaks}
	case *ast.Continue:
		return flow{kind: continues}
	}
	return flow{}
}

// assignAt gives a target a value that stands at an expression.
func (f *Frame) assignAt(target ast.Expr, value Value, at ast.Expr) {
	was := f.asking(at)
	f.assign(target, value)
	f.ev.asked = was
}

// assign gives a target its value.
func (f *Frame) assign(target ast.Expr, value Value) {
	if f.ev.raised != nil {
		return
	}
	switch t := target.(type) {
	case *ast.Name:
		if t.ID != "" {
			f.Bind(t.ID, value, t.Range.Span())
			if f.ev.watch != nil {
				f.ev.watch(f, t, value)
			}
		}
	case *ast.Attribute:
		object, was := f.Eval(t.Value), f.asking(t)
		f.SetAttr(object, t.Attr, value)
		f.ev.asked = was
	case *ast.Subscript:
		object, index := f.Eval(t.Value), f.Eval(t.Index)
		was := f.asking(t)
		f.setIndex(object, index, value)
		f.ev.asked = was
	case *ast.Starred:
		f.assign(t.Value, value)
	case *ast.Tuple:
		f.unpack(t.Elts, value)
	case *ast.List:
		f.unpack(t.Elts, value)
	}
}

// unpack assigns the elements of a value to targets.
func (f *Frame) unpack(targets []ast.Expr, value Value) {
	star := -1
	for i, target := range targets {
		if _, ok := target.(*ast.Starred); ok {
			star = i
		}
	}
	var values []Value
	known := false
	switch v := value.(type) {
	case Unpacker:
		values, known = v.Unpack(f, len(targets), star)
	default:
		values, known = f.Iterate(value)
	}
	if known && (star < 0 && len(values) != len(targets) || star >= 0 && len(values) < len(targets)-1) {
		f.fail("ValueError", "the number of values doesn't fit what they are unpacked to", nil)
		known = false
	}
	if !known {
		for _, target := range targets {
			f.assign(target, f.part(value, target))
		}
		return
	}
	if star < 0 {
		for i, target := range targets {
			f.assign(target, values[i])
		}
		return
	}
	after := len(targets) - star - 1
	for i, target := range targets[:star] {
		f.assign(target, values[i])
	}
	f.assign(targets[star], f.NewList(append([]Value(nil), values[star:len(values)-after]...)))
	for i, target := range targets[star+1:] {
		f.assign(target, values[len(values)-after+i])
	}
}

// part is an element of something of which the elements aren't known.
func (f *Frame) part(of Value, at ast.Expr) Value {
	if u, ok := of.(*Unknown); ok {
		return &Unknown{Reason: u.Reason, Expr: at}
	}
	return &Unknown{Reason: "the elements of " + of.Describe() + " aren't known", Expr: at}
}

func (f *Frame) annAssign(s *ast.AnnAssign) {
	var value Value
	if s.Value != nil {
		value = f.Eval(s.Value)
		f.assign(s.Target, value)
	}
	name, ok := s.Target.(*ast.Name)
	if !ok || f.scope.kind != classScope || name.ID == "" {
		return
	}
	annotation := Annotation{Name: name.ID, Expr: s.Annotation, Default: value, DefaultExpr: s.Value, In: f.scope}
	for i := range f.scope.annotations {
		if f.scope.annotations[i].Name == name.ID {
			f.scope.annotations[i] = annotation
			return
		}
	}
	f.scope.annotations = append(f.scope.annotations, annotation)
}

func (f *Frame) augAssign(s *ast.AugAssign) {
	var old Value
	switch target := s.Target.(type) {
	case *ast.Attribute:
		object := f.Eval(target.Value)
		f.SetAttr(object, target.Attr, f.augmented(f.Attr(object, target.Attr), s))
		return
	case *ast.Subscript:
		object, index := f.Eval(target.Value), f.Eval(target.Index)
		f.setIndex(object, index, f.augmented(f.Index(object, index), s))
		return
	default:
		old = f.Eval(s.Target)
	}
	f.assign(s.Target, f.augmented(old, s))
}

// augmented is what `old op= value` binds: lists, sets and dicts are changed in
// place.
func (f *Frame) augmented(old Value, s *ast.AugAssign) Value {
	value := f.Eval(s.Value)
	if f.ev.raised != nil {
		return value
	}
	was := f.asking(&ast.BinOp{Range: s.Range, Left: s.Target, Op: s.Op, Right: s.Value})
	value = f.augmentedBy(old, value, s)
	f.ev.asked = was
	return value
}

func (f *Frame) augmentedBy(old, value Value, s *ast.AugAssign) Value {
	switch old := old.(type) {
	case *Uncertain:
		return f.each(old, func(old Value) Value { return f.augmentedBy(old, value, s) })
	case *List:
		if s.Op == "+" {
			f.extend(old, value)
			return old
		}
	case *Set:
		if s.Op == "|" {
			f.addAll(old, value)
			return old
		}
	case *Dict:
		if s.Op == "|" {
			f.updateDict(old, value)
			return old
		}
	case *Instance:
		if method, ok := f.special(old, inPlaceMethods[s.Op]); ok {
			return f.CallValue(method, &Call{Func: method, Args: []Named{{Value: value, Expr: s.Value}}})
		}
	}
	return f.operate(old, s.Op, value, &ast.BinOp{Range: s.Range, Left: s.Target, Op: s.Op, Right: s.Value})
}

// typeAlias is `type Name[T] = value`. Python evaluates the value by need, when
// later names of the module are known: it is tried here, and once more when
// the module is done.
func (f *Frame) typeAlias(s *ast.TypeAlias) {
	if s.Name == nil || s.Name.ID == "" {
		return
	}
	scope, params := f.typeParams(s.TypeParams)
	alias := &TypeAliasValue{Name: s.Name.ID, Params: params}
	f.assign(s.Name, alias)
	at := f.At(scope)
	evaluate := func() {
		tries := at.ev.tries
		at.ev.tries = 0
		alias.Of = at.resolveRefs(at.Eval(s.Value))
		at.ev.tries = tries
	}
	if evaluate(); unknown(alias.Of) {
		f.ev.later = append(f.ev.later, evaluate)
	}
}

func (f *Frame) remove(target ast.Expr) {
	switch t := target.(type) {
	case *ast.Name:
		scope := f.scope
		if other, ok := scope.elsewhere[t.ID]; ok {
			scope = other
		}
		if _, ok := scope.Get(t.ID); !ok {
			if f.submodule(scope.Module, t.ID) != nil {
				return
			}
			f.fail("NameError", "the name "+t.ID+" isn't defined", t)
			return
		}
		scope.bind(f, Binding{Name: t.ID})
	case *ast.Attribute:
		f.SetAttr(f.Eval(t.Value), t.Attr, &Unknown{Reason: "the attribute " + t.Attr + " is deleted", Expr: t})
	case *ast.Subscript:
		object, index := f.Eval(t.Value), f.Eval(t.Index)
		was := f.asking(t)
		f.deleteIndex(object, index)
		f.ev.asked = was
	case *ast.Tuple:
		for _, elt := range t.Elts {
			f.remove(elt)
		}
	case *ast.List:
		for _, elt := range t.Elts {
			f.remove(elt)
		}
	}
}

// declare is `global` or `nonlocal`.
func (f *Frame) declare(s *ast.Global) {
	if f.scope.elsewhere == nil {
		f.scope.elsewhere = map[string]*Scope{}
	}
	for _, name := range s.Names {
		target := f.scope.global()
		if s.Nonlocal {
			target = nil
			for at := f.scope.Parent; at != nil; at = at.Parent {
				if at.kind == functionScope {
					if _, ok := at.Get(name); ok {
						target = at
						break
					}
				}
			}
		}
		if target != nil && target != f.scope {
			f.scope.elsewhere[name] = target
		}
	}
}

func (f *Frame) execRaise(s *ast.Raise) flow {
	var exception Value = &Unknown{Reason: "an exception is raised again"}
	if s.Exc != nil {
		exception = f.Eval(s.Exc)
	} else if f.caught != nil {
		exception = f.caught
	}
	if f.isClass(exception) {
		exception = &Instance{Class: exception, owned: f.own()}
	}
	if f.ev.tries == 0 && f.function == nil && f.ev.region == 0 {
		// The module can't be imported: the statements after it are read as if
		// it could.
		if f.module.fails == "" && f.scope == f.ev.module.Scope {
			f.module.fails = f.module.Name + " raises " + exception.Describe()
		}
		return flow{}
	}
	return flow{raises, exception}
}

// Unpacker is a value that is unpacked by a rule of its own, as flytekit's
// promises are: its values, false where they aren't known. star is the index
// of the target that takes the rest, -1 if there is none.
type Unpacker interface {
	Unpack(f *Frame, targets, star int) ([]Value, bool)
}
