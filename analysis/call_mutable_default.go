package analysis

var _ = register(&Rule{
	Code:     "call-mutable-default",
	Summary:  "A call leaves out an input whose default is a list, a dict or a set.",
	Details:  "flytekit refuses to take such a default for a node: \"Argument names for function shop.greet is a mutable default argument, which is a python anti-pattern and not supported in flytekit tasks\". Give the input a value in the call, or let its default be None. A sub-workflow's default is taken, whatever it is.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:create_and_link_node",
	Bad: `from typing import List

from flytekit import task, workflow


@task
def greet(names: List[str] = ["world"]) -> str:
    return "Hello " + " and ".join(names)


@workflow
def flow() -> str:
    return «greet»()
`,
	Good: `from typing import List

from flytekit import task, workflow


@task
def greet(names: List[str] = ["world"]) -> str:
    return "Hello " + " and ".join(names)


@workflow
def flow() -> str:
    return greet(names=["world"])
`,
	check: remarked,
})
