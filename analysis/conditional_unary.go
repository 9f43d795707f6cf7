package analysis

var _ = register(&Rule{
	Code:     "conditional-unary",
	Summary:  "The condition of a case is a value and no comparison.",
	Details:  `if_() and elif_() take comparisons of promises, joined by & and |. A promise alone, also one of a bool, is rejected: "Flytekit does not support unary expressions of the form if_(x)". Call its is_true() or is_false(), or compare it.`,
	Severity: Error,
	Stage:    AtRegister,
	Source:   "condition.py:Case",
	Bad: `from flytekit import conditional, task, workflow


@task
def is_large(number: int) -> bool:
    return number > 1000


@task
def double(number: int) -> int:
    return 2 * number


@task
def square(number: int) -> int:
    return number * number


@workflow
def flow(number: int) -> int:
    large = is_large(number=number)
    return conditional("which").if_(«large»).then(double(number=number)).else_().then(square(number=number))
`,
	Fixed: `from flytekit import conditional, task, workflow


@task
def is_large(number: int) -> bool:
    return number > 1000


@task
def double(number: int) -> int:
    return 2 * number


@task
def square(number: int) -> int:
    return number * number


@workflow
def flow(number: int) -> int:
    large = is_large(number=number)
    return conditional("which").if_(large.is_true()).then(double(number=number)).else_().then(square(number=number))
`,
	check: mending("Call is_true()"),
})
