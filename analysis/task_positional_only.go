package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "task-positional-only",
	Summary:  "A parameter of a task can be given by position only.",
	Details:  "flytekit calls the function with its inputs by name: Python raises a TypeError when the task runs.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "python_function_task.py:PythonFunctionTask.execute",
	Bad: `from flytekit import task


@task
def double(«number»: int, /) -> int:
    return 2 * number


def run():
    double(number=1)
`,
	Good: `from flytekit import task


@task
def double(number: int = 1) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			if entity.Function.Def == nil || entity.Decorated != entity.Function || reference(entity) {
				return
			}
			for _, param := range entity.Function.Def.Params.List {
				if param.Kind == ast.PositionalOnly && param.Name != nil {
					p.report(param.Name.Range.Span(), fmt.Sprintf("%s can't be given by name, as flytekit gives it: take out the /", param.Name.ID)).unless(certain)
				}
			}
		})
	},
})
