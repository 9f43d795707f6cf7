package analysis

var _ = register(&Rule{
	Code:     "workflow-calls-async",
	Summary:  "A workflow calls an async task.",
	Details:  "An `async def` task or an @eager workflow that a @workflow or @dynamic calls gives a coroutine, and no promise: flytekit raises an error where it is used and, where it isn't, makes no node for it. Call it in an @eager workflow, or make it a plain task.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "python_function_task.py:AsyncPythonFunctionTask.__call__",
	Bad: `from flytekit import task, workflow


@task
async def fetch(url: str) -> str:
    return url


@task
def show(text: str):
    print(text)


@workflow
def flow(url: str = "a"):
    show(text=«fetch»(url=url))
`,
	Good: `from flytekit import task, workflow


@task
def fetch(url: str) -> str:
    return url


@task
def show(text: str):
    print(text)


@workflow
def flow(url: str = "a"):
    show(text=fetch(url=url))
`,
	check: remarked,
})
