package model

import (
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Watch evaluates the code around an offset of the module's text once more, the
// body of the entity's function that it lies in, else the statement of the module,
// and tells seen of the value of each expression, and of what each name is bound
// to by an assignment, as pyeval.Frame.Watch does. In the module's own statements
// names stand for what they stand for at the module's end.
func (m *Module) Watch(offset int, seen func(f *pyeval.Frame, at ast.Expr, value pyeval.Value)) {
	if m.Module == nil || m.AST == nil {
		return
	}
	if e := m.bodyAt(offset); e != nil {
		newBody(m.program, e, seen)
		return
	}
	for _, stmt := range m.AST.Body {
		if stmt.Span().Contains(offset) {
			m.watchStatement(stmt, offset, seen)
		}
	}
}

// bodyAt is the entity in the body of whose function the offset lies, the
// innermost one; nil if there is none.
func (m *Module) bodyAt(offset int) *Entity {
	var found *Entity
	for _, e := range m.Entities {
		if !hasBody(e.Kind) || e.Function == nil || e.Function.Def == nil || e.Function.Module.Path != m.Path {
			continue
		}
		def := e.Function.Def
		if inBody(def, offset) && (found == nil || def.Start >= found.Function.Def.Start) {
			found = e
		}
	}
	return found
}

// inBody tells whether an offset lies in a function's body, as opposed to its
// decorators and its first line.
func inBody(def *ast.FunctionDef, offset int) bool {
	body := def.Body()
	return len(body) > 0 && body[0].Span().Start <= offset && offset <= def.End
}

// watchStatement evaluates a statement of the module, and the functions that it
// defines and nothing calls.
func (m *Module) watchStatement(stmt ast.Stmt, offset int, seen func(*pyeval.Frame, ast.Expr, pyeval.Value)) {
	b := &builder{body: &Body{Entity: &Entity{}}, unsure: true, levels: []*level{{}}}
	f := m.program.Frame(m.Module)
	f.Context = b
	f.Watch(seen)
	defer func() { b.done = true }()
	f.Exec(stmt)
	b.uncalled(f)
	ast.InspectNode(stmt, func(n ast.Node) bool {
		if def, ok := n.(*ast.FunctionDef); ok {
			for _, annotation := range annotations(def) {
				if annotation != nil && annotation.Span().Contains(offset) {
					f.Eval(annotation)
				}
			}
		}
		return n.Span().Contains(offset)
	})
}

// annotations are those of a function, nil where one is missing.
func annotations(def *ast.FunctionDef) []ast.Expr {
	all := []ast.Expr{def.Returns}
	for _, param := range def.Params.List {
		all = append(all, param.Annotation)
	}
	return all
}

// Annotation is how the module can write a type: as it is written elsewhere, if
// that means the type here too, else by the names of its parts; "" if the module
// has no names for it.
func (m *Module) Annotation(t pyeval.Value, written string) string {
	if t == nil || m.Module == nil || m.Module.Scope == nil {
		return ""
	}
	f := m.program.Frame(m.Module)
	for _, text := range []string{written, typeText(f, t)} {
		expr, ok := parser.Expression(text, 0)
		if ok && pyeval.Same(f.Resolve(f.Annotation(expr, m.Module.Scope)), f.Resolve(t)) {
			return text
		}
	}
	return ""
}

// MethodOf is the canonical name of the method of flytekit's that a value is, as
// with_overrides of a promise; false if it is none.
func MethodOf(value pyeval.Value) (name string, ok bool) {
	if m, isMethod := value.(*method); isMethod && m.name == "with_overrides" {
		return withOverrides.Name, true
	}
	return "", false
}
