package analysis

var _ = register(&Rule{
	Code:     "failure-node-inputs",
	Summary:  "The inputs of a failure handler don't fit those of its workflow.",
	Details:  "A failure handler is called with the workflow's inputs: it has all of them, of the same types, and its further ones are Optional; a default doesn't help. flytekit raises FlyteFailureNodeInputMismatchException when it compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:_validate_add_on_failure_handler",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def clean_up(number: str):
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
