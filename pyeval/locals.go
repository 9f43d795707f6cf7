package pyeval

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// isLocal tells whether a name is one of a function's own: its body binds it
// somewhere, so that it is never looked up around the function.
func (ev *evaluation) isLocal(fn *Function, name string) bool {
	if fn == nil || fn.Def == nil {
		return false
	}
	names, ok := ev.locals[fn.Def]
	if !ok {
		names = localNames{}
		for _, stmt := range fn.Def.Body() {
			ast.InspectNode(stmt, names.visit)
		}
		if ev.locals == nil {
			ev.locals = map[*ast.FunctionDef]localNames{}
		}
		ev.locals[fn.Def] = names
	}
	return names[name]
}

// localNames are the names that the statements of a function bind, or delete,
// without those that are global or nonlocal: false is one of these.
type localNames map[string]bool

func (l localNames) add(name string) {
	if _, ok := l[name]; !ok {
		l[name] = true
	}
}

func (l localNames) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FunctionDef:
		l.targets(n.Name)
		return false
	case *ast.ClassDef:
		l.targets(n.Name)
		return false
	case *ast.Lambda, *ast.Comprehension:
		return false
	case *ast.TypeAlias:
		l.targets(n.Name)
	case *ast.Assign:
		l.targets(n.Targets...)
	case *ast.AnnAssign:
		l.targets(n.Target)
	case *ast.AugAssign:
		l.targets(n.Target)
	case *ast.NamedExpr:
		l.targets(n.Target)
	case *ast.For:
		l.targets(n.Target)
	case *ast.Delete:
		l.targets(n.Targets...)
	case *ast.With:
		for _, item := range n.Items {
			l.targets(item.Target)
		}
	case *ast.Match:
		for _, c := range n.Cases {
			for _, name := range c.Binds {
				l.targets(name)
			}
		}
	case *ast.Try:
		for _, handler := range n.Handlers {
			l.targets(handler.Name)
		}
	case *ast.Import:
		for _, alias := range n.Names {
			top, _, _ := strings.Cut(alias.Name, ".")
			l.imported(top, alias.AsName)
		}
	case *ast.ImportFrom:
		for _, alias := range n.Names {
			l.imported(alias.Name, alias.AsName)
		}
	case *ast.Global:
		for _, name := range n.Names {
			l[name] = false
		}
	}
	return true
}

func (l localNames) imported(name, as string) {
	if as != "" {
		name = as
	}
	l.add(name)
}

func (l localNames) targets(targets ...ast.Expr) {
	for _, target := range targets {
		switch t := target.(type) {
		case *ast.Name:
			if t != nil && t.ID != "" {
				l.add(t.ID)
			}
		case *ast.Starred:
			l.targets(t.Value)
		case *ast.Tuple:
			l.targets(t.Elts...)
		case *ast.List:
			l.targets(t.Elts...)
		}
	}
}
