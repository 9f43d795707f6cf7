package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "schedule-empty",
	Summary:  "A schedule that never starts anything.",
	Details:  "`CronSchedule()` without a `schedule`, and a FixedRate of 0, are accepted by flytekit and the backend. Nothing is ever started.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "schedule.py:CronSchedule.__init__",
	Bad: `from flytekit import CronSchedule

nightly = «CronSchedule()»
`,
	Good: `from flytekit import CronSchedule

nightly = CronSchedule(schedule="0 2 * * *")
`,
	check: func(p *pass) {
		p.eachCron(func(call *model.NativeCall) {
			if call.Open {
				return
			}
			for i, name := range cronParams[:2] {
				if argument, given := call.Arg(i, name); given {
					if _, none := argument.Value.(pyeval.None); !none {
						return
					}
				}
			}
			p.report(call.Expr.Span(), "a CronSchedule without a schedule never starts anything")
		})
		for _, call := range p.calls(fixedRate) {
			argument, given := call.Arg(0, "duration")
			if length, ok := pyeval.Timedelta(argument.Value); given && ok && length.Sign() == 0 && call.Expr != nil {
				p.report(argumentSpan(call, argument), "a FixedRate of 0 never starts anything")
			}
		}
	},
})
