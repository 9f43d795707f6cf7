package analysis

import (
	"fmt"
	"time"

	"github.com/flyte-lsp/flyte-lsp/analysis/croniter"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "cron-invalid",
	Summary:  "A cron expression is none.",
	Details:  "flytekit asks the library croniter, and raises \"Schedule is invalid\" when the module is imported: for a value out of range, a day that never comes (`0 0 30 2 *`), a step of 0, another number of fields, `@reboot`, `@every` or `rate(...)`. Write minute, hour, day of month, month and day of week, or one of `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`; for an interval use FixedRate.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "schedule.py:CronSchedule._validate_schedule",
	Bad: `from flytekit import CronSchedule

nightly = CronSchedule(schedule=«"0 24 * * *"»)
`,
	Good: `from flytekit import CronSchedule

nightly = CronSchedule(schedule="0 0 * * *")
`,
	check: func(p *pass) {
		p.eachCron(func(call *model.NativeCall) {
			argument, text, ok := cronText(call)
			switch argument.Value.(type) {
			case pyeval.Int, pyeval.Float, pyeval.Bool, *pyeval.List, *pyeval.Tuple, *pyeval.Dict:
				p.report(argumentSpan(call, argument), fmt.Sprintf("schedule is a cron expression, a str, not %s", argument.Value.Describe())).unless(call.Certain)
			}
			if !ok {
				return
			}
			if err := croniter.Check(text, time.Now()); err != nil {
				p.report(argumentSpan(call, argument), fmt.Sprintf("%q is no cron expression that flytekit takes: %v", text, err)).unless(call.Certain)
			}
		})
	},
})
