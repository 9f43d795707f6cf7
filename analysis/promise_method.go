package analysis

var _ = register(&Rule{
	Code:     "promise-method",
	Summary:  "A method of a promise's value is called.",
	Details:  "When a workflow is compiled a promise has no value, and an attribute of it is a promise of that field: to call it raises \"'Promise' object is not callable\". Call the method in a task. The order of nodes is written `a >> b`; only nodes of create_node have runs_before().",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise.__getattr__",
	Bad: `from flytekit import task, workflow


@task
def greet(name: str) -> str:
    return f"Hello {name}"


@workflow
def flow(name: str) -> str:
    return greet(name=«name.upper»())
`,
	Good: `from flytekit import task, workflow


@task
def greet(name: str) -> str:
    return f"Hello {name.upper()}"


@workflow
def flow(name: str) -> str:
    return greet(name=name)
`,
	check: mending("Write >>"),
})
