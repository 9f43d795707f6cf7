package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "workflow-body-catches",
	Summary:  "A workflow catches exceptions around calls of tasks.",
	Details:  "The function of a workflow runs when the workflow is registered: a try statement there catches what flytekit raises then, and never a failure of a task. Give the workflow an on_failure handler, or call the task in an @eager workflow.",
	Severity: Hint,
	Stage:    NeverFails,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    «try»:
        return train(epochs=epochs)
    except ValueError:
        return train(epochs=1)
`,
	Good: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(epochs=epochs)
`,
	check: func(p *pass) {
		for _, entity := range p.Module.Entities {
			if entity.Kind != model.Workflow || entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) {
				continue
			}
			for _, statement := range entity.Function.Def.Body() {
				ast.InspectNode(statement, func(n ast.Node) bool {
					try, ok := n.(*ast.Try)
					if ok && len(try.Handlers) > 0 && len(try.Body) > 0 && p.makesNode(entity, try.Body) {
						p.report(parser.Span{Start: try.Start, End: try.Start + len("try")}, "this catches no failure of a task: it runs when the workflow is registered")
					}
					return true
				})
			}
		}
	},
})

// makesNode tells whether a call in some statements makes a node of the
// workflow.
func (p *pass) makesNode(entity *model.Entity, statements []ast.Stmt) bool {
	start, end := statements[0].Span().Start, statements[len(statements)-1].Span().End
	for node := range p.Module.Body(entity).All() {
		if node.Call != nil && p.here(node.Module) && start <= node.Call.Start && node.Call.End <= end {
			return true
		}
	}
	return false
}
