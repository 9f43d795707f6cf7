package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
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
	Fixed: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number


def run():
    double(number=1)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			if entity.Function.Def == nil || entity.Decorated != entity.Function || reference(entity) {
				return
			}
			params := entity.Function.Def.Params.List
			last := -1
			for i := range params {
				if params[i].Kind == ast.PositionalOnly {
					last = i
				}
			}
			for i := range params[:last+1] {
				d := p.report(params[i].Name.Span(), fmt.Sprintf("%s can't be given by name, as flytekit gives it: take out the /", params[i].Name.ID)).unless(certain && len(entity.Function.Def.Decorators) == 1)
				// Up to the slash there is nothing but white space, and a comma.
				end := params[last].End
				rest := p.Text(parser.Span{Start: end, End: min(end+maxSlash, entity.Function.Def.End)})
				if slash := strings.IndexByte(rest, '/'); slash >= 0 && strings.Trim(rest[:slash], " \t\r\n,") == "" {
					d.Fixes = append(d.Fixes, Fix{Title: "Take out the /", Edits: []Edit{p.Edit(parser.Span{Start: end, End: end + slash + 1}, "")}})
				}
			}
		})
	},
})

// maxSlash is how far behind a parameter the slash is looked for.
const maxSlash = 200
