package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:        "lp-input-both",
	Summary:     "A launch plan both fixes an input and gives it a default.",
	Details:     "The fixed value wins: the entry of `default_inputs` has no effect, and a run can't give the input another value.",
	Severity:    Hint,
	Stage:       NeverFails,
	Source:      "launch_plan.py:LaunchPlan.__init__",
	Unnecessary: true,
	Bad: `from flytekit import LaunchPlan, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int) -> int:
    return train(epochs=epochs)


nightly = LaunchPlan.get_or_create(flow, "nightly", default_inputs={«"epochs"»: 5}, fixed_inputs={"epochs": 10})
`,
	Fixed: `from flytekit import LaunchPlan, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int) -> int:
    return train(epochs=epochs)


nightly = LaunchPlan.get_or_create(flow, "nightly", default_inputs={}, fixed_inputs={"epochs": 10})
`,
	check: func(p *pass) {
		p.eachPlan(func(c *planCall) {
			fixed := map[string]model.GivenInput{}
			c.given(func(given model.GivenInput, _ *model.Variable) {
				if given.Fixed {
					fixed[given.Name] = given
				}
			})
			c.given(func(given model.GivenInput, _ *model.Variable) {
				other, both := fixed[given.Name]
				if !both || given.Fixed {
					return
				}
				d := p.report(given.NameSpan, fmt.Sprintf("input %s is fixed, so that this default has no effect", given.Name),
					p.related(c.Module, other.Span, "it is fixed here")...)
				defaults, _ := c.argument("default_inputs")
				if dict, ok := defaults.Expr.(*ast.Dict); ok {
					if edit, ok := p.removeEntry(dict, given.Name); ok {
						d.Fixes = append(d.Fixes, Fix{Title: "Remove the default", Edits: []Edit{edit}, Safe: true})
					}
				}
			})
		})
	},
})

// removeEntry takes an entry out of a dict that is written out, with its comma.
func (p *pass) removeEntry(dict *ast.Dict, name string) (Edit, bool) {
	for i, key := range dict.Keys {
		constant, ok := key.(*ast.Constant)
		if !ok || constant.Kind != ast.StringConst || constant.Text != name {
			continue
		}
		span := constant.Span()
		span.End = dict.Values[i].Span().End
		switch {
		case i+1 < len(dict.Keys) && dict.Keys[i+1] != nil:
			span.End = dict.Keys[i+1].Span().Start
		case i > 0:
			span.Start = dict.Values[i-1].Span().End
		default:
			span.Start, span.End = dict.Start+1, dict.End-1
		}
		return p.Edit(span, ""), true
	}
	return Edit{}, false
}
