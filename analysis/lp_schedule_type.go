package analysis

import (
	"fmt"
	"time"

	"github.com/flyte-lsp/flyte-lsp/analysis/croniter"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "lp-schedule-type",
	Summary:  "A launch plan's schedule isn't a CronSchedule or a FixedRate.",
	Details:  "A str or a timedelta as `schedule`, and whatever is given as `trigger`, is accepted first: flytekit raises an error when it serializes the launch plan. `FixedRate` takes a timedelta, and raises AttributeError at a number.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "tools/translator.py:get_serializable_launch_plan",
	Bad: `from flytekit import LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(flow, "nightly", schedule=«"0 2 * * *"»)
`,
	Fixed: `from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(flow, "nightly", schedule=CronSchedule(schedule="0 2 * * *"))
`,
	check: func(p *pass) {
		p.eachPlan(func(c *planCall) {
			if argument, given := c.argument("schedule"); given {
				c.checkSchedule(argument)
			}
			trigger, given := c.argument("trigger")
			if !given || !isClass(trigger.Value, onSchedule) && !isClass(trigger.Value, cronSchedule) && !isClass(trigger.Value, fixedRate) {
				return
			}
			d := c.report(c.settingSpan(trigger), "flytekit can't serialize a trigger yet: give the schedule as schedule")
			c.fixTrigger(d, trigger)
		})
		for _, call := range p.calls(fixedRate) {
			argument, _ := call.Arg(0, "duration")
			switch argument.Value.(type) {
			case pyeval.Int, pyeval.Float, pyeval.Str:
				if call.Expr != nil {
					d := p.report(argumentSpan(call, argument), fmt.Sprintf("FixedRate takes a timedelta, not %s", argument.Value.Describe())).unless(call.Certain)
					p.fixDuration(d, call, argument)
				}
			}
		}
	},
})

func (c *planCall) checkSchedule(argument pyeval.Named) {
	switch value := argument.Value.(type) {
	case pyeval.Str:
		d := c.report(c.at(argument), "a schedule is a CronSchedule or a FixedRate, not a str")
		if argument.Expr == nil || !c.pass.Stands(argument.Expr) {
			return
		}
		if err := croniter.Check(string(value), time.Now()); err == nil {
			d.Fixes = append(d.Fixes, c.pass.wrap("Wrap it in CronSchedule", argument.Expr, "CronSchedule", "schedule="))
		}
	case pyeval.Int, pyeval.Float, *pyeval.Dict, *pyeval.List:
		c.report(c.at(argument), fmt.Sprintf("a schedule is a CronSchedule or a FixedRate, not %s", value.Describe()))
	case *pyeval.Instance:
		if _, ok := pyeval.Timedelta(value); !ok {
			return
		}
		d := c.report(c.at(argument), "a schedule is a CronSchedule or a FixedRate, not a timedelta")
		if argument.Expr != nil && c.pass.Stands(argument.Expr) {
			d.Fixes = append(d.Fixes, c.pass.wrap("Wrap it in FixedRate", argument.Expr, "FixedRate", ""))
		}
	}
}

// wrap makes an expression the argument of a call of a name of flytekit.
func (p *pass) wrap(title string, expr ast.Expr, name, keyword string) Fix {
	span := expr.Span()
	edits := append(p.AddImport(name), p.Insert(span.Start, name+"("+keyword), p.Insert(span.End, ")"))
	return Fix{Title: title, Edits: edits, Safe: true}
}

// fixTrigger offers to give what a trigger starts at as the schedule.
func (c *planCall) fixTrigger(d *Diagnostic, trigger pyeval.Named) {
	keyword := keywordOf(c.Expr, trigger.Expr)
	if _, scheduled := c.argument("schedule"); scheduled || keyword == nil {
		return
	}
	edits := []Edit{c.pass.Edit(keyword.ArgSpan, "schedule")}
	if isClass(trigger.Value, onSchedule) {
		call, ok := trigger.Expr.(*ast.Call)
		if !ok {
			return
		}
		var schedule ast.Expr
		switch {
		case len(call.Args) == 1 && len(call.Keywords) == 0:
			schedule = call.Args[0]
		case len(call.Args) == 0 && len(call.Keywords) == 1:
			schedule = call.Keywords[0].Value
		default:
			return
		}
		edits = append(edits, c.pass.Edit(call.Span(), c.pass.Text(schedule.Span())))
	}
	d.Fixes = append(d.Fixes, Fix{Title: "Give it as schedule", Edits: edits, Safe: true})
}

// fixDuration offers to read a number as minutes.
func (p *pass) fixDuration(d *Diagnostic, call *model.NativeCall, argument pyeval.Named) {
	number, ok := argument.Value.(pyeval.Int)
	if !ok || argument.Expr == nil || !p.Stands(argument.Expr) || number.Sign() <= 0 || call.Expr == nil {
		return
	}
	span := argument.Expr.Span()
	edits := append(p.AddImportFrom("datetime", "timedelta"), p.Insert(span.Start, "timedelta(minutes="), p.Insert(span.End, ")"))
	d.Fixes = append(d.Fixes, Fix{Title: "Make it a timedelta of minutes", Edits: edits})
}
