package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "return-unbound",
	Summary:  "A workflow declares an output and returns nothing that could be bound to it.",
	Details:  "None, what a task without outputs gives, and a task that isn't called are no values: flytekit raises \"Failed to bind output o0\" when it compiles the workflow. Return what a call gives. The only output of a workflow can't be None in a local run even where it is Optional: \"Interface has 1 outputs\".",
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
		p.noneForOptional()
		for _, m := range p.misfits() {
			message := fmt.Sprintf("%s, and None is returned", m.wanted())
			if _, none := m.Value.(pyeval.None); !none {
				message = fmt.Sprintf("%s, and %s is returned", m.wanted(), described(m.Value))
			}
			d := p.reportMisfit(m, message)
			if entity, ok := model.EntityOf(m.Value); ok && m.Expr != nil && len(entity.Inputs) == 0 && entity.InputsUnknown == "" {
				d.Fixes = append(d.Fixes, Fix{Title: "Call " + entity.Name, Edits: []Edit{p.Insert(m.Expr.Span().End, "()")}})
			}
		}
	},
})

// noneForOptional warns of None as the only output of a workflow: the backend
// takes it, and a local run fails (core/workflow.py:WorkflowBase.local_execute).
func (p *pass) noneForOptional() {
	for _, entity := range p.Module.Entities {
		if entity.Kind != model.Workflow || entity.Opaque != "" || len(entity.Outputs) != 1 || entity.Function == nil || !p.here(entity.Function.Module) {
			continue
		}
		for _, r := range p.Module.Body(entity).Returns {
			if len(r.Bindings) != 1 || r.Stmt.Value == nil || len(p.Module.Mistakes(r.Bindings[0])) > 0 {
				continue
			}
			if _, none := r.Value.(pyeval.None); none {
				p.report(r.Stmt.Value.Span(), fmt.Sprintf("%s returns None as its only output: a local run fails", entity.Describe())).Severity = Warning
			}
		}
	}
}
