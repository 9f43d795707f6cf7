package analysis

var _ = register(&Rule{
	Code:     "promise-to-text",
	Summary:  "The text of a promise is taken, which isn't that of its value.",
	Details:  "When a workflow is compiled f-strings, str(), format(), print() and `\"%s\" % p` give the text of the promise, \"Promise(node:n0.o0.[])\", and that is what tasks get. A format such as `:.2f` is rejected: \"unsupported format string passed to Promise.__format__\". Make the text in a task.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "promise.py:Promise.__str__",
	Bad: `from flytekit import task, workflow


@task
def greet(text: str) -> str:
    return text


@workflow
def flow(name: str) -> str:
    return greet(text=f"Hello {«name»}")
`,
	Good: `from flytekit import task, workflow


@task
def greet(name: str) -> str:
    return f"Hello {name}"


@workflow
def flow(name: str) -> str:
    return greet(name=name)
`,
	check: graded,
})
