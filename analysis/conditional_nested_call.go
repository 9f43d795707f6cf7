package analysis

var _ = register(&Rule{
	Code:     "conditional-nested-call",
	Summary:  "A call within a conditional gives its result to a case or a condition.",
	Details:  "The nodes that are made between conditional() and the end of else_() belong to the conditional, and it keeps those that then() is given. The node of any other call is dropped, and who uses its output is bound to another node that happens to have the same id. Local runs hide it in a case, and fail in a condition. Call it before the conditional, or put both calls into a workflow of their own.",
	Severity: Error,
	Stage:    AtBackend,
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
        .if_(number > 10)
        .then(double(number=«square»(number=number)))
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
    squared = square(number=number)
    return (
        conditional("which")
        .if_(number > 10)
        .then(double(number=squared))
        .else_()
        .then(square(number=number))
    )
`,
	check: remarked,
})
