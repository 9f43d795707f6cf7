package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "lp-unnamed-properties",
	Summary:  "A launch plan without a name is given settings.",
	Details:  "Without a name, `LaunchPlan.get_or_create` gives the workflow's default launch plan, which has no settings. flytekit raises \"Only named launchplans can be created that have other properties\" when the module is imported; it drops `auto_activate` and `concurrency` without a word. Give the launch plan a name.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "launch_plan.py:LaunchPlan.get_or_create",
	Bad: `from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(flow, «schedule»=CronSchedule(schedule="0 2 * * *"))
`,
	Fixed: `from flytekit import CronSchedule, LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(flow, schedule=CronSchedule(schedule="0 2 * * *"), name="nightly")
`,
	check: func(p *pass) {
		p.eachPlan(func(c *planCall) {
			if c.params[0] != "workflow" || c.Open {
				return
			}
			if _, named := c.argument("name"); named {
				return
			}
			for _, setting := range model.LaunchPlanSettings {
				argument, given := c.argument(setting)
				if !given || !isKnown(argument.Value) {
					continue
				}
				var d *Diagnostic
				switch setting {
				case "auto_activate", "concurrency":
					if argument.Value == pyeval.Bool(false) {
						continue
					}
					d = c.report(c.settingSpan(argument), fmt.Sprintf("%s is dropped: without a name this is the workflow's default launch plan, which has no settings", setting))
					d.Severity = Warning
				default:
					d = c.report(c.settingSpan(argument), fmt.Sprintf("a launch plan with %s needs a name: without one, this is the workflow's default launch plan, which has no settings", setting))
				}
				c.nameFix(d)
				return
			}
		})
	},
})

// isKnown tells whether the source tells what a value is.
func isKnown(value pyeval.Value) bool {
	switch value.(type) {
	case nil, *pyeval.Unknown, *pyeval.Uncertain:
		return false
	}
	return true
}

// settingSpan is the keyword of an argument, or the argument where it has none.
func (c *planCall) settingSpan(argument pyeval.Named) parser.Span {
	if keyword := keywordOf(c.Expr, argument.Expr); keyword != nil {
		return keyword.ArgSpan
	}
	return c.at(argument)
}

// nameFix offers to give the launch plan the name of its variable.
func (c *planCall) nameFix(d *Diagnostic) {
	name := ""
	if c.plan != nil {
		name = c.plan.Name
	}
	if name == "" && c.workflow != nil {
		name = c.workflow.Name + "_plan"
	}
	if name == "" {
		return
	}
	text := `"` + name + `"`
	edit := c.pass.AddArgument(c.Expr, "name="+text)
	if none, given := c.Arg(slices.Index(c.params, "name"), "name"); given {
		if none.Expr == nil {
			return
		}
		edit = c.pass.Edit(none.Expr.Span(), text)
	}
	d.Fixes = append(d.Fixes, Fix{Title: "Name it " + name, Edits: []Edit{edit}})
}
