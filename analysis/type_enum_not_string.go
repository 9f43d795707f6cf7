package analysis

var _ = register(&Rule{
	Code:    "type-enum-not-string",
	Summary: "The values of an Enum are no strings.",
	Details: "Flyte's enums are of strings: flytekit raises `Only EnumTypes with value of string are supported` when the module " +
		"is imported and the first value of the Enum is none. That is so of an IntEnum and of `auto()`, too.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "type_engine.py:EnumTransformer",
	Bad: `from enum import Enum

from flytekit import task


class Level(Enum):
    LOW = 1
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
	check: reportTypes("is an Enum whose values are no strings, which is all that Flyte takes: give its members strings"),
})
