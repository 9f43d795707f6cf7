package analysis

import (
	"github.com/robfig/cron/v3"

	"github.com/flyte-lsp/flyte-lsp/analysis/croniter"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const (
	cronSchedule = "flytekit.core.schedule.CronSchedule"
	fixedRate    = "flytekit.core.schedule.FixedRate"
	onSchedule   = "flytekit.core.schedule.OnSchedule"
)

// cronParams are the parameters of CronSchedule (core/schedule.py).
var cronParams = []string{"cron_expression", "schedule", "offset", "kickoff_time_input_arg"}

// eachCron gives the calls of CronSchedule in the file.
func (p *pass) eachCron(f func(call *model.NativeCall)) {
	for _, call := range p.calls(cronSchedule) {
		if call.Expr != nil {
			f(call)
		}
	}
}

// cronText is the expression that a CronSchedule is given as its schedule;
// false if it isn't known.
func cronText(call *model.NativeCall) (pyeval.Named, string, bool) {
	argument, _ := call.Arg(1, "schedule")
	text, ok := argument.Value.(pyeval.Str)
	return argument, string(text), ok
}

// isClass tells whether a value is an object of a native class itself.
func isClass(value pyeval.Value, class string) bool {
	instance, ok := value.(*pyeval.Instance)
	if !ok {
		return false
	}
	native, ok := instance.Class.(*pyeval.Native)
	return ok && native.Name == class
}

// backendCron is why the backend refuses a cron expression, "" if it takes it
// (flyteadmin validation/launch_plan_validator.go:validateSchedule). It is asked
// about those that flytekit takes.
func backendCron(text string) string {
	if _, err := cron.ParseStandard(text); err != nil {
		return err.Error()
	}
	return ""
}

// standardCron is an expression that both take and that means the same as one
// that flytekit takes; false if there is none.
func standardCron(text string) (string, bool) {
	standard, ok := croniter.Standard(text, func(field int, text string) bool {
		fields := [5]string{"*", "*", "*", "*", "*"}
		fields[field] = text
		return backendCron(fields[0]+" "+fields[1]+" "+fields[2]+" "+fields[3]+" "+fields[4]) == ""
	})
	return standard, ok && backendCron(standard) == ""
}

// isPlainText tells whether an expression is a string without escapes, in one
// piece and one pair of quotes, so that its text may be replaced.
func (p *pass) isPlainText(expr ast.Expr, text string) bool {
	constant, ok := expr.(*ast.Constant)
	if !ok || constant.Kind != ast.StringConst || !p.Stands(expr) {
		return false
	}
	written := p.Text(constant.Span())
	return written == `"`+text+`"` || written == "'"+text+"'"
}

// inner is a string's span without its quotes.
func inner(span parser.Span) parser.Span {
	return parser.Span{Start: span.Start + 1, End: span.End - 1}
}
