package analysis

var _ = register(&Rule{
	Code:     "promise-convert",
	Summary:  "A promise is given to a function that needs its value.",
	Details:  "When a workflow is compiled a promise has no value: int(), float(), round(), abs(), max(a, b), json.dumps(), os.path.join(), open() and the like raise an error, as does a promise as an index of a list or as a key that is looked up. Do it in a task.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise",
	Bad: `from flytekit import task, workflow


@task
def train(epochs: int) -> float:
    return 1.0 / epochs


@workflow
def flow(epochs: str) -> float:
    return train(epochs=int(«epochs»))
`,
	Good: `from flytekit import task, workflow


@task
def to_int(text: str) -> int:
    return int(text)


@task
def train(epochs: int) -> float:
    return 1.0 / epochs


@workflow
def flow(epochs: str) -> float:
    return train(epochs=to_int(text=epochs))
`,
	check: func(p *pass) {
		remarked(p)
		misfitting(func(m *misfit) string { return m.Said })(p)
	},
})
