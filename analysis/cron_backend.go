package analysis

import (
	"fmt"
	"time"

	"github.com/flyte-lsp/flyte-lsp/analysis/croniter"
	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "cron-backend",
	Summary:  "The backend refuses a cron expression that flytekit takes.",
	Details:  "flytekit and flyteadmin read cron expressions with different libraries. flyteadmin answers \"Invalid cron expression\" when the launch plan is registered: to `daily` and the like without @, to capitals in `@Daily`, to six or seven fields, to the weekday 7, to L, W, # and R, and to ranges that go over the end (`22-2`, `FRI-MON`).",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin validation/launch_plan_validator.go:validateSchedule",
	Bad: `from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


weekly = LaunchPlan.get_or_create(flow, "weekly", schedule=CronSchedule(schedule=«"0 2 * * 7"»))
`,
	Fixed: `from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


weekly = LaunchPlan.get_or_create(flow, "weekly", schedule=CronSchedule(schedule="0 2 * * 0"))
`,
	check: func(p *pass) {
		p.eachCron(func(call *model.NativeCall) {
			argument, text, ok := cronText(call)
			if !ok {
				return
			}
			problem := backendCron(text)
			if problem == "" || croniter.Check(text, time.Now()) != nil {
				return
			}
			d := p.report(argumentSpan(call, argument), fmt.Sprintf("the backend refuses %q, which flytekit takes: %s", text, problem)).unless(p.launched()[call.Gives])
			if standard, ok := standardCron(text); ok && p.isPlainText(argument.Expr, text) {
				d.Fixes = append(d.Fixes, Fix{
					Title: fmt.Sprintf("Write %q", standard), Edits: []Edit{p.Edit(inner(argument.Expr.Span()), standard)}, Safe: true,
				})
			}
		})
	},
})
