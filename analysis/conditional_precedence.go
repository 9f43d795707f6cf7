package analysis

var _ = register(&Rule{
	Code:     "conditional-precedence",
	Summary:  "Comparisons joined by & or | lack their parentheses.",
	Details:  "& and | bind closer than comparisons: Python takes `a > 1 & b < 2` for `a > (1 & b) < 2`. flytekit then raises an error about & or |, about the truth of a promise, or takes a condition for False. Put each comparison in parentheses.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise.__and__",
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
        .if_(«number > 10 & number < 100»)
        .then(double(number=number))
        .else_()
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
        .if_((number > 10) & (number < 100))
        .then(double(number=number))
        .else_()
        .then(square(number=number))
    )
`,
	check: mending("Put the comparisons in parentheses"),
})
