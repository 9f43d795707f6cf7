package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "decorator-without-wraps",
	Summary:  "A decorator below @task gives a function that doesn't say what it wraps.",
	Details:  "flytekit raises \"TaskFunction cannot be a nested/inner or local function ... use functools.wraps\" when the module is imported: the wrapper hides the function's name and its inputs.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "python_function_task.py:PythonFunctionTask.__init__",
	Bad: `from flytekit import task


def logged(function):
    def «wrapper»(*args: int, **kwargs: int) -> int:
        print(function.__name__)
        return function(*args, **kwargs)

    return wrapper


@task
@logged
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from functools import wraps

from flytekit import task


def logged(function):
    @wraps(function)
    def wrapper(*args: int, **kwargs: int) -> int:
        print(function.__name__)
        return function(*args, **kwargs)

    return wrapper


@task
@logged
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		if testModule(p.File.ModuleName) {
			return
		}
		for _, entity := range p.Module.Entities {
			if entity.Opaque != "" || !isTask(entity) || entity.Loader[1] == "" || !isWrapper(entity) || entity.Function.Def == nil ||
				!p.here(entity.Decorated.Module) || !strings.Contains(entity.Function.Qualname, "<locals>") {
				continue
			}
			p.hides(entity).unless(!entity.Conditional && !entity.Guarded)
		}
	},
})

// hides reports a wrapper or, if that is in another file, the decorator that
// puts it in the place of a task's function.
func (p *pass) hides(entity *model.Entity) *Diagnostic {
	def, decorated := entity.Function.Def, entity.Decorated
	if !p.here(entity.Function.Module) {
		span := entity.NameSpan
		for i, decorator := range decorated.Def.Decorators {
			if decorator.Span().Start == entity.Anchor && i+1 < len(decorated.Def.Decorators) {
				span = decorated.Def.Decorators[i+1].Span()
			}
		}
		return p.report(span, "this puts another function in the place of "+decorated.Name+", which hides its name and its inputs: decorate that with functools.wraps",
			p.related(entity.Function.Module, def.Name.Span(), "this is the other function")...)
	}
	d := p.report(def.Name.Span(), "this stands in the place of "+decorated.Name+", and hides its name and its inputs: decorate it with functools.wraps",
		p.related(decorated.Module, decorated.Def.Name.Span(), decorated.Name+" is decorated here")...)
	if wrapped := p.onlyParameter(def); wrapped != "" && len(d.Fixes) == 0 {
		indent, _ := p.Indent(def.DefStart)
		d.Fixes = append(d.Fixes, Fix{
			Title: "Decorate it with functools.wraps", Safe: true,
			Edits: append(p.AddImportFrom("functools", "wraps"), p.Insert(def.DefStart, "@wraps("+wrapped+")\n"+indent)),
		})
	}
	return d
}

// onlyParameter is the parameter of the function around another one, if that has
// one.
func (p *pass) onlyParameter(def *ast.FunctionDef) string {
	outer := ""
	p.around(def.Span(), func(n ast.Node) {
		if function, ok := n.(*ast.FunctionDef); ok && function != def && len(function.Params.List) == 1 && function.Params.List[0].Name != nil {
			outer = function.Params.List[0].Name.ID
		}
	})
	return outer
}

// around visits the nodes of the file that a span lies in, from the outermost.
func (p *pass) around(at ast.Span, visit func(ast.Node)) {
	for _, statement := range p.File.AST.Body {
		if s := statement.Span(); s.Start > at.Start || s.End < at.End {
			continue
		}
		ast.InspectNode(statement, func(n ast.Node) bool {
			within := n.Span().Start <= at.Start && at.End <= n.Span().End
			if within {
				visit(n)
			}
			return within
		})
	}
}
