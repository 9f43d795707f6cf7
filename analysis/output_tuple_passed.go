package analysis

var _ = register(&Rule{
	Code:     "output-tuple-passed",
	Summary:  "Several outputs are passed where one value is wanted.",
	Details:  "A call with several outputs, or with one that a NamedTuple names, gives a tuple of promises. flytekit raises \"cannot receive a multi-valued tuple\". Pass one of them, as in `call().o0` or by the NamedTuple's field.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:create_and_link_node",
	Bad: `from typing import NamedTuple

from flytekit import task, workflow

Model = NamedTuple("Model", [("path", str)])


@task
def train() -> Model:
    return Model("model.bin")


@task
def deploy(path: str):
    print(path)


@workflow
def flow():
    deploy(path=«train()»)
`,
	Fixed: `from typing import NamedTuple

from flytekit import task, workflow

Model = NamedTuple("Model", [("path", str)])


@task
def train() -> Model:
    return Model("model.bin")


@task
def deploy(path: str):
    print(path)


@workflow
def flow():
    deploy(path=train().path)
`,
	check: mending("Pass the output"),
})
