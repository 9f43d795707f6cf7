package analysis

var _ = register(&Rule{
	Code:     "type-recursive",
	Summary:  "A dataclass or a pydantic model holds itself.",
	Details:  "flytekit goes down the fields of a class, and of the classes in them, to tell its type. A field of the class itself, or a list or dict of such, has no end: serializing the entity fails with `Failed to parse JSON: RecursionError` or `Exceeded upb_DecodeOptions_MaxDepth`. One field that is Optional of the class is right, and so is a list of such; with two, flytekit doesn't come to an end when it imports the module. Else keep the objects in a flat list, with numbers for the links.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:DataclassTransformer.get_literal_type",
	Bad: `from dataclasses import dataclass, field

from flytekit import task


@dataclass
class Folder:
    name: str
    folders: list["Folder"] = field(default_factory=list)


@task
def count(folder: «Folder») -> int:
    return len(folder.folders)
`,
	Good: `from dataclasses import dataclass, field
from typing import Optional

from flytekit import task


@dataclass
class Folder:
    name: str
    folders: list[Optional["Folder"]] = field(default_factory=list)


@task
def count(folder: Folder) -> int:
    return len(folder.folders)
`,
	check: func(p *pass) {
		for _, wrong := range p.wrongTypes() {
			p.report(wrong.span, wrong.what+" has a type without end: "+wrong.says).unless(wrong.certain)
		}
	},
})
