package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
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
		if testModule(p.file.ModuleName) {
			return
		}
		p.eachFunction(func(entity *model.Entity, certain bool) {
			def := entity.Function.Def
			if def == nil || def.Name == nil || entity.Decorated == nil || entity.Decorated.Def == def || entity.Function.Wraps != nil || !isTask(entity) || entity.Loader[1] == "" {
				return
			}
			if !strings.Contains(entity.Function.Qualname, "<locals>") {
				return
			}
			d := p.report(def.Name.Range.Span(), "this stands in the place of "+entity.Decorated.Name+", and hides its name and its inputs: decorate it with functools.wraps",
				p.related(entity.Decorated.Module, entity.Decorated.Def.Name.Range.Span(), entity.Decorated.Name+" is decorated here")...).unless(certain)
			if wrapped := p.onlyParameter(def); wrapped != "" {
				indent, _ := p.indent(def.DefStart)
				d.Fixes = append(d.Fixes, Fix{
					Title: "Decorate it with functools.wraps", Safe: true,
					Edits: append(p.addImportFrom("functools", "wraps"), p.insert(def.DefStart, "@wraps("+wrapped+")\n"+indent)),
				})
			}
		})
	},
})

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
	for _, statement := range p.file.AST.Body {
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
