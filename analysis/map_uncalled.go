package analysis

var _ = register(&Rule{
	Code:     "map-uncalled",
	Summary:  "A map task is used without a call.",
	Details:  "map_task makes a task. Its outputs are there once it is called with its lists: map_task(double)(number=numbers).",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(numbers: List[int] = [1, 2]) -> List[int]:
    return «map_task(double)»
`,
	Good: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(numbers: List[int] = [1, 2]) -> List[int]:
    return map_task(double)(number=numbers)
`,
	check: misfitting(func(m *misfit) string { return "the map task isn't called: " + m.wanted() }),
})
