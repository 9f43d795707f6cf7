package analysis

var _ = register(&Rule{
	Code:     "map-input-not-list",
	Summary:  "A map task is given one value where it takes a list.",
	Details:  "An input that is mapped over takes a list with an element for each run. Bind an input that is the same for all with functools.partial, or call the task itself.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:ListTransformer",
	Bad: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow() -> List[int]:
    return map_task(double)(number=«3»)
`,
	Good: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow() -> List[int]:
    return map_task(double)(number=[3])
`,
	check: misfitting(func(m *misfit) string {
		return "a map task runs once for each element of a list: " + m.wanted() + ", and " + m.given()
	}),
})
