package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "task-nested",
	Summary:  "A task is defined within a function.",
	Details:  "A container finds its task by the name that it has in its module. flytekit raises \"TaskFunction cannot be a nested/inner or local function\" when the function that makes the task is called, as when the module is imported. It lets that pass in modules whose name begins with test_ or ends with _test, and of tasks that have a task_resolver of their own. In the body of a workflow it is raised when the workflow runs.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "python_function_task.py:PythonFunctionTask.__init__",
	Bad: `from flytekit import task


def make(factor: int):
    @task
    def «multiply»(number: int) -> int:
        return factor * number

    return multiply


double = make(2)
`,
	Good: `from flytekit import task


@task
def multiply(number: int, factor: int = 2) -> int:
    return factor * number
`,
	check: func(p *pass) {
		if testModule(p.File.ModuleName) {
			return
		}
		remarked(p)
		p.eachFunction(func(entity *model.Entity, certain bool) {
			def := entity.Function.Def
			if def == nil || def.Name == nil || entity.Decorated != entity.Function || entity.Function.Wraps != nil || !isTask(entity) || entity.Loader[1] == "" {
				return
			}
			if strings.Contains(entity.Function.Qualname, "<locals>") {
				p.report(def.Name.Range.Span(), "a container can't find a task that is made within a function: define it at the module's level").unless(certain)
			}
		})
	},
})

// testModule tells whether flytekit takes a module for one of tests
// (core/tracker.py:istestfunction).
func testModule(name string) bool {
	name = name[strings.LastIndex(name, ".")+1:]
	return strings.HasPrefix(name, "test_") || strings.HasSuffix(name, "_test")
}

func isTask(entity *model.Entity) bool {
	return entity.Kind == model.Task || entity.Kind == model.Dynamic || entity.Kind == model.Eager
}
