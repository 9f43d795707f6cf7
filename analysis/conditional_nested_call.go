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
def shorten(text: str) -> str:
    return text[:10]


@task
def length(text: str) -> int:
    return len(text)


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(text: str = "a") -> int:
    short = shorten(text=text)
    return (
        conditional("which")
        .if_(text == "a")
        .then(double(number=«length»(text=short)))
        .else_()
        .then(length(text=short))
    )
`,
	Good: `from flytekit import conditional, task, workflow


@task
def shorten(text: str) -> str:
    return text[:10]


@task
def length(text: str) -> int:
    return len(text)


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(text: str = "a") -> int:
    short = shorten(text=text)
    size = length(text=short)
    return (
        conditional("which")
        .if_(text == "a")
        .then(double(number=size))
        .else_()
        .then(length(text=short))
    )
`,
	check: remarked,
})
