package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "lp-schedule-unbound",
	Summary:  "A scheduled launch plan leaves a required input without a value.",
	Details:  "Nobody gives a scheduled run its inputs. flyteadmin answers \"Cannot create a launch plan with a schedule if there is an unbound required input\" when the launch plan is registered. Give the input a default in the workflow, or a value in `default_inputs` or `fixed_inputs`; `kickoff_time_input_arg` names the input that is given the time of the run.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin validation/launch_plan_validator.go:validateSchedule",
	Bad: `from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int) -> int:
    return train(epochs=epochs)


nightly = LaunchPlan.get_or_create(flow, "nightly", schedule=«CronSchedule(schedule="0 2 * * *")»)
`,
	Good: `from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int) -> int:
    return train(epochs=epochs)


nightly = LaunchPlan.get_or_create(
    flow, "nightly", default_inputs={"epochs": 10}, schedule=CronSchedule(schedule="0 2 * * *")
)
`,
	check: func(p *pass) {
		p.eachSchedule(func(c *planCall, argument pyeval.Named, kickoff string) {
			for _, input := range c.plan.Inputs {
				if input.Required && input.Name != kickoff {
					c.report(c.at(argument), fmt.Sprintf("a scheduled run has no value for %s, a required input of %s", input.Name, c.workflow.Describe()), c.workflowHere()...)
				}
			}
		})
	},
})

// eachSchedule gives the launch plans that start at times that the source tells,
// and whose inputs are known; kickoff is the input that is given the time, ""
// if there is none.
func (p *pass) eachSchedule(f func(c *planCall, argument pyeval.Named, kickoff string)) {
	p.eachPlan(func(c *planCall) {
		argument, given := c.argument("schedule")
		schedule, ok := argument.Value.(*pyeval.Instance)
		if !given || !ok || schedule.Open || c.Open || c.plan == nil || c.workflow == nil ||
			c.plan.Maker != c.Expr || c.plan.InputsUnknown != "" || c.plan.Opaque != "" {
			return
		}
		var kickoff pyeval.Value
		switch {
		case isClass(schedule, cronSchedule):
			if _, text := argumentOf(schedule, 1, "schedule").(pyeval.Str); !text {
				return
			}
			kickoff = argumentOf(schedule, 3, "kickoff_time_input_arg")
		case isClass(schedule, fixedRate):
			kickoff = argumentOf(schedule, 1, "kickoff_time_input_arg")
		default:
			return
		}
		switch name := kickoff.(type) {
		case nil, pyeval.None:
			f(c, argument, "")
		case pyeval.Str:
			f(c, argument, string(name))
		}
	})
}

// argumentOf is what an object was made with: nil if that wasn't given.
func argumentOf(instance *pyeval.Instance, position int, name string) pyeval.Value {
	if position >= 0 && position < len(instance.Args) {
		return instance.Args[position]
	}
	for _, keyword := range instance.Keywords {
		if keyword.Name == name {
			return keyword.Value
		}
	}
	return nil
}
