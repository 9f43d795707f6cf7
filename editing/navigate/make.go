package navigate

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// entityThing is an entity, not yet located.
func entityThing(e *model.Entity) *Thing {
	if e.Name == "" {
		return registeredThing(e.FullName, e)
	}
	return &Thing{Kind: Entity, Name: baseName(e.Name), Entity: e, home: e.Path, Key: key("entity", e.Path, e.Name)}
}

// registeredThing is a name that an entity registers under; nil without one.
func registeredThing(name string, e *model.Entity) *Thing {
	if name == "" {
		return nil
	}
	t := &Thing{Kind: Registered, Name: name, Entity: e, Key: key("registered", name)}
	if e != nil {
		t.home = e.Path
	}
	return t
}

// inputThing is an input of an entity, nil if it has none of that name.
func inputThing(e *model.Entity, name string) *Thing {
	root := rootOf(e)
	if root == nil || name == "" || root.Input(name) == nil {
		return nil
	}
	t := &Thing{Kind: Input, Name: name, Entity: root, home: root.Path, function: functionOf(root)}
	if t.function != nil {
		t.home, t.Key = t.function.Module.Path, parameterKey(t.function, name)
	} else {
		t.Key = key("input", root.Path, root.Name, name)
	}
	return t
}

// functionOf is the function whose parameters are an entity's inputs: the one that
// a wrapper took its signature from, if a decorator stands between; nil if the
// source has none.
func functionOf(e *model.Entity) *pyeval.Function {
	fn := e.Function
	for fn != nil {
		wrapped, ok := fn.Wraps.(*pyeval.Function)
		if !ok {
			break
		}
		fn = wrapped
	}
	if fn == nil || fn.Def == nil || fn.Module == nil {
		return nil
	}
	return fn
}

func parameterKey(fn *pyeval.Function, name string) string {
	return key("input", fn.Module.Path, fn.Qualname, name)
}

// outputThing is an output of an entity, nil if it has none of that name.
func outputThing(e *model.Entity, name string) *Thing {
	root := rootOf(e)
	if root == nil || name == "" || root.Output(name) == nil && e.Output(name) == nil {
		return nil
	}
	if tuple := tupleOf(root); tuple != nil {
		if t := fieldThing(tuple, name); t != nil {
			t.Entity = root
			return t
		}
	}
	return &Thing{Kind: Output, Name: name, Entity: root, home: root.Path, Key: key("output", root.Path, root.Name, name)}
}

// tupleOf is the NamedTuple that an entity returns, nil if it returns none.
func tupleOf(e *model.Entity) pyeval.Value {
	if e.Returns == nil || e.OutputTuple == "" {
		return nil
	}
	switch t := e.Returns.PyType.(type) {
	case *pyeval.NamedTuple, *pyeval.Class:
		return t
	}
	return nil
}

// fieldThing is a field of a NamedTuple, nil if it has none of that name.
func fieldThing(tuple pyeval.Value, name string) *Thing {
	switch t := tuple.(type) {
	case *pyeval.NamedTuple:
		if t.Module != nil && hasField(t.Fields, name) {
			return &Thing{Kind: Output, Name: name, home: t.Module.Path, tuple: t, Key: fieldKey(t.Module.Path, t.Name, name)}
		}
	case *pyeval.Class:
		if isNamedTuple(t) && hasField(t.Annotations, name) {
			return &Thing{Kind: Output, Name: name, home: t.Module.Path, tuple: t, Key: fieldKey(t.Module.Path, t.Qualname, name)}
		}
	}
	return nil
}

func fieldKey(path, tuple, name string) string { return key("field", path, tuple, name) }

func hasField(fields []pyeval.Annotation, name string) bool {
	for _, field := range fields {
		if field.Name == name {
			return true
		}
	}
	return false
}

// isNamedTuple tells whether a class derives from typing.NamedTuple itself.
func isNamedTuple(class *pyeval.Class) bool {
	for _, base := range class.Bases {
		if native, ok := base.(*pyeval.Native); ok && native.Name == "typing.NamedTuple" {
			return true
		}
	}
	return false
}

// locate finds where a thing is declared, in the texts of the reader's snapshot:
// what came from another module may be of an older text. What isn't found stays
// undeclared.
func (r *reader) locate(t *Thing) (*Thing, error) {
	if t == nil {
		return nil, nil
	}
	if t.Entity != nil {
		_, now, err := r.snapshot.Current(r.ctx, t.Entity)
		if err != nil {
			return nil, err
		}
		t.Entity = now
	}
	switch {
	case t.Kind == Entity:
		t.declare(t.Entity.Path, t.Entity.NameSpan)
	case t.Kind == Registered:
		if t.Entity == nil {
			return t, nil
		}
		home, err := read(r.ctx, r.snapshot, t.Entity.Path)
		if err != nil || home == nil {
			return t, err
		}
		if name := home.nameArgument(t.Entity); name != nil && name.Text == t.Name {
			t.declare(t.Entity.Path, name.Inner)
		}
	case t.tuple != nil:
		home, err := read(r.ctx, r.snapshot, t.home)
		if err != nil || home == nil {
			return t, err
		}
		t.declare(t.home, home.field(t.tuple, t.Name))
	case t.function != nil:
		return t, r.locateParameter(t)
	case t.Kind == Input:
		if input := t.Entity.Input(t.Name); input != nil {
			t.declare(t.Entity.Path, input.NameSpan)
		}
	default:
		home, err := read(r.ctx, r.snapshot, t.home)
		if err != nil || home == nil {
			return t, err
		}
		t.declare(t.home, home.addedOutput(t.Entity, t.Name))
		if !t.Declared() {
			t.declare(t.Entity.Path, writtenOutput(t.Entity, t.Name))
		}
	}
	return t, nil
}

func (t *Thing) declare(path string, span parser.Span) {
	if span.End > span.Start {
		t.Path, t.Span = path, span
	}
}

// locateParameter finds the parameter that an input is.
func (r *reader) locateParameter(t *Thing) error {
	fn := t.function
	if t.Entity != nil {
		if fn = functionOf(t.Entity); fn == nil {
			return nil
		}
	}
	now, err := r.snapshot.Module(r.ctx, fn.Module.Path)
	if err != nil || now.Module == nil {
		return err
	}
	if now.Text != fn.Module.Text {
		// The text is another one: the function is found again by its name.
		binding, ok := now.Scope.Get(fn.Qualname)
		if !ok {
			return nil
		}
		value := binding.Value
		if e, ok := model.EntityOf(value); ok && functionOf(e) != nil {
			value = functionOf(e)
		}
		again, ok := value.(*pyeval.Function)
		if !ok || again.Def == nil || again.Module == nil || again.Module.Text != now.Text {
			return nil
		}
		fn = again
	}
	if param := parameter(fn.Def, t.Name); param != nil {
		t.declare(fn.Module.Path, param.Span())
	}
	return nil
}

func parameter(def *ast.FunctionDef, name string) *ast.Name {
	for _, param := range def.Params.List {
		if param.Name != nil && param.Name.ID == name {
			return param.Name
		}
	}
	return nil
}

// field finds the declaration of a NamedTuple's field: an annotated name of its
// class, or the argument of NamedTuple(...). It is empty where there are several
// of the tuple's name, or none.
func (r *reader) field(tuple pyeval.Value, name string) parser.Span {
	var found []parser.Span
	ast.Inspect(r.module.AST, func(n ast.Node) bool {
		switch t := tuple.(type) {
		case *pyeval.NamedTuple:
			if call, ok := n.(*ast.Call); ok && tupleName(call) == t.Name {
				if span := fieldOf(call, name); span.End > 0 {
					found = append(found, span)
				}
			}
		case *pyeval.Class:
			if class, ok := n.(*ast.ClassDef); ok && class.Name != nil && class.Name.ID == t.Name {
				for _, stmt := range class.Body {
					if target := annotatedName(stmt); target != nil && target.ID == name {
						found = append(found, target.Span())
					}
				}
			}
		}
		return true
	})
	if len(found) != 1 {
		return parser.Span{}
	}
	return found[0]
}

// annotatedName is the name in `name: type`, nil of other statements.
func annotatedName(stmt ast.Stmt) *ast.Name {
	if s, ok := stmt.(*ast.AnnAssign); ok {
		name, _ := s.Target.(*ast.Name)
		return name
	}
	return nil
}

// tupleName is the name in NamedTuple("name", ...), "" of other calls.
func tupleName(call *ast.Call) string {
	callee := ""
	switch f := call.Func.(type) {
	case *ast.Name:
		callee = f.ID
	case *ast.Attribute:
		callee = f.Attr
	}
	if callee != "NamedTuple" && callee != "namedtuple" || len(call.Args) == 0 {
		return ""
	}
	if name, ok := call.Args[0].(*ast.Constant); ok && name.Kind == ast.StringConst {
		return name.Text
	}
	return ""
}

// fieldOf is where NamedTuple(...) names a field: by a keyword, or in a list of
// pairs. Names that are all in one string have no place of their own.
func fieldOf(call *ast.Call, name string) parser.Span {
	for _, keyword := range call.Keywords {
		if keyword.Arg == name {
			return keyword.ArgSpan
		}
	}
	for _, constant := range fieldStrings(call) {
		if constant.Text == name {
			return constant.Inner
		}
	}
	return parser.Span{}
}

// fieldStrings are the strings that name fields in NamedTuple("X", [("a", int)])
// and namedtuple("X", ["a"]).
func fieldStrings(call *ast.Call) []*ast.Constant {
	if len(call.Args) < 2 {
		return nil
	}
	var names []*ast.Constant
	for _, element := range elements(call.Args[1]) {
		if pair := elements(element); len(pair) == 2 {
			element = pair[0]
		}
		if constant, ok := element.(*ast.Constant); ok && constant.Kind == ast.StringConst {
			names = append(names, constant)
		}
	}
	return names
}

func elements(expr ast.Expr) []ast.Expr {
	switch e := expr.(type) {
	case *ast.List:
		return e.Elts
	case *ast.Tuple:
		return e.Elts
	}
	return nil
}
