package model

import (
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
	remarked(f, "type-name-undefined", a.place(at), reason+" when flytekit reads the annotation")
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
		for _, inner := range typeParts(expr) {
			if look(inner) {
				return true
			}
		}
		return false
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
