package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
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
	Good: `from typing import List

from flytekit import task, workflow


@task
def total(number: int) -> int:
    return number


@workflow
def flow(numbers: List[int]) -> int:
    return total(number=1)
`,
	check: func(p *pass) {
		p.eachStar(func(entity *model.Entity, span parser.Span, certain bool) {
			if entity.Kind == model.Workflow {
				p.report(span, "a workflow's inputs are given by name: take a list").unless(certain)
			}
		})
	},
})

// eachStar gives the annotated `*args` of functions.
func (p *pass) eachStar(f func(entity *model.Entity, span parser.Span, certain bool)) {
	p.eachFunction(func(entity *model.Entity, certain bool) {
		if entity.Function.Def == nil || entity.Decorated != entity.Function {
			return
		}
		for _, param := range entity.Function.Def.Params.List {
			if param.Kind == ast.VarPositional && param.Name != nil && param.Annotation != nil {
				f(entity, param.Range.Span(), certain)
			}
		}
	})
}
