package analysis

var _ = register(&Rule{
	Code:     "promise-iterate",
	Summary:  "A promise is iterated over or unpacked.",
	Details:  "When a workflow is compiled a promise has no elements: for, comprehensions, `*p`, `a, b = p`, `x in p`, list(), sorted(), zip(), sum() raise \"Promise objects are not iterable\". Use map_task() to run a task on each element, a @dynamic workflow to loop over them, or index the list, as in p[0].",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise.__iter__",
	Bad: `from typing import List

from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(numbers: List[int]):
    for number in «numbers»:
        double(number=number)
`,
	Good: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(numbers: List[int]):
    map_task(double)(number=numbers)
`,
	check: remarked,
})
