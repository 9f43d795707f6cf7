package analysis

import "github.com/flyte-lsp/flyte-lsp/model"

var _ = register(&Rule{
	Code:     "return-type",
	Summary:  "A workflow returns a value of another type than its output has.",
	Details:  "flytekit rejects a constant of another type when it compiles the workflow (\"Failed to bind output o0\"). Of the outputs of tasks the backend's compiler compares the types when the workflow is registered: \"Code: MismatchingTypes\".",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "workflow.py:PythonFunctionWorkflow.compile, flytepropeller/pkg/compiler/validators/typing.go:AreTypesCastable",
	Bad: `from flytekit import task, workflow


@task
def count(text: str) -> int:
    return len(text)


@workflow
def flow(text: str) -> float:
    return «count(text=text)»
`,
	Good: `from flytekit import task, workflow


@task
def count(text: str) -> int:
    return len(text)


@workflow
def flow(text: str) -> int:
    return count(text=text)
`,
	check: misfitting(func(m *misfit) string {
		if _, ok := m.Value.(*model.Promise); ok && m.Gives != nil {
			return m.wanted() + ", and " + m.promised() + " (MismatchingTypes)"
		}
		return m.wanted() + ", and " + m.given()
	}),
})
