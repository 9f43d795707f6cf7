package model

import (
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// annotating is the Context of the frame that evaluates an annotation of an
// entity's function, as typing.get_type_hints does.
type annotating struct{ expr ast.Expr }

// raised remarks a name that isn't defined when the entity is made; false if
// the exception is another.
func (a *annotating) raised(f *pyeval.Frame, exception, reason string, at ast.Expr) bool {
	if exception != "NameError" && exception != "UnboundLocalError" {
		return false
	}
	remarked(f, "type-name-undefined", a.place(at), "when flytekit reads the annotation, "+reason)
	return true
}

// place is where an expression of the annotation stands. The offsets of one in
// a quoted part of it are those of the text.
func (a *annotating) place(at ast.Expr) ast.Span {
	where := a.expr.Span()
	name, ok := at.(*ast.Name)
	if !ok {
		return where
	}
	if where.Contains(name.Start) {
		return name.Span()
	}
	ast.InspectNode(a.expr, func(n ast.Node) bool {
		quoted, ok := n.(*ast.Constant)
		if ok && quoted.Kind == ast.StringConst && quoted.Inner != (ast.Span{}) &&
			name.End <= len(quoted.Text) && quoted.Text[name.Start:name.End] == name.ID {
			where = name.Span().Shift(quoted.Inner.Start)
		}
		return true
	})
	return where
}

// TypePart is where a part of the variable's type is written in its annotation:
// `List` of Optional[List]. The whole annotation where it can't be told, as the
// part of a type that has another name.
func (m *Module) TypePart(v *Variable, part pyeval.Value) ast.Span {
	if v.annotation == nil || part == nil || v.TypeSpan == (ast.Span{}) || pyeval.Same(v.PyType, part) {
		return v.TypeSpan
	}
	f := m.program.Frame(m.Module)
	found := v.TypeSpan
	var look func(expr ast.Expr) bool
	look = func(expr ast.Expr) bool {
		if pyeval.Same(f.Resolve(f.Annotation(expr, v.in)), part) {
			found = expr.Span()
			return true
		}
		return slices.ContainsFunc(typeParts(expr), look)
	}
	look(v.annotation)
	return found
}

// typeParts are the types that a type is written of.
func typeParts(expr ast.Expr) []ast.Expr {
	switch e := expr.(type) {
	case *ast.Subscript:
		if several, ok := e.Index.(*ast.Tuple); ok {
			return several.Elts
		}
		return []ast.Expr{e.Index}
	case *ast.BinOp:
		return []ast.Expr{e.Left, e.Right}
	case *ast.Tuple:
		return e.Elts
	case *ast.Constant:
		if e.Kind == ast.StringConst && e.Inner != (ast.Span{}) {
			if inner, ok := parser.Expression(e.Text, e.Inner.Start); ok {
				return typeParts(inner)
			}
		}
	}
	return nil
}

// Python is the version of Python that the module is read for, e.g. {3, 12}.
func (m *Module) Python() [2]int { return m.engine.Python }

// Parts are the types that a variable's type is made of: the types of items and
// values of lists and dicts, the variants of unions, without annotations.
func (m *Module) Parts(v *Variable) []pyeval.Value {
	var parts []pyeval.Value
	var look func(t pyeval.Value)
	look = func(t pyeval.Value) {
		t = m.Resolve(t)
		var within []pyeval.Value
		switch t := t.(type) {
		case *pyeval.Union:
			within = t.Args
		case *pyeval.Alias:
			switch origin, _ := m.Resolve(t.Origin).(*pyeval.Native); {
			case origin == nil:
			case origin.Name == "typing.Annotated" && len(t.Args) > 0:
				within = t.Args[:1]
			case origin.Name == "builtins.list" || origin.Name == "builtins.dict" || origin.Name == "collections.abc.Iterator":
				within = t.Args
			}
		}
		if len(within) == 0 {
			parts = append(parts, t)
			return
		}
		for _, part := range within {
			look(part)
		}
	}
	look(v.PyType)
	return parts
}

// Pickled are the parts of a variable's type for which flytekit has no
// transformer, so that their values travel as pickles
// (core/type_engine.py:TypeEngine.get_transformer). None where the type isn't
// known or is rejected, and none for what asks for a pickle by name.
func (m *Module) Pickled(v *Variable) []pyeval.Value {
	literalType, err := m.LiteralType(v)
	if err != nil || !pickles(literalType) {
		return nil
	}
	f := m.program.Frame(m.Module)
	return slices.DeleteFunc(m.Parts(v), func(t pyeval.Value) bool {
		class := t
		if alias, ok := t.(*pyeval.Alias); ok {
			class = alias.Origin
		}
		literalType, err := m.engine.LiteralType(f, t)
		return isNative(class, picklingClass) || err != nil || !pickles(literalType)
	})
}

const picklingClass = "flytekit.types.pickle.pickle.FlytePickle"

// pickles tells whether values of a type, or parts of them, are pickles
// (types/pickle/pickle.py:FlytePickleTransformer.PYTHON_PICKLE_FORMAT).
func pickles(t *core.LiteralType) bool {
	switch kind := t.GetType().(type) {
	case *core.LiteralType_Blob:
		return kind.Blob.GetFormat() == "PythonPickle"
	case *core.LiteralType_CollectionType:
		return pickles(kind.CollectionType)
	case *core.LiteralType_MapValueType:
		return pickles(kind.MapValueType)
	case *core.LiteralType_UnionType:
		return slices.ContainsFunc(kind.UnionType.GetVariants(), pickles)
	}
	return false
}

// DataFields are the fields of a dataclass as variables, those of its bases
// among them, with TypeSpan where the class stands in the module. A field that
// says more of itself than a default isn't there: it may say how it is
// serialized.
func (m *Module) DataFields(class *pyeval.Class) []*Variable {
	f := m.program.Frame(m.Module)
	var fields []*Variable
	for _, field := range f.Fields(class) {
		if field.InitVar || field.Expr == nil || field.Options != nil && (field.Options.Open || says(field.Options, "metadata")) {
			continue
		}
		v := &Variable{Name: field.Name, PyType: f.Resolve(f.FieldType(field.Annotation)), annotation: field.Expr, in: field.In}
		if field.Class != nil && field.Class.Module == m.Module {
			v.TypeSpan = field.Expr.Span()
		}
		fields = append(fields, v)
	}
	return fields
}

func says(made *pyeval.Instance, keyword string) bool {
	return slices.ContainsFunc(made.Keywords, func(n pyeval.Named) bool { return n.Name == keyword })
}
