package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:    "async-dynamic",
	Summary: "A dynamic workflow is async.",
	Details: "flytekit compiles the body of a dynamic workflow when it runs, and can't do so with an async function: it raises " +
		"NotImplementedError then, and what a workflow gets that calls it is a coroutine. Use `def`, or `@eager` for a workflow " +
		"that awaits.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "python_function_task.py:AsyncPythonFunctionTask.async_execute",
	Bad: `import asyncio

from flytekit import dynamic, task


@task
def double(number: int) -> int:
    return 2 * number


@dynamic
«async» def flow(x: int) -> int:
    return double(number=x)


def run():
    asyncio.run(flow(x=1))
`,
	Good: `from flytekit import dynamic, task


@task
def double(number: int) -> int:
    return 2 * number


@dynamic
def flow(x: int) -> int:
    return double(number=x)


def run():
    flow(x=1)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			def := entity.Function.Def
			if entity.Kind != model.Dynamic || def == nil || !def.Async || entity.Decorated != entity.Function {
				return
			}
			span := asyncSpan(def)
			d := p.report(span, "flytekit can't run a dynamic workflow that is async: use def, or @eager").unless(certain)
			if !ownFlow(def).awaits {
				rest := p.Text(parser.Span{Start: span.End, End: def.Name.Start})
				spaces := len(rest) - len("def ")
				d.Fixes = append(d.Fixes, Fix{
					Title: "Make it a plain function", Edits: []Edit{p.Edit(parser.Span{Start: span.Start, End: span.End + max(spaces, 1)}, "")},
				})
			}
		})
	},
})
