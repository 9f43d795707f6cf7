package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "notification-recipients",
	Summary:  "A notification has no list of recipients.",
	Details:  "`recipients_email` is a list of addresses. The backend refuses an empty one when the launch plan is registered: \"missing recipients\". A str is taken letter by letter, and nobody is told. `notifications` of a launch plan is a list too: flytekit raises TypeError when it serializes a single one.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin validation/notifications_validator.go:validateRecipientsEmail",
	Bad: `from flytekit import Email, LaunchPlan, WorkflowExecutionPhase, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(
    flow, "nightly", notifications=[Email(phases=[WorkflowExecutionPhase.FAILED], recipients_email=«[]»)]
)
`,
	Good: `from flytekit import Email, LaunchPlan, WorkflowExecutionPhase, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(
    flow, "nightly", notifications=[Email(phases=[WorkflowExecutionPhase.FAILED], recipients_email=["team@example.com"])]
)
`,
	check: func(p *pass) {
		p.eachNotification(func(call *model.NativeCall) {
			argument, given := call.Arg(1, "recipients_email")
			if given {
				p.checkRecipients(call, argument)
			}
		})
		p.eachPlan(func(c *planCall) {
			argument, given := c.argument("notifications")
			if !given {
				return
			}
			for _, class := range notificationClasses {
				if isClass(argument.Value, class) {
					d := c.report(c.at(argument), "notifications is a list: put it in brackets")
					p.fixList(d, argument.Expr)
				}
			}
		})
	},
})

func (p *pass) checkRecipients(call *model.NativeCall, argument pyeval.Named) {
	at := argumentSpan(call, argument)
	if text, ok := argument.Value.(pyeval.Str); ok {
		d := p.report(at, fmt.Sprintf("each letter of %q is taken for a recipient: recipients_email is a list", string(text)))
		d.Severity = Warning
		p.fixList(d, argument.Expr)
		return
	}
	recipients, known := elements(argument.Value)
	if known && len(recipients) == 0 {
		p.report(at, "a notification needs a recipient").unless(p.launched()[call.Gives])
	}
	for _, recipient := range recipients {
		switch recipient := recipient.(type) {
		case pyeval.Str:
			if recipient == "" {
				p.report(at, "a recipient is empty").unless(p.launched()[call.Gives])
			}
		case pyeval.None, pyeval.Int, *pyeval.List:
			p.report(at, fmt.Sprintf("a recipient is an address, a str, not %s", recipient.Describe())).unless(p.launched()[call.Gives])
		}
	}
}

// fixList offers to put an expression in brackets.
func (p *pass) fixList(d *Diagnostic, expr ast.Expr) {
	if expr == nil || !p.Stands(expr) {
		return
	}
	span := expr.Span()
	d.Fixes = append(d.Fixes, Fix{
		Title: "Make it a list", Edits: []Edit{p.Insert(span.Start, "["), p.Insert(span.End, "]")}, Safe: true,
	})
}
