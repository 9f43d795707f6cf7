package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "task-return-count",
	Summary:  "A task returns another number of values than it declares outputs.",
	Details:  "The task fails once its function has run: \"IndexError: list index out of range\", \"Length difference 2 1\" or, for one output, \"received a tuple (1, 2), instead of <class 'int'>\".",
	Severity: Error,
	Stage:    AtRun,
	Source:   "base_task.py:PythonTask._output_to_literal_map",
	Bad: `from typing import Tuple

from flytekit import task


@task
def limits() -> Tuple[int, int]:
    return «1, 2, 3»
`,
	Good: `from typing import Tuple

from flytekit import task


@task
def limits() -> Tuple[int, int, int]:
    return 1, 2, 3
`,
	check: func(p *pass) {
		p.eachTaskReturn(func(entity *model.Entity, r *model.Return) {
			if problem := countProblem(entity, r.Value); problem != "" {
				p.report(r.Stmt.Value.Span(), problem).unless(r.Certain)
			}
		})
	},
})

// countProblem says how the values that a task returns differ in number from
// its outputs, "" if they don't.
func countProblem(entity *model.Entity, value pyeval.Value) string {
	outputs := len(entity.Outputs)
	if outputs == 1 {
		if native, ok := entity.Outputs[0].PyType.(*pyeval.Native); ok && native.Name == "builtins.tuple" {
			return "" // type-tuple judges that
		}
	}
	if tuple, ok := value.(*pyeval.Tuple); ok && outputs == 1 && entity.OutputTuple == "" {
		if alias, ok := entity.Outputs[0].PyType.(*pyeval.Alias); ok && len(alias.Args) > 0 {
			return "" // it is rather meant for one value of another type
		}
		return fmt.Sprintf("%s has one output, of type %s, and %d values are returned", entity.Describe(), entity.Outputs[0].Type, len(tuple.Elems))
	}
	if outputs < 2 {
		return ""
	}
	switch value.(type) {
	case pyeval.Bool, pyeval.Int, pyeval.Float:
		return fmt.Sprintf("%s has %d outputs (%s), and one value is returned", entity.Describe(), outputs, names(entity.Outputs))
	}
	if elements, ok := returnedParts(value); ok && len(elements) != outputs {
		return fmt.Sprintf("%s has %d outputs (%s), and %d values are returned", entity.Describe(), outputs, names(entity.Outputs), len(elements))
	}
	return ""
}
