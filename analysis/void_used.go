package analysis

var _ = register(&Rule{
	Code:     "void-used",
	Summary:  "The result of a task or workflow without outputs is used.",
	Details:  "A call of an entity that declares no output, or that has no return annotation, gives a VoidPromise: nothing can be done with it but `>>` and with_overrides(). flytekit raises \"returns nothing, NoneType return cannot be used\". Annotate what it returns.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:VoidPromise",
	Bad: `from flytekit import task, workflow


@task
def prepare():
    print("done")


@task
def train(size: int) -> int:
    return size


@workflow
def flow() -> int:
    return train(size=«prepare()»)
`,
	Good: `from flytekit import task, workflow


@task
def prepare() -> int:
    return 1


@task
def train(size: int) -> int:
    return size


@workflow
def flow() -> int:
    return train(size=prepare())
`,
	check: remarked,
})
