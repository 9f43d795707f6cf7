package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "task-return-discarded",
	Summary:  "A task returns a value and declares no output.",
	Details:  "Without a return annotation a task has no outputs: flytekit drops what its function returns, and tells nobody. Write the type of the value behind `->`.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "base_task.py:PythonTask._output_to_literal_map",
	Bad: `from flytekit import task


@task
def double(number: int):
    return «2 * number»
`,
	Good: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachTaskReturn(func(entity *model.Entity, r *model.Return) {
			if len(entity.Outputs) == 0 && isValue(r) && !returnsUntypedTuple(entity) {
				p.report(r.Stmt.Value.Span(), fmt.Sprintf("%s declares no output, so that this is dropped: write its type behind ->", entity.Describe()))
			}
		})
	},
})

// isValue tells whether what is returned is certainly something else than None.
func isValue(r *model.Return) bool {
	switch r.Value.(type) {
	case pyeval.None, *pyeval.Uncertain, nil:
		return false
	case *pyeval.Unknown:
		switch r.Stmt.Value.(type) {
		case *ast.BinOp, *ast.Compare, *ast.JoinedStr, *ast.List, *ast.Dict, *ast.Tuple, *ast.Set, *ast.Comprehension:
			return true
		}
		return false
	}
	return true
}
