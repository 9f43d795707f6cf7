package analysis

import "fmt"

var _ = register(&Rule{
	Code:     "map-ratio-optional",
	Summary:  "The results of a map task that may fail in parts are passed on as if none were missing.",
	Details:  "With a min_success_ratio other than 1 a map task gives List[Optional[T]], as None stands for what failed. flytekit raises \"Expected type 'typing.List[int]' does not match upstream type 'typing.List[typing.Optional[int]]'\" where a List[T] is wanted.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:binding_data_from_python_std",
	Bad: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def total(numbers: List[int]) -> int:
    return sum(numbers)


@workflow
def flow(numbers: List[int]) -> int:
    doubled = map_task(double, min_success_ratio=0.5)(number=numbers)
    return total(numbers=«doubled»)
`,
	Good: `from typing import List, Optional

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def total(numbers: List[Optional[int]]) -> int:
    return sum(number for number in numbers if number is not None)


@workflow
def flow(numbers: List[int]) -> int:
    doubled = map_task(double, min_success_ratio=0.5)(number=numbers)
    return total(numbers=doubled)
`,
	check: misfitting(func(m *misfit) string {
		return fmt.Sprintf("%s, and what the map task gives may have None among its elements: its min_success_ratio isn't 1", m.wanted())
	}),
})
