package analysis

var _ = register(&Rule{
	Code:     "conditional-fail-text",
	Summary:  "fail() isn't given a text.",
	Details:  `The message of fail() is a string that is known when the workflow is compiled: flytekit raises "bad argument type for built-in operation" for a number or an exception, and asks a promise for its truth. With None the conditional has no outputs.`,
	Severity: Error,
	Stage:    AtRegister,
	Source:   "condition.py:to_ifelse_block",
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
        .if_(number >= 0)
        .then(square(number=number))
        .else_()
        .fail(«ValueError("negative")»)
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
        .if_(number >= 0)
        .then(square(number=number))
        .else_()
        .fail("negative")
    )
`,
	check: remarked,
})
