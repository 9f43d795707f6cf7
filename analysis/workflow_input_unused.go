package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:        "workflow-input-unused",
	Summary:     "An input of a workflow isn't used.",
	Details:     "Each execution must give the input a value all the same, unless it has a default.",
	Severity:    Hint,
	Stage:       NeverFails,
	Source:      "workflow.py:PythonFunctionWorkflow.compile",
	Unnecessary: true,
	Bad: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1, «name»: str = "a") -> int:
    return train(epochs=epochs)
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
			if entity.Kind != model.Workflow || entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) || p.broken(entity.Function.Def.Span()) {
				continue
			}
			if slices.ContainsFunc(entity.Settings, func(s pyeval.Named) bool { return s.Name == "on_failure" }) {
				continue // the handler is given all inputs
			}
			used, open := namesUsed(entity.Function.Def)
			for _, input := range entity.Inputs {
				if !used[input.Name] && !open && !strings.HasPrefix(input.Name, "_") && input.NameSpan.Start < input.NameSpan.End {
					p.report(input.NameSpan, fmt.Sprintf("%s doesn't use its input %s", entity.Describe(), input.Name))
				}
			}
		}
	},
})

// namesUsed are the names that the body of a function has; open tells that it
// asks for all that there are.
func namesUsed(def *ast.FunctionDef) (used map[string]bool, open bool) {
	used = map[string]bool{}
	for _, statement := range def.Body() {
		ast.InspectNode(statement, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Name:
				used[n.ID] = true
				open = open || n.ID == "locals" || n.ID == "vars" || n.ID == "eval"
			case *ast.BadExpr, *ast.BadStmt:
				open = true
			}
			return true
		})
	}
	return used, open
}
