package analysis

var _ = register(&Rule{
	Code:     "promise-field-unknown",
	Summary:  "A field is taken of a promise that its dataclass or model doesn't have.",
	Details:  "flytekit writes the name down when it compiles the workflow, and the backend's compiler rejects it when it is registered: \"Code: FieldNotFound\". A local run fails, too.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/validators/bindings.go:validateBinding",
	Backend:  "FieldNotFound",
	Bad: `from dataclasses import dataclass

from flytekit import task, workflow


@dataclass
class Point:
    x: int
    y: int


@task
def origin() -> Point:
    return Point(x=0, y=0)


@task
def show(number: int):
    print(number)


@workflow
def flow():
    show(number=«origin().z»)
`,
	Good: `from dataclasses import dataclass

from flytekit import task, workflow


@dataclass
class Point:
    x: int
    y: int


@task
def origin() -> Point:
    return Point(x=0, y=0)


@task
def show(number: int):
    print(number)


@workflow
def flow():
    show(number=origin().y)
`,
	check: misfitting(func(m *misfit) string { return m.Said }),
})
