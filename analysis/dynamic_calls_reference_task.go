package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "dynamic-calls-reference-task",
	Summary:  "A dynamic workflow calls a reference task.",
	Details:  "A dynamic workflow is compiled in its container, where flytekit doesn't know the task that is referred to: it raises \"Reference tasks are currently unsupported within dynamic tasks\". A local run doesn't show it. Call it in a @workflow, or import the task.",
	Severity: Error,
	Stage:    OnCluster,
	Source:   "python_function_task.py:PythonFunctionTask.compile_into_workflow",
	Bad: `from flytekit import dynamic, reference_task


@reference_task(project="flytesnacks", domain="development", name="core.double", version="v1")
def double(number: int) -> int: ...


@dynamic
def several(count: int = 2):
    for number in range(count):
        «double»(number=number)


def run():
    print("a local run has no backend to find it in")
`,
	Good: `from flytekit import dynamic, task


@task
def double(number: int) -> int:
    return 2 * number


@dynamic
def several(count: int = 2):
    for number in range(count):
        double(number=number)
`,
	check: func(p *pass) {
		for enclosing, node := range p.Module.Calls() {
			if enclosing.Kind == model.Dynamic && enclosing.Opaque == "" && node.Entity.Kind == model.ReferenceTask && node.Call != nil && p.here(node.Module) {
				p.report(node.Call.Func.Span(), fmt.Sprintf("%s can't be called in a dynamic workflow: its container doesn't know it", node.Entity.Describe())).unless(!node.Conditional && !node.Guarded)
			}
		}
	},
})
