package analysis

var _ = register(&Rule{
	Code:     "promise-slice",
	Summary:  "A slice is taken of a promise.",
	Details:  "A promise can be indexed by a number or a name, which is looked up when the value is there. A slice isn't: the run fails, and so does registering it. Slice the list in a task.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "promise.py:Promise.__getitem__",
	Backend:  "MismatchingTypes",
	Bad: `from typing import List

from flytekit import task, workflow


@task
def numbers() -> List[int]:
    return [1, 2, 3]


@task
def total(values: List[int]) -> int:
    return sum(values)


@workflow
def flow() -> int:
    return total(values=«numbers()[0:2]»)
`,
	Good: `from typing import List

from flytekit import task, workflow


@task
def numbers() -> List[int]:
    return [1, 2, 3]


@task
def total(values: List[int]) -> int:
    return sum(values)


@workflow
def flow() -> int:
    return total(values=numbers())
`,
	check: misfitting(func(m *misfit) string { return m.Said }),
})
