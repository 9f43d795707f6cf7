package analysis

var _ = register(&Rule{
	Code:     "failure-node-entity",
	Summary:  "on_failure is neither a task nor a workflow.",
	Details:  "What on_failure is given is called as a node: a plain function, or the name of a task, has no interface, and flytekit raises an AttributeError when it compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:_validate_add_on_failure_handler",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


def clean_up(number: int):
    print("cleaned up")


@workflow(on_failure=«clean_up»)
def flow(number: int = 1) -> int:
    return double(number=number)
`,
	Good: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def clean_up(number: int):
    print("cleaned up")


@workflow(on_failure=clean_up)
def flow(number: int = 1) -> int:
    return double(number=number)
`,
	check: remarked,
})
