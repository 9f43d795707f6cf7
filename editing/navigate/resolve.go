package navigate

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/scope"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// found is what stands at an offset.
type found struct {
	thing *Thing
	place Place
}

func (r *reader) place(span parser.Span, kind PlaceKind) Place {
	return Place{Path: r.path, Source: r.source, Span: span, Kind: kind}
}

func (r *reader) general(span parser.Span, kind PlaceKind) Place {
	place := r.place(span, kind)
	place.General = true
	return place
}

// at tells which thing is named at an offset; nil if it is none.
func (r *reader) at(offset int) *found {
	nodes := r.nodes(offset)
	if len(nodes) == 0 {
		return nil
	}
	switch n := nodes[len(nodes)-1].(type) {
	case *ast.Name:
		return r.name(n, nodes)
	case *ast.Attribute:
		if n.Attr != "" && n.AttrSpan.Contains(offset) {
			return r.dotted(n, nodes)
		}
	case *ast.Call:
		for _, keyword := range n.Keywords {
			if keyword.Arg != "" && keyword.ArgSpan.Contains(offset) {
				return r.keyword(n, keyword.Arg, keyword.ArgSpan)
			}
		}
	case *ast.Constant:
		if n.Kind != ast.StringConst {
			return nil
		}
		if told := r.docstring(n, nodes, offset); told != nil {
			return told
		}
		if n.Inner.End > n.Inner.Start && n.Inner.Contains(offset) {
			return r.str(n, nodes)
		}
	case *ast.Import, *ast.ImportFrom:
		return r.importAt(offset)
	}
	return nil
}

// name is what a name of Python means.
func (r *reader) name(n *ast.Name, nodes []ast.Node) *found {
	v := r.scopes().Names(n)
	if v == nil {
		return nil
	}
	use := useAt(v, n.Span())
	if use == nil {
		return nil
	}
	kind := Use
	if use.Binds {
		kind = Write
	} else if called(n, nodes) {
		kind = Call
	}
	switch {
	case v.Scope.Kind == scope.Module:
		return r.entityNamed(v, n.Span(), kind)
	case v.Scope.Kind == scope.Class:
		return r.classMember(v, n.Span(), kind)
	case v.Scope.Kind != scope.Function:
		return nil
	}
	if only := onlyImport(v); only != nil {
		e, ok := model.EntityOf(r.imported(only))
		if !ok {
			return nil
		}
		place := r.general(n.Span(), kind)
		place.Alias = n.ID != baseName(e.Name)
		return &found{entityThing(e), place}
	}
	return r.parameter(v, n, kind)
}

func useAt(v *scope.Variable, span parser.Span) *scope.Use {
	for i := range v.Uses {
		if v.Uses[i].Span == span {
			return &v.Uses[i]
		}
	}
	return nil
}

// called tells whether an expression is what a call calls.
func called(expr ast.Expr, nodes []ast.Node) bool {
	if len(nodes) < 2 {
		return false
	}
	call, ok := nodes[len(nodes)-2].(*ast.Call)
	return ok && call.Func == expr
}

// entityNamed is the entity that a name of the module stands for: one that the
// name is bound to by its definition or by an import.
func (r *reader) entityNamed(v *scope.Variable, span parser.Span, kind PlaceKind) *found {
	e, ok := model.EntityOf(r.named(v))
	if !ok {
		// An entity below a decorator that isn't known.
		if e = r.module.Entity(v.Name); e == nil {
			return nil
		}
	}
	if e.Path == r.path && e.Name != v.Name && onlyImport(v) == nil {
		return nil // a second name
	}
	if e.Path != r.path && onlyImport(v) == nil && (v.Bound() || e.Name != v.Name) {
		return nil
	}
	place := r.general(span, kind)
	place.Alias = v.Name != baseName(e.Name)
	if kind == Write && e.Path == r.path {
		place.Kind = Declaration
	}
	return &found{entityThing(e), place}
}

// classMember is an entity or a field of a NamedTuple that the body of a class
// binds.
func (r *reader) classMember(v *scope.Variable, span parser.Span, kind PlaceKind) *found {
	def, ok := v.Scope.Node.(*ast.ClassDef)
	if !ok || def.Name == nil {
		return nil
	}
	if kind == Write {
		kind = Declaration
	}
	if class, ok := r.value(def.Name).(*pyeval.Class); ok && class.Def == def {
		if t := fieldThing(class, v.Name); t != nil {
			return &found{r.owned(t), r.general(span, kind)}
		}
		if e, ok := r.classEntity(class, v.Name); ok {
			return &found{entityThing(e), r.general(span, kind)}
		}
	}
	return nil
}

// classEntity is the entity that a class has as an attribute.
func (r *reader) classEntity(class *pyeval.Class, name string) (*model.Entity, bool) {
	binding, ok := class.Scope.Get(name)
	if !ok {
		return nil, false
	}
	e, ok := model.EntityOf(r.module.Resolve(binding.Value))
	if !ok || e.Name != class.Qualname+"."+name {
		return nil, false
	}
	return e, true
}

// owned gives a field of a NamedTuple one of the entities in the file that return
// it.
func (r *reader) owned(t *Thing) *Thing {
	for _, e := range r.module.Entities {
		if tuple := tupleOf(rootOf(e)); tuple != nil {
			if field := fieldThing(tuple, t.Name); field != nil && field.Key == t.Key {
				t.Entity = rootOf(e)
				break
			}
		}
	}
	return t
}

// parameter is the input that a variable of a function is.
func (r *reader) parameter(v *scope.Variable, n *ast.Name, kind PlaceKind) *found {
	def, ok := v.Scope.Node.(*ast.FunctionDef)
	if !ok {
		return nil
	}
	declared := parameter(def, v.Name)
	if declared == nil {
		return nil
	}
	fn := &pyeval.Function{}
	var owner *model.Entity
	for _, e := range r.module.Entities {
		if of := functionOf(e); of != nil && of.Def == def && rootOf(e) == e {
			fn, owner = of, e
			break
		}
	}
	if owner == nil || owner.Input(v.Name) == nil {
		return nil
	}
	if n == declared {
		kind = Declaration
	}
	t := inputThing(owner, v.Name)
	t.function, t.Key = fn, parameterKey(fn, v.Name)
	return &found{t, r.general(n.Span(), kind)}
}

// dotted is what an attribute means: an entity of a module or a class, an output
// of a promise.
func (r *reader) dotted(n *ast.Attribute, nodes []ast.Node) *found {
	kind := Use
	if called(n, nodes) {
		kind = Call
	}
	base := r.value(n.Value)
	switch b := base.(type) {
	case *pyeval.ModuleRef:
		if e, ok := model.EntityOf(r.attribute(b, n.Attr)); ok {
			place := r.general(n.AttrSpan, kind)
			place.Alias = n.Attr != baseName(e.Name)
			return &found{entityThing(e), place}
		}
		return nil
	case *pyeval.Class:
		if e, ok := r.classEntity(b, n.Attr); ok {
			return &found{entityThing(e), r.general(n.AttrSpan, kind)}
		}
		return nil
	case *pyeval.Instance:
		if t := fieldThing(b.Class, n.Attr); t != nil {
			return &found{r.owned(t), r.general(n.AttrSpan, Attribute)}
		}
	case *model.Outputs:
		return r.outputOf(b.Promises[0].Node, n.Attr, r.place(n.AttrSpan, Attribute))
	}
	if p, ok := r.value(n).(*model.Promise); ok && p.Node != nil && p.Var == n.Attr && len(p.Path) == 0 {
		return r.outputOf(p.Node, n.Attr, r.place(n.AttrSpan, Attribute))
	}
	// The result of a run, in code that isn't compiled.
	if e := r.resultOf(n.Value, 0); e != nil {
		return r.outputOf(&model.Node{Entity: e}, n.Attr, r.place(n.AttrSpan, Attribute))
	}
	return nil
}

func (r *reader) outputOf(node *model.Node, name string, place Place) *found {
	if node == nil || node.Entity == nil {
		return nil
	}
	t := outputThing(node.Entity, name)
	if t == nil {
		return nil
	}
	// A class is known as what a function returns, of which the decorator keeps the
	// type.
	if _, class := t.tuple.(*pyeval.Class); class {
		switch node.Entity.Kind {
		case model.Task, model.Workflow, model.Dynamic:
			place.General = true
		}
	}
	return &found{t, place}
}

// resultOf is the entity whose call gives an expression's value: the call itself,
// or a name that is assigned to once; nil if there is none.
func (r *reader) resultOf(expr ast.Expr, depth int) *model.Entity {
	const deepest = 8 // a = b; b = c; ...
	switch e := expr.(type) {
	case *ast.Call:
		called, _ := model.EntityOf(r.value(e.Func))
		return called
	case *ast.Await:
		return r.resultOf(e.Value, depth)
	case *ast.Name:
		v := r.scopes().Names(e)
		if v == nil || depth > deepest {
			return nil
		}
		var bound *scope.Use
		for i := range v.Uses {
			if v.Uses[i].Binds {
				if bound != nil {
					return nil
				}
				bound = &v.Uses[i]
			}
		}
		if bound == nil {
			return nil
		}
		if value := r.assigned(bound.Span); value != nil {
			return r.resultOf(value, depth+1)
		}
	}
	return nil
}

// assigned is the value in the assignment to the name at a span, nil if the name
// is bound otherwise.
func (r *reader) assigned(span parser.Span) ast.Expr {
	for _, n := range r.nodes(span.Start) {
		switch s := n.(type) {
		case *ast.Assign:
			if len(s.Targets) == 1 && s.Targets[0].Span() == span {
				return s.Value
			}
		case *ast.AnnAssign:
			if s.Target.Span() == span {
				return s.Value
			}
		}
	}
	return nil
}

// keyword is what the name of an argument means.
func (r *reader) keyword(call *ast.Call, name string, span parser.Span) *found {
	if of := r.calledFor(call); of != nil {
		t := inputThing(of, name)
		if t == nil {
			return nil
		}
		return &found{t, r.place(span, Keyword)}
	}
	switch callee := r.value(call.Func).(type) {
	case *pyeval.Function:
		return r.plainCall(callee, name, span)
	case *pyeval.NamedTuple, *pyeval.Class:
		if t := fieldThing(callee, name); t != nil {
			return &found{r.owned(t), r.general(span, Keyword)}
		}
	case *pyeval.Native:
		if tuple := tupleName(call); tuple != "" && callee.Name == "typing.NamedTuple" {
			return &found{r.owned(r.tupleField(tuple, name)), r.general(span, Declaration)}
		}
		if declared := r.written(span); declared != nil {
			return declared
		}
		if callee.Name == "builtins.dict" {
			return r.givenAt(span, span)
		}
	}
	return nil
}

// tupleField is a field of a NamedTuple that the file makes by a call.
func (r *reader) tupleField(tuple, name string) *Thing {
	return &Thing{
		Kind: Output, Name: name, home: r.path, Key: fieldKey(r.path, tuple, name),
		tuple: &pyeval.NamedTuple{Name: tuple, Module: r.module.Module},
	}
}

// plainCall is a parameter of a function that is called as it is, where an entity
// is made of the function.
func (r *reader) plainCall(fn *pyeval.Function, name string, span parser.Span) *found {
	if fn.Def == nil || fn.Module == nil || parameter(fn.Def, name) == nil {
		return nil
	}
	for _, e := range r.module.Entities {
		if of := functionOf(e); of != nil && parameterKey(of, name) == parameterKey(fn, name) {
			if t := inputThing(e, name); t != nil {
				return &found{t, r.general(span, Keyword)}
			}
		}
	}
	return &found{&Thing{Kind: Input, Name: name, home: fn.Module.Path, function: fn, Key: parameterKey(fn, name)}, r.general(span, Keyword)}
}

// takers are flytekit's methods and functions whose keyword arguments are inputs of
// the entity that their first argument is (core/workflow.py:ImperativeWorkflow,
// core/node_creation.py:create_node).
var (
	addMethods = map[string]bool{"add_entity": true, "add_task": true, "add_launch_plan": true, "add_subwf": true}
	takers     = map[string]bool{"flytekit.core.node_creation.create_node": true, "functools.partial": true}
)

// calledFor is the entity whose inputs the keyword arguments of a call are; nil if
// there is none.
func (r *reader) calledFor(call *ast.Call) *model.Entity {
	callee := r.value(call.Func)
	if partial, ok := callee.(*pyeval.Partial); ok {
		callee = r.module.Resolve(partial.Func)
	}
	if e, ok := model.EntityOf(callee); ok {
		return e
	}
	if len(call.Args) == 0 {
		return nil
	}
	native, isNative := callee.(*pyeval.Native)
	if isNative && takers[native.Name] || r.adds(call, addMethods) != nil {
		e, _ := model.EntityOf(r.value(call.Args[0]))
		return e
	}
	return nil
}

// adds is the imperative workflow of which a call calls one of some methods; nil if
// it calls none.
func (r *reader) adds(call *ast.Call, methods map[string]bool) *model.Entity {
	method, ok := call.Func.(*ast.Attribute)
	if !ok || !methods[method.Attr] {
		return nil
	}
	if e, ok := model.EntityOf(r.value(method.Value)); ok && e.Kind == model.ImperativeWorkflow {
		return e
	}
	return nil
}

// importAt is the entity that an import names at an offset.
func (r *reader) importAt(offset int) *found {
	v := r.scopes().At(offset)
	var named *found
	r.eachAlias(func(use *scope.Use) {
		span := use.Alias.NameSpan
		if use.Alias.AsName != "" && use.Alias.AsNameSpan.Contains(offset) {
			span = use.Alias.AsNameSpan
		}
		if use.From == nil || !span.Contains(offset) || named != nil {
			return
		}
		e, ok := model.EntityOf(r.imported(use))
		if !ok {
			return
		}
		place := r.general(span, Import)
		place.Alias = r.source.Slice(span) != baseName(e.Name)
		named = &found{entityThing(e), place}
	}, v, offset)
	return named
}

// eachAlias visits the imports of a variable, or, where the offset isn't that of
// a variable, those whose first name stands there: `f` in `import f as g`.
func (r *reader) eachAlias(visit func(*scope.Use), v *scope.Variable, offset int) {
	if v != nil {
		for i := range v.Uses {
			if v.Uses[i].Alias != nil {
				visit(&v.Uses[i])
			}
		}
		return
	}
	for _, n := range r.nodes(offset) {
		from, ok := n.(*ast.ImportFrom)
		if !ok {
			continue
		}
		for i := range from.Names {
			visit(&scope.Use{Span: from.Names[i].NameSpan, Binds: true, Alias: &from.Names[i], From: from})
		}
	}
}
