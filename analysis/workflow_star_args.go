package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "workflow-star-args",
	Summary:  "A workflow takes any number of positional inputs.",
	Details:  "flytekit takes `*numbers: int` for one input named numbers, and calls the function with that by its name: Python raises a TypeError when the workflow is compiled. Take a list.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from flytekit import task, workflow


@task
def total(number: int) -> int:
    return number


@workflow
def flow(«*numbers: int») -> int:
    return total(number=1)
`,
	Fixed: `from flytekit import task, workflow


@task
def total(number: int) -> int:
    return number


@workflow
def flow(numbers: list[int]) -> int:
    return total(number=1)
`,
	check: func(p *pass) {
		p.reportStars("a workflow's inputs are given by name: take a list", model.Workflow)
	},
})

// reportStars reports the annotated `*args` of functions of some kinds.
func (p *pass) reportStars(message string, kinds ...model.Kind) {
	p.eachFunction(func(entity *model.Entity, certain bool) {
		if entity.Function.Def == nil || entity.Decorated != entity.Function || !slices.Contains(kinds, entity.Kind) {
			return
		}
		for i := range entity.Function.Def.Params.List {
			param := &entity.Function.Def.Params.List[i]
			if param.Kind != ast.VarPositional || param.Name == nil || param.Annotation == nil {
				continue
			}
			d := p.report(param.Span(), message).unless(certain && len(entity.Function.Def.Decorators) == 1)
			list := "list[" + p.Text(param.Annotation.Span()) + "]"
			if constant, ok := param.Annotation.(*ast.Constant); ok && constant.Kind == ast.StringConst {
				continue // a quoted type
			}
			d.Fixes = append(d.Fixes, Fix{Title: "Take a list", Edits: []Edit{p.Edit(param.Span(), param.Name.ID+": "+list)}})
		}
	})
}
