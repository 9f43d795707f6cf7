package analysis

var _ = register(&Rule{
	Code:     "conditional-branch-outputs",
	Summary:  "An output of a conditional is used that not all of its cases have.",
	Details:  `A conditional has the outputs that all of its cases have, by their names, but for an else_() that fails. If they have none in common it has none: "Cannot pass output from task that produces no outputs to a downstream task". If only one is left, that is the result itself, and an attribute is looked for in its value.`,
	Severity: Error,
	Stage:    AtBackend,
	Source:   "condition.py:ConditionalSection.compute_output_vars",
	Bad: `import typing

from flytekit import conditional, task, workflow

Statistics = typing.NamedTuple("Statistics", total=int, mean=float)
Total = typing.NamedTuple("Total", total=int, count=int)


@task
def describe(number: int) -> Statistics:
    return Statistics(number, number / 2)


@task
def add_up(number: int) -> Total:
    return Total(number, 1)


@workflow
def flow(number: int = 1) -> float:
    result = (
        conditional("which")
        .if_(number > 10)
        .then(describe(number=number))
        .else_()
        .then(add_up(number=number))
    )
    return «result.mean»
`,
	Good: `import typing

from flytekit import conditional, task, workflow

Statistics = typing.NamedTuple("Statistics", total=int, mean=float)
Total = typing.NamedTuple("Total", total=int, count=int)


@task
def describe(number: int) -> Statistics:
    return Statistics(number, number / 2)


@task
def add_up(number: int) -> Total:
    return Total(number, 1)


@workflow
def flow(number: int = 1) -> int:
    return (
        conditional("which")
        .if_(number > 10)
        .then(describe(number=number))
        .else_()
        .then(add_up(number=number))
    )
`,
	check: remarked,
})
