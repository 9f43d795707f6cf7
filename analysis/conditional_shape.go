package analysis

import "strings"

var _ = register(&Rule{
	Code:     "conditional-shape",
	Summary:  "A conditional isn't put together as if_(), elif_() and else_().",
	Details:  "A conditional has a name and one if_(), then any number of elif_(), and else_() at the end. Each is followed by then() with the call of a task, workflow or launch plan; else_() may have fail() instead. Anything else is an AttributeError or a TypeError when flytekit compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "condition.py:Condition",
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
        conditional("which")
        .if_(number > 100)
        .then(double(number=number))
        .«if_»(number > 10)
        .then(square(number=number))
        .else_()
        .fail("too small")
    )
`,
	Good: `from flytekit import conditional, task, workflow


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
        .if_(number > 100)
        .then(double(number=number))
        .elif_(number > 10)
        .then(square(number=number))
        .else_()
        .fail("too small")
    )
`,
	check: func(p *pass) {
		for _, remark := range p.remarked() {
			d := p.reportRemark(remark)
			written := p.Text(d.Span)
			if near := Nearest(written, []string{"if_", "elif_", "else_", "then", "fail"}); near != "" && strings.Contains(remark.Message, "there is no "+written) {
				d.Fixes = []Fix{{Title: "Rename it to " + near, Edits: []Edit{p.Edit(d.Span, near)}}}
			}
		}
	},
})
