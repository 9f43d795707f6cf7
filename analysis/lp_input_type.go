package analysis

import (
	"errors"
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

var _ = register(&Rule{
	Code:     "lp-input-type",
	Summary:  "A launch plan gives an input a value of another type.",
	Details:  "flytekit makes literals of `default_inputs` and `fixed_inputs` when the module is imported, and raises TypeTransformerFailedError where a value isn't of exactly the input's type: an int is no float. None in `fixed_inputs` fits an Optional only; in `default_inputs` it makes the input a required one.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "launch_plan.py:LaunchPlan.create",
	Bad: `from flytekit import LaunchPlan, task, workflow


@task
def train(rate: float) -> float:
    return rate


@workflow
def flow(rate: float) -> float:
    return train(rate=rate)


fast = LaunchPlan.get_or_create(flow, "fast", default_inputs={"rate": «1»})
`,
	Fixed: `from flytekit import LaunchPlan, task, workflow


@task
def train(rate: float) -> float:
    return rate


@workflow
def flow(rate: float) -> float:
    return train(rate=rate)


fast = LaunchPlan.get_or_create(flow, "fast", default_inputs={"rate": 1.0})
`,
	check: func(p *pass) {
		p.eachPlan(func(c *planCall) {
			c.given(func(given model.GivenInput, input *model.Variable) {
				_, none := given.Value.(pyeval.None)
				if input == nil || none && !given.Fixed {
					return
				}
				_, err := p.Module.Literal(input, given.Value)
				if rejected := (*typeengine.RejectedError)(nil); errors.As(err, &rejected) {
					d := c.report(given.Span, fmt.Sprintf("input %s of %s takes %s: %s", input.Name, c.workflow.Describe(), input.Type, rejected.Message), c.workflowHere()...)
					p.fixNumber(d, input, given.Value)
				}
			})
		})
	},
})

// fixNumber offers to write an int as the float that is wanted.
func (p *pass) fixNumber(d *Diagnostic, input *model.Variable, value pyeval.Value) {
	number, ok := value.(pyeval.Int)
	wanted, isNative := input.PyType.(*pyeval.Native)
	if ok && isNative && wanted.Name == "builtins.float" && p.Text(d.Span) == number.String() {
		d.Fixes = append(d.Fixes, Fix{
			Title: "Write it as a float", Edits: []Edit{p.Edit(d.Span, number.String()+".0")}, Safe: true,
		})
	}
}
