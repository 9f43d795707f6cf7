package analysis

import "strings"

var _ = register(&Rule{
	Code:     "constant-union",
	Summary:  "A value fits none of a union's types, or several of them.",
	Details:  "flytekit tries all types of a union and takes the one that fits: \"Value 1 is not of type typing.Optional[str]\" where none does, \"Ambiguous choice of variant for union type\" where several do.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:UnionTransformer",
	Bad: `from typing import Optional

from flytekit import task, workflow


@task
def greet(name: Optional[str] = None) -> str:
    return f"Hello {name}"


@workflow
def flow() -> str:
    return greet(name=«1»)
`,
	Good: `from typing import Optional

from flytekit import task, workflow


@task
def greet(name: Optional[str] = None) -> str:
    return f"Hello {name}"


@workflow
def flow() -> str:
    return greet(name="1")
`,
	check: misfitting(func(m *misfit) string {
		if strings.HasPrefix(m.Said, "Ambiguous") {
			return m.wanted() + ", and " + m.given() + ", which fits several of its types"
		}
		return m.wanted() + ", and " + m.given()
	}),
})
