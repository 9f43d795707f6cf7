package analysis

var _ = register(&Rule{
	Code:     "constant-dict",
	Summary:  "A dict input is given something else, or a dict with a key or a value of another type.",
	Details:  "The keys of Dict[str, T] must be strings, and its values of the very class T.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:DictTransformer",
	Bad: `from typing import Dict

from flytekit import task, workflow


@task
def total(prices: Dict[str, float]) -> float:
    return sum(prices.values())


@workflow
def flow() -> float:
    return total(prices={"apple": 0.5, "pear": «1»})
`,
	Fixed: `from typing import Dict

from flytekit import task, workflow


@task
def total(prices: Dict[str, float]) -> float:
    return sum(prices.values())


@workflow
def flow() -> float:
    return total(prices={"apple": 0.5, "pear": 1.0})
`,
	check: misfitting(func(m *misfit) string { return m.wanted() + ", and " + m.given() }),
})
