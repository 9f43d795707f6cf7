package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:    "eager-not-async",
	Summary: "An eager workflow isn't async.",
	Details: "flytekit awaits what the function of an eager workflow gives, and raises `TypeError: object int can't be used in " +
		"'await' expression` when it runs.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "python_function_task.py:EagerAsyncPythonFunctionTask.async_execute",
	Bad: `import asyncio

from flytekit import eager, task


@task
def double(number: int) -> int:
    return 2 * number


@eager
«def» flow(x: int) -> int:
    return double(number=x)


def run():
    asyncio.run(flow(x=1))
`,
	Fixed: `import asyncio

from flytekit import eager, task


@task
def double(number: int) -> int:
    return 2 * number


@eager
async def flow(x: int) -> int:
    return double(number=x)


def run():
    asyncio.run(flow(x=1))
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			def := entity.Function.Def
			if entity.Kind != model.Eager || def == nil || def.Async || entity.Decorated != entity.Function {
				return
			}
			d := p.report(parser.Span{Start: def.DefStart, End: def.DefStart + len("def")}, "flytekit awaits an eager workflow: write async def").unless(certain)
			d.Fixes = append(d.Fixes, Fix{Title: "Make it async", Edits: []Edit{p.Insert(def.DefStart, "async ")}})
		})
	},
})
