package analysis

var _ = register(&Rule{
	Code:     "constant-dataclass",
	Summary:  "A value isn't an object of the dataclass or model that an input has.",
	Details:  "flytekit takes an object of the dataclass, of a class with equal fields, or a dict for a dataclass; an object for a pydantic model.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:DataclassTransformer",
	Bad: `from dataclasses import dataclass

from flytekit import task, workflow


@dataclass
class Point:
    x: int
    y: int


@dataclass
class Size:
    width: int
    height: int


@task
def area(size: Size) -> int:
    return size.width * size.height


@workflow
def flow() -> int:
    return area(size=«Point(x=1, y=2)»)
`,
	Good: `from dataclasses import dataclass

from flytekit import task, workflow


@dataclass
class Size:
    width: int
    height: int


@task
def area(size: Size) -> int:
    return size.width * size.height


@workflow
def flow() -> int:
    return area(size=Size(width=1, height=2))
`,
	check: misfitting(func(m *misfit) string { return m.wanted() + ", and " + m.given() + ": " + m.Said }),
})
