package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "lp-unknown-input",
	Summary:  "A launch plan gives an input that its workflow doesn't have.",
	Details:  "Each key of `default_inputs` and `fixed_inputs` must name an input of the workflow. flytekit raises KeyError, or \"Received unexpected keyword argument\", when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "launch_plan.py:LaunchPlan.create",
	Bad: `from flytekit import LaunchPlan, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int) -> int:
    return train(epochs=epochs)


nightly = LaunchPlan.get_or_create(flow, "nightly", fixed_inputs={«"epoch"»: 10})
`,
	Fixed: `from flytekit import LaunchPlan, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int) -> int:
    return train(epochs=epochs)


nightly = LaunchPlan.get_or_create(flow, "nightly", fixed_inputs={"epochs": 10})
`,
	check: func(p *pass) {
		p.eachPlan(func(c *planCall) {
			c.given(func(given model.GivenInput, input *model.Variable) {
				if input != nil {
					return
				}
				d := c.report(given.NameSpan, fmt.Sprintf("%s has no input %s; %s", c.workflow.Describe(), given.Name, inputsOf(c.workflow)), c.workflowHere()...)
				p.renameTo(d, given.Name, c.freeInputs())
			})
		})
	},
})

// freeInputs are the names of the workflow's inputs that the launch plan gives
// no value.
func (c *planCall) freeInputs() []string {
	given := map[string]bool{}
	for _, one := range c.plan.Given {
		given[one.Name] = true
	}
	var free []string
	for _, input := range c.workflow.Inputs {
		if !given[input.Name] {
			free = append(free, input.Name)
		}
	}
	return free
}

// renameTo offers to replace a misspelt name, a string or an identifier at the
// finding's place, by the nearest of those that there are.
func (p *pass) renameTo(d *Diagnostic, name string, candidates []string) {
	right := Nearest(name, candidates)
	if right == "" {
		return
	}
	text := right
	switch written := p.Text(d.Span); written {
	case name:
	case `"` + name + `"`, "'" + name + "'":
		text = written[:1] + right + written[:1]
	default:
		return // it is composed, or stands elsewhere
	}
	d.Fixes = append(d.Fixes, Fix{Title: "Rename to " + right, Edits: []Edit{p.Edit(d.Span, text)}})
}
