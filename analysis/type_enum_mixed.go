package analysis

var _ = register(&Rule{
	Code:    "type-enum-mixed",
	Summary: "Some values of an Enum are no strings.",
	Details: "Flyte's enums are of strings. flytekit looks at the first value only when the module is imported, and raises `bad " +
		"argument type for built-in operation` when the task or workflow is serialized.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:EnumTransformer",
	Bad: `from enum import Enum

from flytekit import task


class Level(Enum):
    LOW = "low"
    HIGH = 2


@task
def describe(level: «Level») -> str:
    return level.name
`,
	Good: `from enum import Enum

from flytekit import task


class Level(Enum):
    LOW = "low"
    HIGH = "high"


@task
def describe(level: Level) -> str:
    return level.name
`,
	check: reportTypes("is an Enum of which some values are no strings, which is all that Flyte takes: give its members strings"),
})
