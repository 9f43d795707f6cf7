package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "return-unbound",
	Summary:  "A workflow declares an output and returns nothing that could be bound to it.",
	Details:  "None, what a task without outputs gives, and a task that isn't called are no values: flytekit raises \"Failed to bind output o0\" when it compiles the workflow. Return what a call gives, or let the output be Optional.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> int:
    double(number=x)
    return «None»
`,
	Good: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> int:
    return double(number=x)
`,
	check: func(p *pass) {
		remarked(p)
		for _, m := range p.misfits() {
			message := fmt.Sprintf("%s, and None is returned", m.wanted())
			if _, none := m.Value.(pyeval.None); !none {
				message = fmt.Sprintf("%s, and %s is returned", m.wanted(), described(m.Value))
			}
			d := p.reportMisfit(m, message)
			if entity, ok := model.EntityOf(m.Value); ok && m.Expr != nil && len(entity.Inputs) == 0 && entity.InputsUnknown == "" {
				d.Fixes = append(d.Fixes, Fix{Title: "Call " + entity.Name, Edits: []Edit{p.insert(m.Expr.Span().End, "()")}})
			}
		}
	},
})
