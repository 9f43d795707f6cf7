package analysis

var _ = register(&Rule{
	Code:     "promise-type",
	Summary:  "An output is passed on to an input of another type.",
	Details:  "flytekit doesn't compare the types of what a workflow passes from task to task. The backend's compiler does when the workflow is registered, and rejects it: \"Code: MismatchingTypes\". An int isn't taken for a float, nor an Optional for what it may hold. A local run may pass.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/validators/typing.go:AreTypesCastable",
	Backend:  "MismatchingTypes",
	Bad: `from flytekit import task, workflow


@task
def count(text: str) -> int:
    return len(text)


@task
def half(number: float) -> float:
    return number / 2


@workflow
def flow(text: str) -> float:
    return half(number=«count(text=text)»)
`,
	Good: `from flytekit import task, workflow


@task
def count(text: str) -> float:
    return float(len(text))


@task
def half(number: float) -> float:
    return number / 2


@workflow
def flow(text: str) -> float:
    return half(number=count(text=text))
`,
	check: misfitting(func(m *misfit) string { return m.wanted() + ", and " + m.promised() }),
})
