package analysis

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:      "decorator-over-task",
	Summary:   "A decorator above @task takes the task's place in its module.",
	Details:   "A container looks the task up by its name in the module, and finds what the decorator above has made of it: a plain function, which it can't run. A local run doesn't show it. Put the decorator below @task, with functools.wraps in it.",
	Severity:  Error,
	Stage:     OnCluster,
	OfModules: true,
	Source:    "python_auto_container.py:DefaultTaskResolver.load_task",
	Bad: `import functools

from flytekit import task


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


«@logged»
@task
def double(number: int = 1) -> int:
    return 2 * number
`,
	Fixed: `import functools

from flytekit import task


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@task
@logged
def double(number: int = 1) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			if entity.Decorated == nil || entity.Decorated.Def == nil || !isTask(entity) || !p.here(entity.Decorated.Module) {
				return
			}
			decorators := entity.Decorated.Def.Decorators
			own := slices.IndexFunc(decorators, func(d ast.Expr) bool { return d.Span().Start == entity.Anchor })
			if own <= 0 || entity.Decorated.In == nil || entity.Decorated.In != p.Module.Scope {
				return
			}
			binding, ok := p.Module.Scope.Get(entity.Decorated.Name)
			wrapper, plain := binding.Value.(*pyeval.Function)
			if !ok || !plain || binding.Maybe {
				return
			}
			above := decorators[own-1]
			span := p.withSign(above)
			d := p.report(span, "a container finds this in the place of the task "+entity.Decorated.Name+": put it below").unless(certain)
			task := p.withSign(decorators[own])
			if between := p.Text(parser.Span{Start: span.End, End: task.Start}); strings.TrimSpace(between) == "" {
				d.Fixes = append(d.Fixes, Fix{Title: "Put it below", Safe: wrapper.Wraps != nil, Edits: []Edit{p.Edit(span, p.Text(task)), p.Edit(task, p.Text(span))}})
			}
		})
	},
})

// withSign is the span of a decorator with its @.
func (p *pass) withSign(decorator ast.Expr) parser.Span {
	span := decorator.Span()
	line := p.File.Source.LineStart(span.Start)
	if at := strings.LastIndex(p.Text(parser.Span{Start: line, End: span.Start}), "@"); at >= 0 {
		span.Start = line + at
	}
	return span
}
