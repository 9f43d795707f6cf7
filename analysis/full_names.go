package analysis

import (
	"maps"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// importedNames are the full names of what import statements bind, in a module
// or in a function: {"pd": "pandas", "now": "a.b.now"}. Relative imports aren't
// among them.
func importedNames(body []ast.Stmt, names map[string]string) {
	for _, statement := range body {
		ast.InspectNode(statement, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FunctionDef, *ast.ClassDef:
				return false
			case *ast.Import:
				for _, alias := range n.Names {
					if alias.AsName != "" {
						names[alias.AsName] = alias.Name
					} else {
						top, _, _ := strings.Cut(alias.Name, ".")
						names[top] = top
					}
				}
			case *ast.ImportFrom:
				for _, alias := range n.Names {
					bound := alias.AsName
					if bound == "" {
						bound = alias.Name
					}
					delete(names, bound)
					if n.Level == 0 {
						names[bound] = n.Module + "." + alias.Name
					}
				}
			}
			return true
		})
	}
}

// moduleNames are the full names of what the module imports.
func (p *pass) moduleNames() map[string]string {
	if p.importNames == nil {
		p.importNames = map[string]string{}
		importedNames(p.File.AST.Body, p.importNames)
	}
	return p.importNames
}

// fullName is the full name of what an expression names by way of imports:
// "pandas.read_csv" of pd.read_csv; "" of all else.
func fullName(names map[string]string, expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.Name:
		return names[e.ID]
	case *ast.Attribute:
		if of := fullName(names, e.Value); of != "" {
			return of + "." + e.Attr
		}
	}
	return ""
}

// taskBody is the function of a task of the file, which runs in a container.
type taskBody struct {
	entity *model.Entity
	def    *ast.FunctionDef
	// names are the full names of what imports bind in it.
	names map[string]string
	// called are the calls in it of what has a full name, of builtins too.
	called []namedCall
}

// namedCall is a call of what has a full name: "pandas.read_csv", "open".
type namedCall struct {
	*ast.Call
	name string
}

// taskBodies are the functions of the file that run in containers: of tasks and
// of dynamic and eager workflows.
func (p *pass) taskBodies() []*taskBody {
	if p.bodies != nil {
		return p.bodies
	}
	p.bodies = []*taskBody{}
	seen := map[*ast.FunctionDef]bool{}
	for _, entity := range p.Module.Entities {
		switch entity.Kind {
		case model.Task, model.Dynamic, model.Eager, model.InstanceTask:
		default:
			continue
		}
		if entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) || seen[entity.Function.Def] {
			continue
		}
		body := &taskBody{entity: entity, def: entity.Function.Def}
		seen[body.def] = true
		body.names = maps.Clone(p.moduleNames())
		importedNames(body.def.Body(), body.names)
		for _, parameter := range body.def.Params.List {
			delete(body.names, parameter.Name.ID)
		}
		body.call()
		p.bodies = append(p.bodies, body)
	}
	return p.bodies
}

// inspect goes through the statements of the body.
func (b *taskBody) inspect(visit func(ast.Node) bool) {
	for _, statement := range b.def.Body() {
		ast.InspectNode(statement, visit)
	}
}

func (b *taskBody) call() {
	b.inspect(func(n ast.Node) bool {
		if call, ok := n.(*ast.Call); ok {
			name := fullName(b.names, call.Func)
			if plain, ok := call.Func.(*ast.Name); ok && name == "" {
				name = plain.ID
			}
			if name != "" {
				b.called = append(b.called, namedCall{call, name})
			}
		}
		return true
	})
}

// textOf is the text of a string constant.
func textOf(expr ast.Expr) (string, bool) {
	constant, ok := expr.(*ast.Constant)
	if !ok || constant.Kind != ast.StringConst {
		return "", false
	}
	return constant.Text, true
}
