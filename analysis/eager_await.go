package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "eager-await",
	Summary:  "An @eager workflow awaits what isn't async, or forgets to await what is.",
	Details:  "A sync task called in an @eager workflow gives its value at once: awaiting that is a TypeError when it runs. An async task or another @eager workflow gives a coroutine, which does nothing until it is awaited.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "python_function_task.py:EagerAsyncPythonFunctionTask",
	Bad: `from flytekit import eager, task


@task
def double(number: int) -> int:
    return 2 * number


@eager
async def flow(number: int = 1) -> int:
    return await «double(number=number)»


def run():
    import asyncio

    asyncio.run(flow(number=1))
`,
	Fixed: `from flytekit import eager, task


@task
def double(number: int) -> int:
    return 2 * number


@eager
async def flow(number: int = 1) -> int:
    return double(number=number)


def run():
    import asyncio

    asyncio.run(flow(number=1))
`,
	check: func(p *pass) {
		for _, entity := range p.module.Entities {
			if entity.Kind != model.Eager || entity.Opaque != "" || entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) {
				continue
			}
			awaited, dropped := callsAwaited(entity.Function.Def)
			for node := range p.module.Body(entity).All() {
				if node.Call == nil || node.Entity == nil || node.Entity.Opaque != "" || !p.here(node.Module) {
					continue
				}
				isAsync := node.Entity.Async || node.Entity.Kind == model.Eager
				await := awaited[node.Call]
				switch {
				case await != nil && !isAsync && node.Entity.Function != nil:
					d := p.report(node.Call.Span(), fmt.Sprintf("%s isn't async: the call gives its value, which can't be awaited", node.Entity.Describe())).unless(!node.Conditional)
					d.Fixes = append(d.Fixes, Fix{Title: "Don't await it", Edits: []Edit{p.edit(parser.Span{Start: await.Start, End: node.Call.Start}, "")}, Safe: true})
				case dropped[node.Call] && isAsync:
					d := p.report(node.Call.Span(), fmt.Sprintf("%s is async, and nothing awaits it: it doesn't run", node.Entity.Describe()))
					d.Severity = Warning
					d.Fixes = append(d.Fixes, Fix{Title: "Await it", Edits: []Edit{p.insert(node.Call.Start, "await ")}, Safe: true})
				}
			}
		}
	},
})

// callsAwaited are the calls in a function that are awaited, and those of which
// nothing takes the result.
func callsAwaited(def *ast.FunctionDef) (awaited map[*ast.Call]*ast.Await, dropped map[*ast.Call]bool) {
	awaited, dropped = map[*ast.Call]*ast.Await{}, map[*ast.Call]bool{}
	for _, statement := range def.Body() {
		ast.InspectNode(statement, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Await:
				if call, ok := n.Value.(*ast.Call); ok {
					awaited[call] = n
				}
			case *ast.ExprStmt:
				if call, ok := n.Value.(*ast.Call); ok {
					dropped[call] = true
				}
			}
			return true
		})
	}
	return awaited, dropped
}
