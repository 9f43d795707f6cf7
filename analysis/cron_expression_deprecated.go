package analysis

import (
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/analysis/croniter"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:       "cron-expression-deprecated",
	Summary:    "CronSchedule is given cron_expression, its first parameter.",
	Details:    "The first parameter of CronSchedule is `cron_expression`, which took the six fields of AWS. flytekit refuses it when the module is imported: \"cron_expression is deprecated and should not be used. Use `schedule` instead\". Name the argument `schedule`, and give it five fields.",
	Severity:   Error,
	Stage:      AtImport,
	Source:     "schedule.py:CronSchedule.__init__",
	Deprecated: true,
	Bad: `from flytekit import CronSchedule

nightly = CronSchedule(«"0 2 * * *"»)
`,
	Fixed: `from flytekit import CronSchedule

nightly = CronSchedule(schedule="0 2 * * *")
`,
	check: func(p *pass) {
		p.eachCron(func(call *model.NativeCall) {
			argument, given := call.Arg(0, "cron_expression")
			text, isText := argument.Value.(pyeval.Str)
			if !given || !isText || text == "" {
				return
			}
			d := p.report(argumentSpan(call, argument), "flytekit refuses cron_expression: name the argument schedule").unless(call.Certain)
			_, other := call.Arg(1, "schedule")
			plain, ok := fiveFields(string(text))
			if other || !ok || argument.Expr == nil || !p.Stands(argument.Expr) {
				return
			}
			edits := []Edit{}
			if keyword := keywordOf(call.Expr, argument.Expr); keyword != nil {
				edits = append(edits, p.Edit(keyword.ArgSpan, "schedule"))
			} else {
				edits = append(edits, p.Insert(argument.Expr.Span().Start, "schedule="))
			}
			if plain != string(text) {
				if !p.isPlainText(argument.Expr, string(text)) {
					return
				}
				edits = append(edits, p.Edit(inner(argument.Expr.Span()), plain))
			}
			d.Fixes = append(d.Fixes, Fix{Title: "Name it schedule", Edits: edits, Safe: true})
		})
	},
})

// fiveFields is an expression without the year that AWS's have, if any year is
// right; false where what is left isn't one that flytekit and the backend take.
func fiveFields(text string) (string, bool) {
	if fields := strings.Fields(text); len(fields) == 6 && fields[5] == "*" && (fields[4] == "?" || fields[4] == "*") {
		text = strings.Join(fields[:5], " ")
	}
	return text, croniter.Check(text, time.Now()) == nil && backendCron(text) == ""
}
