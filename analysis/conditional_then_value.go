package analysis

var _ = register(&Rule{
	Code:     "conditional-then-value",
	Summary:  "then() is given something else than the result of a call.",
	Details:  "A case runs a node: then() takes what the call of a task, workflow or launch plan gives, and what an earlier call gave. A constant, a function, a list, a tuple of several results, an entity that isn't called and an input of the workflow have none, and flytekit raises an AttributeError, or leaves the conditional without outputs. A part of a promise loses its index: the case gives the whole.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "condition.py:Case.then",
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
        .if_(number > 10)
        .then(«lambda: double(number=number)»)
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
        .if_(number > 10)
        .then(double(number=number))
        .else_()
        .then(square(number=number))
    )
`,
	check: mending("Give then() the call itself"),
})
