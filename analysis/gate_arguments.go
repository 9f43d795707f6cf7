package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "gate-arguments",
	Summary:  "An argument of a gate is missing, or of the wrong kind.",
	Details:  "approve(upstream_item, name, timeout) and wait_for_input(name, timeout, expected_type) need all of their arguments, and sleep(duration) its own. timeout and duration are timedeltas that are known when the workflow is compiled: flytekit can't serialize a number, and asks a promise for its truth. A sleep of no time has no interface.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "gate.py:Gate",
	Bad: `from flytekit import sleep, task, workflow


@task
def publish():
    print("published")


@workflow
def flow():
    sleep(«60»)
    publish()
`,
	Fixed: `from datetime import timedelta

from flytekit import sleep, task, workflow


@task
def publish():
    print("published")


@workflow
def flow():
    sleep(timedelta(seconds=60))
    publish()
`,
	check: gateArguments,
})

func gateArguments(p *pass) {
	for _, call := range p.calls("flytekit.core.gate.approve", "flytekit.core.gate.sleep", "flytekit.core.gate.wait_for_input") {
		if call.Entity == nil || !compiled(call.Entity) || call.Expr == nil {
			continue
		}
		if missing := missingArguments(call); len(missing) > 0 {
			name := call.Name[strings.LastIndexByte(call.Name, '.')+1:]
			p.report(parser.Span(call.Expr.Func.Span()), fmt.Sprintf("%s() needs its %s", name, strings.Join(missing, " and "))).unless(call.Certain)
		}
		switch call.Name {
		case "flytekit.core.gate.approve":
			p.checkDuration(call, 2, "timeout")
		case "flytekit.core.gate.sleep":
			p.checkDuration(call, 0, "duration")
		default:
			p.checkDuration(call, 1, "timeout")
			if expected, ok := call.Arg(2, "expected_type"); ok && isNone(expected.Value) && expected.Expr != nil {
				p.report(parser.Span(expected.Expr.Span()), "expected_type is the type of what is waited for, and this is None").unless(call.Certain)
			}
		}
	}
}

// checkDuration checks the argument of a gate that is a timedelta.
func (p *pass) checkDuration(call *model.NativeCall, position int, name string) {
	given, ok := call.Arg(position, name)
	if !ok || given.Expr == nil {
		return
	}
	wrong := ""
	switch v := given.Value.(type) {
	case pyeval.Int, pyeval.Float:
		zero := v == pyeval.Float(0)
		if n, ok := v.(pyeval.Int); ok {
			zero = n.Int != nil && n.Sign() == 0
		}
		if zero && name == "timeout" {
			return // flytekit takes it for none given
		}
		wrong = "is a timedelta, and this is " + v.Describe()
	case pyeval.Str:
		wrong = "is a timedelta, and this is a string"
	case pyeval.None:
		if name == "duration" {
			wrong = "is a timedelta, and this is None"
		}
	case *model.Promise:
		wrong = "must be known when the workflow is compiled, and this is " + v.Describe()
	default:
		if length, ok := pyeval.Timedelta(v); ok && length.Sign() == 0 && name == "duration" {
			wrong = "is longer than nothing"
		}
	}
	if wrong == "" {
		return
	}
	d := p.report(parser.Span(given.Expr.Span()), name+" "+wrong).unless(call.Certain)
	if _, number := p.number(given.Expr); number {
		edits := append(p.AddImportFrom("datetime", "timedelta"), p.Insert(given.Expr.Span().Start, "timedelta(seconds="), p.Insert(given.Expr.Span().End, ")"))
		d.Fixes = append(d.Fixes, Fix{Title: "Give it as seconds", Edits: edits})
	}
}

// missingArguments are the parameters of a function of flytekit that need a
// value, and get none.
func missingArguments(call *model.NativeCall) []string {
	of := signatureOf(call.Name)
	if of == nil || call.Open {
		return nil
	}
	var missing []string
	for _, name := range of.required {
		position := -1
		for i, param := range of.params[:of.positional] {
			if param == name {
				position = i
			}
		}
		if _, given := call.Arg(position, name); !given {
			missing = append(missing, name)
		}
	}
	return missing
}
