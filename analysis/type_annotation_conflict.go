package analysis

var _ = register(&Rule{
	Code:    "type-annotation-conflict",
	Summary: "A FlyteAnnotation stands where flytekit takes none.",
	Details: "A type may have one `FlyteAnnotation`, whose data may not have the key `cache-key-metadata`; a dataclass and a dict " +
		"may have none. flytekit raises an error when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "type_engine.py:TypeEngine.to_literal_type",
	Bad: `from typing import Annotated

from flytekit import task
from flytekit.core.annotation import FlyteAnnotation


@task
def double(number: «Annotated[int, FlyteAnnotation({"unit": "m"}), FlyteAnnotation({"min": 0})]») -> int:
    return 2 * number
`,
	Good: `from typing import Annotated

from flytekit import task
from flytekit.core.annotation import FlyteAnnotation


@task
def double(number: Annotated[int, FlyteAnnotation({"unit": "m", "min": 0})]) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		for _, wrong := range p.wrongTypes() {
			p.report(wrong.span, wrong.what+" has a FlyteAnnotation that flytekit doesn't take: "+wrong.says).unless(wrong.certain)
		}
	},
})
