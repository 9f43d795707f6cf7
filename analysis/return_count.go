package analysis

var _ = register(&Rule{
	Code:     "return-count",
	Summary:  "A workflow returns another number of values than it declares outputs.",
	Details:  "flytekit raises \"Length mismatch 2 vs 3\", \"The Workflow specification indicates multiple return values, received only one\" or, for one output, \"but return value is a tuple\", when it compiles the workflow. A list is one value: it isn't taken for a tuple.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from typing import Tuple

from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> Tuple[int, int]:
    return «double(number=x), x, x»
`,
	Good: `from typing import Tuple

from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> Tuple[int, int]:
    return double(number=x), x
`,
	check: remarked,
})
