package analysis

var _ = register(&Rule{
	Code:     "constant-int64",
	Summary:  "An int doesn't fit into 64 bits.",
	Details:  "Flyte's integers have 64 bits. Python's are larger, and flytekit raises \"Value out of range\" when it serializes the workflow. Give it as a str.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "models/literals.py:Primitive.to_flyte_idl",
	Bad: `from flytekit import task, workflow


@task
def digits(number: int) -> int:
    return len(str(number))


@workflow
def flow() -> int:
    return digits(number=«9223372036854775808»)
`,
	Good: `from flytekit import task, workflow


@task
def digits(number: int) -> int:
    return len(str(number))


@workflow
def flow() -> int:
    return digits(number=9223372036854775807)
`,
	check: misfitting(func(m *misfit) string { return m.wanted() + ", which has 64 bits, and this int needs more" }),
})
