package analysis

import (
	"fmt"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "lp-kickoff-input",
	Summary:  "A schedule gives the time of its run to no datetime input.",
	Details:  "`kickoff_time_input_arg` must name an input of the workflow that the launch plan doesn't fix, and that is a datetime or a date. flyteadmin refuses the launch plan when it is registered: \"KickoffTimeInputArg must reference a datetime input\".",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin validation/launch_plan_validator.go:validateSchedule",
	Bad: `from datetime import datetime

from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def report(at: datetime) -> str:
    return at.isoformat()


@workflow
def flow(at: datetime = datetime(2024, 1, 1)) -> str:
    return report(at=at)


nightly = LaunchPlan.get_or_create(
    flow, "nightly", schedule=CronSchedule(schedule="0 2 * * *", kickoff_time_input_arg=«"att"»)
)
`,
	Fixed: `from datetime import datetime

from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def report(at: datetime) -> str:
    return at.isoformat()


@workflow
def flow(at: datetime = datetime(2024, 1, 1)) -> str:
    return report(at=at)


nightly = LaunchPlan.get_or_create(
    flow, "nightly", schedule=CronSchedule(schedule="0 2 * * *", kickoff_time_input_arg="at")
)
`,
	check: func(p *pass) {
		p.eachSchedule(func(c *planCall, argument pyeval.Named, kickoff string) {
			if kickoff == "" {
				return
			}
			at := c.kickoffSpan(argument)
			input := c.plan.Input(kickoff)
			switch {
			case input == nil && slices.Contains(c.plan.Fixed, kickoff):
				c.report(at, fmt.Sprintf("input %s is fixed: a run can't be given its time there", kickoff), c.workflowHere()...)
			case input == nil:
				d := c.report(at, fmt.Sprintf("%s has no input %s; %s", c.workflow.Describe(), kickoff, inputsOf(c.workflow)), c.workflowHere()...)
				var names []string
				for _, input := range c.plan.Inputs {
					names = append(names, input.Name)
				}
				p.renameTo(d, kickoff, names)
			default:
				literalType, err := p.Module.LiteralType(input)
				if err == nil && literalType.GetSimple() != core.SimpleType_DATETIME {
					c.report(at, fmt.Sprintf("input %s of %s is %s: the time of a run is given to a datetime or a date only", kickoff, c.workflow.Describe(), input.Type), c.workflowHere()...)
				}
			}
		})
	},
})

// kickoffSpan is where the name of the input stands, if the schedule is made in
// the call itself; else it is the schedule.
func (c *planCall) kickoffSpan(argument pyeval.Named) parser.Span {
	if call, ok := argument.Expr.(*ast.Call); ok {
		for _, keyword := range call.Keywords {
			if keyword.Arg == "kickoff_time_input_arg" {
				return keyword.Value.Span()
			}
		}
	}
	return c.at(argument)
}
