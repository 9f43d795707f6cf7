package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "workflow-recursion",
	Summary:  "A workflow calls itself, directly or through others.",
	Details:  "A workflow is compiled with all workflows that it calls, in branches of a conditional too: one that reaches itself never ends, and Python raises a RecursionError. So do nodes that wait for each other, as with `a >> b` and `b >> a`. Use a @dynamic workflow, which is compiled when it runs.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from flytekit import conditional, task, workflow


@task
def decrease(number: int) -> int:
    return number - 1


@workflow
def countdown(number: int = 3) -> int:
    less = decrease(number=number)
    return conditional("end").if_(less > 0).then(«countdown»(number=less)).else_().then(decrease(number=less))
`,
	Good: `from flytekit import dynamic, task


@task
def decrease(number: int) -> int:
    return number - 1


@dynamic
def countdown(number: int = 3) -> int:
    if number == 0:
        return decrease(number=number)
    return countdown(number=number - 1)
`,
	check: func(p *pass) {
		for _, entity := range p.module.Entities {
			if entity.Kind != model.Workflow || entity.Opaque != "" {
				continue
			}
			for node := range p.module.Body(entity).All() {
				if node.Call == nil || !p.here(node.Module) || node.Entity == nil || node.Entity.Kind != model.Workflow {
					continue
				}
				if p.reaches(node.Entity, entity, map[*model.Entity]bool{}) {
					message := fmt.Sprintf("%s calls itself: it can't be compiled", entity.Name)
					if node.Entity != entity {
						message = fmt.Sprintf("%s calls %s again: it can't be compiled", node.Entity.Name, entity.Name)
					}
					p.report(node.Call.Func.Span(), message).unless(!node.Conditional)
				}
			}
		}
	},
})

// reaches tells whether compiling a workflow compiles another one.
func (p *pass) reaches(from, to *model.Entity, seen map[*model.Entity]bool) bool {
	if from == to || from.Path == to.Path && from.Definition == to.Definition {
		return true
	}
	if seen[from] || len(seen) > 200 {
		return false
	}
	seen[from] = true
	for node := range p.module.Body(from).All() {
		if node.Entity != nil && node.Entity.Kind == model.Workflow && !node.Conditional && p.reaches(node.Entity, to, seen) {
			return true
		}
	}
	return false
}
