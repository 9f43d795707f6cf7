package analysis

import (
	"fmt"
	"regexp"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "cron-offset",
	Summary:  "The offset of a CronSchedule is no ISO 8601 duration.",
	Details:  "flytekit raises \"Offset is invalid. It must be an ISO 8601 duration\" when the module is imported, and TypeError where it is no str. `PT1H30M` is an hour and a half, `P1D` a day.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "schedule.py:CronSchedule._validate_offset",
	Bad: `from flytekit import CronSchedule

nightly = CronSchedule(schedule="0 2 * * *", offset=«"1h"»)
`,
	Good: `from flytekit import CronSchedule

nightly = CronSchedule(schedule="0 2 * * *", offset="PT1H")
`,
	check: func(p *pass) {
		p.eachCron(func(call *model.NativeCall) {
			argument, given := call.Arg(2, "offset")
			if !given || !isKnown(argument.Value) {
				return
			}
			switch value := argument.Value.(type) {
			case pyeval.None:
			case pyeval.Str:
				if !offsetPattern.MatchString(string(value)) {
					p.report(argumentSpan(call, argument), fmt.Sprintf("%q is no ISO 8601 duration, as PT1H30M is one", string(value))).unless(call.Certain)
				}
			case pyeval.Int, pyeval.Float, *pyeval.Instance:
				p.report(argumentSpan(call, argument), fmt.Sprintf("offset is an ISO 8601 duration, a str as \"PT1H30M\", not %s", argument.Value.Describe())).unless(call.Certain)
			}
		})
	},
})

// offsetPattern is flytekit's own, and wider than ISO 8601
// (core/schedule.py:CronSchedule._OFFSET_PATTERN).
var offsetPattern = regexp.MustCompile(`^(?:[-+]?)P(?:[-+0-9YMWD]+)?(?:T(?:[-+0-9HMS.,]+)?)?$`)
