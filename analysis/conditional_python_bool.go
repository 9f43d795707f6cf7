package analysis

var _ = register(&Rule{
	Code:     "conditional-python-bool",
	Summary:  "A condition uses Python's own logic in place of & and |.",
	Details:  "Python itself decides `and`, `or`, `not`, `is`, `in`, `~` and chains like `1 < x < 3` when the workflow is compiled, and asks promises whether they are true, which they aren't before there is a value. flytekit raises \"Cannot perform truth value testing\" or \"Logical (and/or/is/not) operations are not supported\". Join comparisons with & and |, each in parentheses, and ask a bool with is_true() and is_false().",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "condition.py:Case",
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
        .if_(«number > 10 and number < 100»)
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
	check: mending("Use the operators of conditions"),
})
