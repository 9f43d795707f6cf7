package analysis

var _ = register(&Rule{
	Code:     "conditional-fail-not-last",
	Summary:  "A case before else_() fails.",
	Details:  `Only else_() can be followed by fail(): for any other case flytekit has no node, and raises an UnboundLocalError ("cannot access local variable 'n'"). Turn the conditions round, or call a task that raises an exception.`,
	Severity: Error,
	Stage:    AtRegister,
	Source:   "condition.py:to_case_block",
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
        .if_(number < 0)
        .«fail("negative")»
        .else_()
        .then(square(number=number))
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
