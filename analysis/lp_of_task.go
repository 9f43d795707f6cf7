package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "lp-of-task",
	Summary:  "A launch plan is made of a task.",
	Details:  "A launch plan launches a workflow. flytekit serializes one of a task, and flyteadmin refuses it: \"unexpected resource type task for identifier\". Call the task in a workflow, and make the launch plan of that.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin validation/launch_plan_validator.go:ValidateLaunchPlan",
	Bad: `from flytekit import LaunchPlan, task


@task
def clean() -> int:
    return 0


nightly = LaunchPlan.get_or_create(«clean», "nightly")
`,
	Good: `from flytekit import LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(flow, "nightly")
`,
	check: func(p *pass) {
		p.eachPlan(func(c *planCall) {
			if c.workflow == nil || c.workflow.Opaque != "" {
				return
			}
			switch c.workflow.Kind {
			case model.Task, model.Dynamic, model.InstanceTask:
				given, _ := c.argument("workflow")
				c.report(c.at(given), fmt.Sprintf("%s is no workflow: a launch plan launches workflows only", c.workflow.Describe()), c.workflowHere()...)
			}
		})
	},
})
