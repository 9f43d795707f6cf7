package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "timeout-type",
	Summary:  "A timeout is neither a number of seconds nor a timedelta.",
	Details:  "flytekit raises `ValueError: timeout should be duration represented as either a datetime.timedelta or int seconds`: when the module is imported, and for `with_overrides` when the workflow is compiled.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "base_task.py:TaskMetadata.__post_init__",
	Bad: `from flytekit import task


@task(timeout=«1.5»)
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from datetime import timedelta

from flytekit import task


@task(timeout=timedelta(seconds=1.5))
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			timeout, given := s.get("timeout")
			if !given || !s.overrides() && isFalse(timeout.Value) || !p.isNot(timeout.Value, "int", timedeltaClass) {
				return
			}
			d := s.reportValue(timeout.Expr, fmt.Sprintf("a timeout is an int, in seconds, or a timedelta, and this is %s", timeout.Value.Describe()))
			text, ok := p.number(timeout.Expr)
			if _, float := timeout.Value.(pyeval.Float); ok && float {
				p.replace(d, timeout.Expr, "Make it a timedelta", "timedelta(seconds="+text+")", true, p.AddImportFrom("datetime", "timedelta")...)
			}
		})
	},
})
