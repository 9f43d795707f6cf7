package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "notification-phase",
	Summary:  "A notification is bound to no phase in which an execution ends.",
	Details:  "`phases` is a list of at least one of `WorkflowExecutionPhase.SUCCEEDED`, `FAILED`, `ABORTED` and `TIMED_OUT`. flytekit raises AssertionError when the module is imported: \"only terminal states are permitted for notifications\". The phases are numbers: their names as text are none.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "notification.py:Notification._validate_phases",
	Bad: `from flytekit import Email, WorkflowExecutionPhase

alert = Email(phases=[«WorkflowExecutionPhase.RUNNING»], recipients_email=["team@example.com"])
`,
	Good: `from flytekit import Email, WorkflowExecutionPhase

alert = Email(phases=[WorkflowExecutionPhase.FAILED], recipients_email=["team@example.com"])
`,
	check: func(p *pass) {
		p.eachNotification(func(call *model.NativeCall) {
			argument, given := call.Arg(0, "phases")
			if given {
				p.checkPhases(call, argument)
			}
		})
	},
})

func (p *pass) checkPhases(call *model.NativeCall, argument pyeval.Named) {
	at := argumentSpan(call, argument)
	if name, phase := phaseName(argument.Value); phase {
		d := p.report(at, fmt.Sprintf("phases is a list: write [%s]", p.Text(at))).unless(call.Certain)
		if endPhases[name] && argument.Expr != nil && p.Stands(argument.Expr) {
			d.Fixes = append(d.Fixes, Fix{
				Title: "Make it a list", Edits: []Edit{p.Insert(at.Start, "["), p.Insert(at.End, "]")}, Safe: true,
			})
		}
		return
	}
	if text, ok := argument.Value.(pyeval.Str); ok {
		d := p.report(at, "phases is a list of WorkflowExecutionPhase's numbers, not a str").unless(call.Certain)
		p.fixPhase(d, argument.Expr, string(text), true)
		return
	}
	phases, known := elements(argument.Value)
	if known && len(phases) == 0 {
		p.report(at, "a notification needs a phase in which it is sent").unless(call.Certain)
		return
	}
	list, _ := argument.Expr.(*ast.List)
	for i, phase := range phases {
		span := at
		var expr ast.Expr
		if list != nil && len(list.Elts) == len(phases) {
			expr = list.Elts[i]
			span = expr.Span()
		}
		p.checkPhase(call, span, expr, phase)
	}
}

func (p *pass) checkPhase(call *model.NativeCall, span parser.Span, expr ast.Expr, phase pyeval.Value) {
	if name, ok := phaseName(phase); ok {
		if !endPhases[name] {
			p.report(span, fmt.Sprintf("an execution doesn't end in the phase %s: notifications are sent at SUCCEEDED, FAILED, ABORTED or TIMED_OUT", name)).unless(call.Certain)
		}
		return
	}
	switch phase := phase.(type) {
	case pyeval.Str:
		d := p.report(span, fmt.Sprintf("%q is text: the phases are numbers, such as WorkflowExecutionPhase.FAILED", string(phase))).unless(call.Certain)
		p.fixPhase(d, expr, string(phase), false)
	case pyeval.Int:
		if n := phase.Int64(); n != 4 && n != 6 && n != 7 && n != 8 {
			p.report(span, fmt.Sprintf("%s is no phase in which an execution ends", phase)).unless(call.Certain)
		}
	}
}

// endPhases are the phases in which executions end, 4, 6, 7 and 8
// (core/notification.py:Notification.VALID_PHASES).
var endPhases = map[string]bool{"SUCCEEDED": true, "FAILED": true, "ABORTED": true, "TIMED_OUT": true}

// phaseName is the name of a phase.
func phaseName(value pyeval.Value) (string, bool) {
	native, ok := value.(*pyeval.Native)
	if !ok {
		return "", false
	}
	return strings.CutPrefix(native.Name, executionPhase+".")
}

// fixPhase offers the phase of which a text has the name.
func (p *pass) fixPhase(d *Diagnostic, expr ast.Expr, text string, list bool) {
	name := strings.ToUpper(text)
	if expr == nil || !p.Stands(expr) || !endPhases[name] {
		return
	}
	phase := "WorkflowExecutionPhase." + name
	if list {
		phase = "[" + phase + "]"
	}
	d.Fixes = append(d.Fixes, Fix{
		Title: "Write " + phase, Edits: append(p.AddImport("WorkflowExecutionPhase"), p.Edit(expr.Span(), phase)), Safe: true,
	})
}
