package analysis

var _ = register(&Rule{
	Code:     "constant-type",
	Summary:  "A constant isn't exactly of the type that an input has.",
	Details:  "flytekit asks for the very class: an int is no float, a bool no int, a date no datetime, and None is a value of an Optional only. It raises \"Expected value of type <class 'float'> but got '1' of type <class 'int'>\" when it compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:TypeTransformer.assert_type",
	Bad: `from flytekit import task, workflow


@task
def half(number: float) -> float:
    return number / 2


@workflow
def flow() -> float:
    return half(number=«1»)
`,
	Fixed: `from flytekit import task, workflow


@task
def half(number: float) -> float:
    return number / 2


@workflow
def flow() -> float:
    return half(number=1.0)
`,
	check: misfitting(func(m *misfit) string { return m.wanted() + ", and " + m.given() }),
})
