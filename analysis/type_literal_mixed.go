package analysis

var _ = register(&Rule{
	Code:    "type-literal-mixed",
	Summary: "The values of a Literal are of several types, or of one that Flyte doesn't have.",
	Details: "A `Literal` is an input of the type of its values, which must be one of str, int, bool and float. flytekit raises " +
		"`All values must be of the same type` or `Unsupported type` when the module is imported; so it does of an annotated " +
		"Literal.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "type_engine.py:LiteralTypeTransformer",
	Bad: `from typing import Literal

from flytekit import task


@task
def scale(by: «Literal["none", 1, 2]») -> str:
    return str(by)
`,
	Good: `from typing import Literal

from flytekit import task


@task
def scale(by: Literal[0, 1, 2]) -> str:
    return str(by)
`,
	check: func(p *pass) {
		for _, wrong := range p.wrongTypes() {
			if annotated(wrong.of) {
				d := p.report(wrong.span, wrong.what+" is an annotated Literal, which flytekit doesn't take: leave Annotated out").unless(wrong.certain)
				p.leaveAnnotatedOut(d)
				continue
			}
			p.report(wrong.span, wrong.what+" is a Literal whose values must all be strings, or all int, bool or float").unless(wrong.certain)
		}
	},
})
