package analysis

var _ = register(&Rule{
	Code:     "constant-list",
	Summary:  "A list input is given something else, or a list with an element of another type.",
	Details:  "Only a list is one: flytekit takes no tuple, range or set for List[T], and asks for the very class of each element: \"Value 'range(0, 3)' is not of container type <class 'list'>\".",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:ListTransformer",
	Bad: `from typing import List

from flytekit import task, workflow


@task
def total(numbers: List[int]) -> int:
    return sum(numbers)


@workflow
def flow() -> int:
    return total(numbers=[1, «"2"»])
`,
	Fixed: `from typing import List

from flytekit import task, workflow


@task
def total(numbers: List[int]) -> int:
    return sum(numbers)


@workflow
def flow() -> int:
    return total(numbers=[1, 2])
`,
	check: misfitting(func(m *misfit) string { return m.wanted() + ", and " + m.given() }),
})
