package analysis

var _ = register(&Rule{
	Code:     "constant-literal-value",
	Summary:  "A constant isn't among the values that a Literal lists.",
	Details:  "flytekit looks at the class of the value only: the task runs with a value that its Literal doesn't have.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "type_engine.py:LiteralTypeTransformer",
	Bad: `from typing import Literal

from flytekit import task, workflow


@task
def train(mode: Literal["fast", "exact"]) -> str:
    return mode


@workflow
def flow() -> str:
    return train(mode=«"fats"»)
`,
	Fixed: `from typing import Literal

from flytekit import task, workflow


@task
def train(mode: Literal["fast", "exact"]) -> str:
    return mode


@workflow
def flow() -> str:
    return train(mode="fast")
`,
	check: func(p *pass) {
		for _, m := range p.misfits() {
			d := p.reportMisfit(m, m.wanted()+", which doesn't list this value")
			d.Fixes = p.listed(m)
		}
	},
})
