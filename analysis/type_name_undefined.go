package analysis

var _ = register(&Rule{
	Code:    "type-name-undefined",
	Summary: "An annotation names what isn't defined.",
	Details: "flytekit reads the annotations of a task or workflow when it is decorated, quoted and postponed ones too " +
		"(`from __future__ import annotations`), and Python raises `NameError: name 'Size' is not defined` for names that are " +
		"bound later in the module, or below `if TYPE_CHECKING` only.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "interface.py:transform_function_to_interface",
	Bad: `from dataclasses import dataclass

from flytekit import task


@task
def area(size: "«Size»") -> int:
    return size.width * size.height


@dataclass
class Size:
    width: int
    height: int
`,
	Good: `from dataclasses import dataclass

from flytekit import task


@dataclass
class Size:
    width: int
    height: int


@task
def area(size: "Size") -> int:
    return size.width * size.height
`,
	check: remarked,
})
