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
		for _, entity := range p.Module.Entities {
			if entity.Kind != model.Eager || entity.Opaque != "" || entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) {
				continue
			}
			nodes := map[ast.Expr]*model.Node{}
			for node := range p.Module.Body(entity).All() {
				if node.Call != nil && node.Entity != nil && node.Entity.Opaque == "" && p.here(node.Module) {
					nodes[node.Call] = node
				}
			}
			if len(nodes) == 0 {
				continue
			}
			uses := usesOfCalls(entity.Function.Def)
			for call, node := range nodes {
				if givesCoroutine(node.Entity) {
					p.forgotten(node, uses[call], nodes, entity)
				} else if node.Entity.Kind != model.LaunchPlan {
					p.awaited(node, uses[call])
				}
			}
		}
	},
})

// givesCoroutine tells whether a call of an entity in an eager workflow must be
// awaited.
func givesCoroutine(entity *model.Entity) bool {
	return entity.Kind == model.Eager || entity.Async && (entity.Kind == model.Task || entity.Kind == model.Dynamic)
}

// awaited reports a call of what isn't async and is awaited.
func (p *pass) awaited(node *model.Node, of callUse) {
	gathered := of.use == asArgument && p.calleeText(of.by) == "asyncio.gather"
	if of.use != asAwaited && !gathered {
		return
	}
	message := fmt.Sprintf("%s isn't async: the call gives its value, which can't be awaited", node.Entity.Describe())
	d := p.report(node.Call.Span(), message).unless(!node.Conditional && !node.Guarded)
	if of.use == asAwaited {
		d.Fixes = append(d.Fixes, Fix{Title: "Don't await it", Edits: []Edit{p.Edit(parser.Span{Start: of.by.Span().Start, End: node.Call.Start}, "")}, Safe: true})
	}
}

// forgotten reports a call of what is async and isn't awaited, where that isn't
// left to another place.
func (p *pass) forgotten(node *model.Node, of callUse, nodes map[ast.Expr]*model.Node, eager *model.Entity) {
	message := fmt.Sprintf("%s is async: the call gives a coroutine, and its output only when it is awaited", node.Entity.Describe())
	edits := []Edit{p.Insert(node.Call.Start, "await ")}
	switch of.use {
	case asOperand:
	case asElements:
		edits = []Edit{p.Insert(node.Call.Start, "(await "), p.Insert(node.Call.End, ")")}
	case asResult:
		if len(eager.Outputs) == 0 {
			return
		}
	case asArgument:
		if nodes[of.by] == nil {
			return // it may await it
		}
	case asNothing:
		message = fmt.Sprintf("%s is async, and nothing awaits it: it doesn't run", node.Entity.Describe())
	default:
		return
	}
	d := p.report(node.Call.Span(), message).unless(!node.Conditional && !node.Guarded)
	if of.use == asNothing {
		d.Severity = Warning
	}
	d.Fixes = append(d.Fixes, Fix{Title: "Await it", Edits: edits, Safe: true})
}
