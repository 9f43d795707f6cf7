package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "task-global-shared",
	Summary:  "A task changes a global that another task or workflow reads.",
	Details:  "Locally all tasks run in one process; on the cluster each has a container of its own, with the globals as the import of the module makes them. What one task puts there no other one sees. Return it, and give it to the other as an input.",
	Severity: Warning,
	Stage:    OnCluster,
	Source:   "bin/entrypoint.py:_execute_task",
	Bad: `from flytekit import task, workflow

seen = []


@task
def remember(name: str = "a") -> int:
    «seen».append(name)
    return 1


@task
def count(after: int = 1) -> int:
    return len(seen)


@workflow
def flow() -> int:
    return count(after=remember(name="a"))
`,
	Good: `from flytekit import task, workflow


@task
def remember(name: str = "a") -> list[str]:
    return [name]


@task
def count(seen: list[str]) -> int:
    return len(seen)


@workflow
def flow() -> int:
    return count(seen=remember(name="a"))
`,
	check: func(p *pass) {
		changed := map[string][]globalChange{}
		for _, b := range p.taskBodies() {
			b.changes(p, func(name string, at parser.Span) {
				changed[name] = append(changed[name], globalChange{b, at})
			})
		}
		if len(changed) == 0 {
			return
		}
		for _, entity := range p.Module.Entities {
			if entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) {
				continue
			}
			reader := &taskBody{entity: entity, def: entity.Function.Def}
			reader.reads(func(name *ast.Name) {
				for _, change := range changed[name.ID] {
					if change.by.def != reader.def {
						p.report(change.at, fmt.Sprintf("each task has a container of its own: %s doesn't see what %s does to %s", entity.Describe(), change.by.entity.Describe(), name.ID),
							p.related(entity.Function.Module, name.Span(), name.ID+" is read here")...)
						changed[name.ID] = slices.DeleteFunc(slices.Clone(changed[name.ID]), func(c globalChange) bool { return c == change })
					}
				}
			})
		}
	},
})

// globalChange is a place where a task changes a global.
type globalChange struct {
	by *taskBody
	at parser.Span
}

// changes gives the globals of the module that the body changes.
func (b *taskBody) changes(p *pass, f func(name string, at parser.Span)) {
	locals, globals := b.locals()
	global := func(expr ast.Expr) (string, bool) {
		name, ok := expr.(*ast.Name)
		if !ok || locals[name.ID] {
			return "", false
		}
		binding, ok := p.Module.Scope.Get(name.ID)
		if !ok {
			return "", false
		}
		switch binding.Value.(type) {
		case *pyeval.Import, *pyeval.ModuleRef, *pyeval.Native, *pyeval.Function, *pyeval.Class, *model.Entity:
			return "", false
		}
		return name.ID, true
	}
	target := func(expr ast.Expr) {
		switch t := expr.(type) {
		case *ast.Name:
			if name, ok := global(t); ok && globals[t.ID] {
				f(name, t.Span())
			}
		case *ast.Subscript:
			if name, ok := global(t.Value); ok {
				f(name, t.Value.Span())
			}
		}
	}
	b.inspect(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Assign:
			for _, t := range n.Targets {
				target(t)
			}
		case *ast.AugAssign:
			target(n.Target)
		case *ast.Call:
			method, ok := n.Func.(*ast.Attribute)
			if !ok || !mutators[method.Attr] {
				break
			}
			if name, ok := global(method.Value); ok && isContainer(p, name) {
				f(name, method.Value.Span())
			}
		}
		return true
	})
}

// mutators are methods that change a list, a dict or a set.
var mutators = map[string]bool{
	"append": true, "extend": true, "insert": true, "add": true, "update": true, "setdefault": true, "pop": true, "popitem": true,
	"clear": true, "remove": true, "discard": true,
}

func isContainer(p *pass, name string) bool {
	binding, _ := p.Module.Scope.Get(name)
	switch binding.Value.(type) {
	case *pyeval.List, *pyeval.Dict, *pyeval.Set:
		return true
	}
	return false
}

// reads gives the names in the body that aren't its own.
func (b *taskBody) reads(f func(*ast.Name)) {
	locals, _ := b.locals()
	b.inspect(func(n ast.Node) bool {
		if name, ok := n.(*ast.Name); ok && !locals[name.ID] {
			f(name)
		}
		return true
	})
}

// locals are the names that the function binds, and globals those that it
// declares to be the module's.
func (b *taskBody) locals() (locals, globals map[string]bool) {
	locals, globals = map[string]bool{}, map[string]bool{}
	for _, parameter := range b.def.Params.List {
		locals[parameter.Name.ID] = true
	}
	var bind func(target ast.Expr)
	bind = func(target ast.Expr) {
		switch t := target.(type) {
		case *ast.Name:
			locals[t.ID] = true
		case *ast.Tuple:
			for _, element := range t.Elts {
				bind(element)
			}
		case *ast.List:
			for _, element := range t.Elts {
				bind(element)
			}
		case *ast.Starred:
			bind(t.Value)
		}
	}
	b.inspect(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Global:
			for _, name := range n.Names {
				globals[name] = true
			}
		case *ast.Assign:
			for _, target := range n.Targets {
				bind(target)
			}
		case *ast.AnnAssign:
			bind(n.Target)
		case *ast.AugAssign:
			bind(n.Target)
		case *ast.For:
			bind(n.Target)
		case *ast.With:
			for _, item := range n.Items {
				bind(item.Target)
			}
		case *ast.NamedExpr:
			bind(n.Target)
		case *ast.Comprehension:
			for _, generator := range n.Generators {
				bind(generator.Target)
			}
		case *ast.FunctionDef:
			locals[n.Name.ID] = true
		}
		return true
	})
	for name := range globals {
		delete(locals, name)
	}
	return locals, globals
}
