package analysis

var _ = register(&Rule{
	Code:     "output-unpack-count",
	Summary:  "Outputs are unpacked to another number of names.",
	Details:  "A call with several outputs gives a tuple of promises, which Python unpacks when the workflow is compiled: \"not enough values to unpack\". `first, *rest = call()` takes any number.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:create_task_output",
	Bad: `from typing import Tuple

from flytekit import task, workflow


@task
def split() -> Tuple[int, int]:
    return 1, 2


@workflow
def flow() -> int:
    train, validate, test = «split()»
    return train
`,
	Good: `from typing import Tuple

from flytekit import task, workflow


@task
def split() -> Tuple[int, int]:
    return 1, 2


@workflow
def flow() -> int:
    train, test = split()
    return train
`,
	check: remarked,
})
