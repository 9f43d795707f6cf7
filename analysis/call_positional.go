package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "call-positional",
	Summary:  "A launch plan, create_node or add_entity is given an input without its name.",
	Details:  "Tasks and workflows take positional arguments, but a launch plan raises \"Only Keyword Arguments are supported for launch plan executions\", and create_node \"Only keyword args are supported to pass inputs to workflows and tasks\". Write the inputs' names.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "launch_plan.py:LaunchPlan.__call__, node_creation.py:create_node",
	Bad: `from flytekit import LaunchPlan, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def inner(number: int) -> int:
    return double(number=number)


plan = LaunchPlan.get_or_create(inner, name="doubling")


@workflow
def flow(x: int) -> int:
    return plan(«x»)
`,
	Fixed: `from flytekit import LaunchPlan, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def inner(number: int) -> int:
    return double(number=number)


plan = LaunchPlan.get_or_create(inner, name="doubling")


@workflow
def flow(x: int) -> int:
    return plan(number=x)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			if c.Entity.Kind != model.LaunchPlan || len(c.Surplus) == 0 {
				return
			}
			d := c.report(c.Surplus[0].Span, fmt.Sprintf("%s takes its inputs by name only", c.Entity.Describe()))
			d.Fixes = p.byName(c.Node, c.Call.Args)
		})
		for _, remark := range p.remarked() {
			d := p.reportRemark(remark)
			for _, node := range p.Module.Calls() {
				if node.Call != nil && p.here(node.Module) && len(node.Call.Args) > 1 && node.Call.Args[1].Span() == remark.Span {
					d.Fixes = p.byName(node, node.Call.Args[1:])
				}
			}
		}
	},
})

// byName writes the names of the inputs before positional arguments, in their
// order; none if there are more than inputs, or unpacked ones.
func (p *pass) byName(node *model.Node, arguments []ast.Expr) []Fix {
	if node.Entity.InputsUnknown != "" || len(arguments) > len(node.Entity.Inputs) {
		return nil
	}
	given := map[string]bool{}
	for _, keyword := range node.Call.Keywords {
		given[keyword.Arg] = true
	}
	var edits []Edit
	for i, argument := range arguments {
		name := node.Entity.Inputs[i].Name
		if _, starred := argument.(*ast.Starred); starred || given[name] {
			return nil
		}
		edits = append(edits, p.Insert(argument.Span().Start, name+"="))
	}
	return []Fix{{Title: "Write the names of the inputs", Edits: edits, Safe: true}}
}
