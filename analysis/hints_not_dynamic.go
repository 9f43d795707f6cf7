package analysis

import "github.com/flyte-lsp/flyte-lsp/model"

var _ = register(&Rule{
	Code:     "hints-not-dynamic",
	Summary:  "A task that isn't dynamic is given node_dependency_hints.",
	Details:  "The hints name what a dynamic workflow may call. flytekit raises `ValueError: node_dependency_hints should only be used on dynamic tasks` when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "python_function_task.py:PythonFunctionTask.__init__",
	Bad: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number


@task(«node_dependency_hints»=[double])
def quadruple(number: int) -> int:
    return 4 * number
`,
	Fixed: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number


@task()
def quadruple(number: int) -> int:
    return 4 * number
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			hints, given := s.get("node_dependency_hints")
			if !given || unknown(hints.Value) || s.entity == nil || s.entity.Kind != model.Task && s.entity.Kind != model.Eager || s.has("execution_mode") {
				return
			}
			d := s.reportName(hints, "only a dynamic workflow has node_dependency_hints").unless(s.plain())
			if keyword, call := s.keyword(hints); keyword != nil {
				d.Fixes = append(d.Fixes, Fix{Title: "Remove node_dependency_hints", Edits: []Edit{p.RemoveArgument(call, keyword)}})
			}
		})
	},
})
