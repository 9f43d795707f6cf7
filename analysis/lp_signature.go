package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "lp-signature",
	Summary:  "A launch plan isn't made as flytekit's functions want it.",
	Details:  "`LaunchPlan.create` takes the name first and then the workflow, `LaunchPlan.get_or_create` the workflow first and then the name; both raise an error when the module is imported if the two are swapped, or if there is an argument that they don't know. The class itself, `LaunchPlan(...)`, is made by flytekit only. A launch plan with an empty name is refused by the backend.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "launch_plan.py:LaunchPlan",
	Bad: `from flytekit import LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(«"nightly"», flow)
`,
	Fixed: `from flytekit import LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(flow, "nightly")
`,
	check: func(p *pass) {
		p.eachPlan((*planCall).checkSignature)
		for _, call := range p.calls(launchPlanName) {
			if call.Expr == nil || call.Open {
				continue
			}
			_, parameters := call.Arg(2, "parameters")
			_, fixed := call.Arg(3, "fixed_inputs")
			if !parameters || !fixed {
				d := p.report(call.Expr.Func.Span(), "a launch plan is made by LaunchPlan.get_or_create: the class itself wants Flyte's messages").unless(call.Certain)
				fixClass(p, d, call)
			}
		}
	},
})

// fixClass offers to call get_or_create in place of the class, where its
// arguments would be the same.
func fixClass(p *pass, d *Diagnostic, call *model.NativeCall) {
	if len(call.Expr.Args) > 0 {
		return
	}
	for _, keyword := range call.Keywords {
		if !slices.Contains(getOrCreateParams, keyword.Name) {
			return
		}
	}
	end := call.Expr.Func.Span().End
	d.Fixes = append(d.Fixes, Fix{Title: "Call get_or_create", Edits: []Edit{p.Insert(end, ".get_or_create")}, Safe: true})
}

func (c *planCall) checkSignature() {
	if c.Open {
		return
	}
	function := c.Name[strings.LastIndexByte(c.Name, '.')+1:]
	if len(c.Args) > len(c.params) {
		surplus := c.Args[len(c.params)]
		c.report(c.at(surplus), fmt.Sprintf("one argument too many: %s takes %d", function, len(c.params)))
		return
	}
	for _, keyword := range c.Keywords {
		position := slices.Index(c.params, keyword.Name)
		span := c.settingSpan(keyword)
		switch {
		case position < 0:
			d := c.report(span, fmt.Sprintf("%s has no parameter %s", function, keyword.Name))
			c.pass.renameTo(d, keyword.Name, c.params)
			return
		case position < len(c.Args):
			c.report(span, fmt.Sprintf("%s is given twice: the argument at position %d is %s, too", keyword.Name, position+1, keyword.Name))
			return
		}
	}
	for _, name := range c.params[:2] {
		_, given := c.Arg(slices.Index(c.params, name), name)
		if !given && !(name == "name" && function == "get_or_create") {
			c.report(calleeSpan(c.Expr), fmt.Sprintf("%s needs the argument %s", function, name))
			return
		}
	}
	c.checkWorkflow()
}

// checkWorkflow checks the two arguments that are easily swapped.
func (c *planCall) checkWorkflow() {
	workflow, _ := c.Arg(slices.Index(c.params, "workflow"), "workflow")
	name, _ := c.Arg(slices.Index(c.params, "name"), "name")
	_, swapped := model.EntityOf(name.Value)
	switch value := workflow.Value.(type) {
	case pyeval.Str:
		d := c.report(c.at(workflow), fmt.Sprintf("the argument workflow is a workflow, not %s", value.Describe()))
		if swapped && c.pass.Stands(workflow.Expr) && c.pass.Stands(name.Expr) {
			first, second := workflow.Expr.Span(), name.Expr.Span()
			d.Fixes = append(d.Fixes, Fix{
				Title: "Swap name and workflow",
				Edits: []Edit{c.pass.Edit(first, c.pass.Text(second)), c.pass.Edit(second, c.pass.Text(first))},
				Safe:  true,
			})
		}
		return
	case pyeval.None, pyeval.Int, *pyeval.List, *pyeval.Dict, *pyeval.Class:
		c.report(c.at(workflow), fmt.Sprintf("the argument workflow is a workflow, not %s", value.Describe()))
		return
	case *pyeval.Function:
		if value.Def != nil && len(value.Def.Decorators) == 0 {
			related := c.pass.related(value.Module, value.Def.Name.Span(), value.Name+" is defined here")
			c.report(c.at(workflow), fmt.Sprintf("%s is a plain function: decorate it with @workflow", value.Name), related...)
			return
		}
	}
	if name.Value == pyeval.Str("") && c.at(name) != (parser.Span{}) {
		c.report(c.at(name), "the name is empty: the backend refuses a launch plan without a name")
	}
}
