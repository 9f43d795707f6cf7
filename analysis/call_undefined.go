package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "call-undefined",
	Summary:  "A workflow's body or a decorator uses a name that isn't defined.",
	Details:  "A workflow's body runs when flytekit compiles it, and the arguments of a decorator are evaluated when the module is imported: Python raises NameError. What a decorator names must be defined above.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "Python's NameError",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> int:
    return «duoble»(number=x)
`,
	Fixed: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> int:
    return double(number=x)
`,
	check: func(p *pass) {
		for _, raised := range p.Module.Exceptions() {
			if raised.Class != "NameError" || !p.here(raised.Module) {
				continue
			}
			where := "its body runs when the workflow is compiled"
			switch {
			case raised.Entity != nil && !compiled(raised.Entity):
				continue
			case raised.Entity == nil && !p.inDecorator(raised.Span):
				continue
			case raised.Entity == nil:
				where = "the decorator is evaluated when the module is imported"
			}
			name := p.Text(raised.Span)
			d := p.report(raised.Span, fmt.Sprintf("%s isn't defined here: %s", name, where)).unless(raised.Certain)
			if meant := p.nameLike(name, raised.Entity == nil, raised.Span.Start); meant != "" {
				d.Fixes = append(d.Fixes, Fix{Title: "Write " + meant, Edits: []Edit{p.Edit(raised.Span, meant)}})
			}
		}
	},
})

// inDecorator tells whether a place is in a decorator of one of the module's
// functions.
func (p *pass) inDecorator(at parser.Span) bool {
	for _, statement := range p.Module.AST.Body {
		def, ok := statement.(*ast.FunctionDef)
		if !ok || at.Start < def.Start || at.Start >= def.End {
			continue
		}
		for _, decorator := range def.Decorators {
			if decorator.Span().Start <= at.Start && at.End <= decorator.Span().End {
				return true
			}
		}
	}
	return false
}

// nameLike is the module's name that another one is likely a misspelling of.
// above: only those that are bound before an offset.
func (p *pass) nameLike(name string, above bool, offset int) string {
	var names []string
	for binding := range p.Module.Scope.All() {
		if !above || binding.Span.End <= offset {
			names = append(names, binding.Name)
		}
	}
	return Nearest(name, names)
}
