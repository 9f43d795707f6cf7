package analysis

import (
	"bytes"
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "retries-never-used",
	Summary:  "A task has retries that its own errors never use.",
	Details:  "An exception of a task is final, whatever its retries are: only FlyteRecoverableException is tried again, and failures of the system around it, such as a node that is lost. Raise FlyteRecoverableException where another try may help.",
	Severity: Hint,
	Stage:    OnCluster,
	Source:   "bin/entrypoint.py:_dispatch_execute",
	Bad: `from flytekit import task


@task(retries=«3»)
def divide(a: int, b: int) -> float:
    return a / b
`,
	Good: `from flytekit import task
from flytekit.exceptions.user import FlyteRecoverableException


@task(retries=3)
def divide(a: int, b: int) -> float:
    if b == 0:
        raise FlyteRecoverableException("try again")
    return a / b
`,
	check: func(p *pass) {
		if bytes.Contains(p.File.Source.Text(), []byte("Recoverable")) {
			return
		}
		p.eachSettings(func(s *settings) {
			retries, given := s.get("retries")
			count, ok := retries.Value.(pyeval.Int)
			if !given || !ok || count.Sign() <= 0 || s.of != taskDecorator || !s.plain() || s.entity == nil || s.entity.Kind != model.Task {
				return
			}
			def := s.entity.Function
			if def == nil || def.Def == nil || s.entity.Opaque != "" || len(def.Def.Decorators) > 1 || !p.here(def.Module) || p.callsSource(def.Def) {
				return
			}
			s.reportValue(retries.Expr, fmt.Sprintf("%s raises no FlyteRecoverableException, and its other errors are final: they aren't tried again", s.entity.Describe()))
		})
	},
})

// callsSource tells whether a function may call what is written in another file,
// or isn't known.
func (p *pass) callsSource(def *ast.FunctionDef) bool {
	calls := false
	for _, statement := range def.Body() {
		ast.InspectNode(statement, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Import, *ast.ImportFrom:
				calls = true
			case *ast.Call:
				calls = calls || p.fromSource(n.Func)
			}
			return !calls
		})
	}
	return calls
}

// fromSource tells whether the name that an expression begins with comes from
// another file, or isn't known.
func (p *pass) fromSource(expr ast.Expr) bool {
	for {
		switch e := expr.(type) {
		case *ast.Attribute:
			expr = e.Value
			continue
		case *ast.Call:
			expr = e.Func
			continue
		case *ast.Subscript:
			expr = e.Value
			continue
		case *ast.Name:
			binding, ok := p.Module.Scope.Get(e.ID)
			if !ok {
				return false
			}
			switch value := p.Module.Resolve(binding.Value).(type) {
			case *pyeval.Function:
				return !p.here(value.Module)
			case *pyeval.Class:
				return !p.here(value.Module)
			case *pyeval.ModuleRef:
				return value.Source != nil
			case *pyeval.Native:
				return value.Missing != ""
			case *pyeval.Unknown, *pyeval.Uncertain, *pyeval.Instance:
				return true
			}
		}
		return false
	}
}
