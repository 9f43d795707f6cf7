package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:    "async-workflow",
	Summary: "A workflow is async, or a generator.",
	Details: "flytekit calls the function of a workflow once to compile it. What it gets of an `async def` is a coroutine, and of a " +
		"function that yields a generator, neither of which it runs: `Failed to bind output o0 ... Expected value of type ... but " +
		"got <coroutine object>`, or a workflow without nodes. Use `@eager` for a workflow that runs as Python does.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
«async» def flow(x: int) -> int:
    return double(number=x)
`,
	Fixed: `from flytekit import eager, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@eager
async def flow(x: int) -> int:
    return double(number=x)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			def := entity.Function.Def
			if entity.Kind != model.Workflow || def == nil || entity.Decorated != entity.Function {
				return
			}
			if def.Async {
				span := asyncSpan(def)
				d := p.report(span, "flytekit compiles a workflow by calling it, and doesn't await what an async function gives: use @eager").unless(certain)
				p.useEager(d, entity)
			}
			if yields := ownFlow(def).yields; len(yields) > 0 {
				p.report(parser.Span(yields[0].Span()), "flytekit compiles a workflow by calling it, and takes nothing from a generator: return the outputs").unless(certain)
			}
		})
	},
})

// asyncSpan is the word async of an async function.
func asyncSpan(def *ast.FunctionDef) parser.Span {
	return parser.Span{Start: def.DefStart, End: def.DefStart + len("async")}
}

// useEager offers to decorate a workflow with @eager, where its decorator has no
// settings.
func (p *pass) useEager(d *Diagnostic, entity *model.Entity) {
	for _, decorator := range entity.Function.Def.Decorators {
		if decorator.Span().Start != entity.Anchor {
			continue
		}
		var edits []Edit
		switch decorator := decorator.(type) {
		case *ast.Name:
			edits = append([]Edit{p.Edit(parser.Span(decorator.Span()), "eager")}, p.AddImport("eager")...)
		case *ast.Attribute:
			if module := p.Text(parser.Span(decorator.Value.Span())); strings.Contains("flytekit fk fl", module) {
				edits = []Edit{p.Edit(parser.Span(decorator.AttrSpan), "eager")}
			}
		}
		if edits != nil {
			d.Fixes = append(d.Fixes, Fix{Title: "Make it an eager workflow", Edits: edits})
		}
	}
}
