package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "conditional-no-else",
	Summary:  "A conditional has no else_().",
	Details:  "flytekit makes the node of a conditional when the case of else_() has its then() or fail(). Before, what the chain gives is no promise: it can't be returned, passed on, or be the case of another conditional. As a statement of its own it is dropped silently, with all that is called behind it. Close it with else_(), and let it fail() if one of the cases always holds.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "condition.py:ConditionalSection.end_branch",
	Bad: `from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def square(number: int) -> int:
    return number * number


@workflow
def flow(number: int) -> int:
    return (
        «conditional("which")»
        .if_(number > 10)
        .then(double(number=number))
        .elif_(number <= 10)
        .then(square(number=number))
    )
`,
	Fixed: `from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def square(number: int) -> int:
    return number * number


@workflow
def flow(number: int) -> int:
    return (
        conditional("which")
        .if_(number > 10)
        .then(double(number=number))
        .elif_(number <= 10)
        .then(square(number=number))
        .else_()
        .fail("no case holds")
    )
`,
	check: closeConditionals,
})

// closeConditionals adds an else_() that fails to those that have none.
func closeConditionals(p *pass) {
	for _, remark := range p.remarked() {
		d := p.reportRemark(remark)
		if last := p.lastStep(remark); last != (parser.Span{}) && len(d.Fixes) == 0 {
			between := ""
			if indent, first := p.Indent(last.Start - len(".")); first {
				between = p.lineEnd(last.Start) + indent
			}
			text := between + ".else_()" + between + `.fail("no case holds")`
			d.Fixes = []Fix{{Title: "Close the conditional with else_().fail()", Edits: []Edit{p.Insert(last.End, text)}}}
		}
	}
}

// lastStep is the then() or fail() that the cases of a conditional end with,
// empty if its last case has neither.
func (p *pass) lastStep(remark model.Remark) parser.Span {
	for _, entity := range p.Module.Entities {
		for node := range p.Module.Body(entity).All() {
			if node.Branch == nil || node.Call == nil || !p.here(node.Module) || node.Call.Span() != remark.Span || len(node.Branch.Cases) == 0 {
				continue
			}
			if last := node.Branch.Cases[len(node.Branch.Cases)-1]; last.Span.Start == remark.Span.Start {
				return last.Step
			}
		}
	}
	return parser.Span{}
}

// lineEnd is how the line before that of an offset ends: with a backslash where
// no parentheses are around it.
func (p *pass) lineEnd(offset int) string {
	before := p.Text(parser.Span{Start: 0, End: p.File.Source.LineStart(offset)})
	if strings.HasSuffix(strings.TrimRight(before, "\r\n"), `\`) {
		return " \\\n"
	}
	return "\n"
}
