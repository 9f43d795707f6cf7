package analysis

var _ = register(&Rule{
	Code:     "promise-index-kind",
	Summary:  "A promise is indexed by what its value isn't indexed by.",
	Details:  "The elements of a list are taken by numbers, and the fields of a dataclass by names: another index is only found wrong when the value is there, and the run fails. The values of a bare `dict` have no type: flytekit raises \"Trying to index into a unschematized struct type\", and the backend takes a part of it for a dict.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "promise.py:resolve_attr_path_in_promise",
	Bad: `from typing import List

from flytekit import task, workflow


@task
def numbers() -> List[int]:
    return [1, 2, 3]


@task
def show(number: int):
    print(number)


@workflow
def flow():
    show(number=«numbers().first»)
`,
	Good: `from typing import List

from flytekit import task, workflow


@task
def numbers() -> List[int]:
    return [1, 2, 3]


@task
def show(number: int):
    print(number)


@workflow
def flow():
    show(number=numbers()[0])
`,
	check: func(p *pass) {
		remarked(p)
		misfitting(func(m *misfit) string { return m.Said })(p)
	},
})
