package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "entity-shadowed",
	Summary:  "An input or a local name hides the task or workflow that is called.",
	Details:  `In the body of a function a name stands for what the function binds it to, not for the task of the module: to call a promise raises "'Promise' object is not callable", and to call a name before it is bound an UnboundLocalError. Give one of them another name.`,
	Severity: Error,
	Stage:    AtRegister,
	Source:   "Python",
	Bad: `from flytekit import task, workflow


@task
def count(text: str) -> int:
    return len(text)


@workflow
def flow(text: str, count: int) -> int:
    return «count»(text=text)
`,
	Good: `from flytekit import task, workflow


@task
def count(text: str) -> int:
    return len(text)


@workflow
def flow(text: str, at_least: int) -> int:
    return count(text=text)
`,
	check: func(p *pass) {
		remarked(p)
		for _, raised := range p.Module.Exceptions() {
			if raised.Class != "UnboundLocalError" || raised.Entity == nil || !p.here(raised.Module) {
				continue
			}
			name := p.Text(parser.Span(raised.Span))
			if entity := p.Module.Entity(name); entity != nil {
				message := fmt.Sprintf("%s binds the name %s itself, which hides %s: give one of them another name", raised.Entity.Describe(), name, entity.Describe())
				p.report(parser.Span(raised.Span), message, p.related(entity.Module, parser.Span(entity.NameSpan), entity.Describe()+" is defined here")...).unless(raised.Certain)
			}
		}
	},
})
