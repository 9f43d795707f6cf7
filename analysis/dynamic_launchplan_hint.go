package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "dynamic-launchplan-hint",
	Summary:  "A dynamic workflow calls a launch plan that it doesn't announce.",
	Details:  "What a dynamic workflow calls is known only when it runs: a launch plan must be registered by then. node_dependency_hints=[...] has flytekit register it together with the dynamic workflow.",
	Severity: Hint,
	Stage:    OnCluster,
	Source:   "python_function_task.py:PythonFunctionTask",
	Bad: `from flytekit import LaunchPlan, dynamic, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(number: int = 1) -> int:
    return double(number=number)


plan = LaunchPlan.get_or_create(flow, name="doubling")


@dynamic
def several(count: int = 2):
    for number in range(count):
        «plan»(number=number)
`,
	Good: `from flytekit import LaunchPlan, dynamic, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(number: int = 1) -> int:
    return double(number=number)


plan = LaunchPlan.get_or_create(flow, name="doubling")


@dynamic(node_dependency_hints=[plan])
def several(count: int = 2):
    for number in range(count):
        plan(number=number)
`,
	check: func(p *pass) {
		for enclosing, node := range p.Module.Calls() {
			hinted := slices.ContainsFunc(enclosing.Settings, func(s pyeval.Named) bool { return s.Name == "node_dependency_hints" })
			if enclosing.Kind == model.Dynamic && !hinted && !enclosing.SettingsOpen && node.Entity.Kind == model.LaunchPlan && node.Call != nil && p.here(node.Module) {
				p.report(node.Call.Func.Span(), fmt.Sprintf("%s must be registered when this runs: name it in node_dependency_hints of %s", node.Entity.Describe(), enclosing.Name))
			}
		}
	},
})
