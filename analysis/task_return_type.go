package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "task-return-type",
	Summary:  "A task returns a value that isn't of its output's type.",
	Details:  "When the function has run, flytekit asks for the very class: an int is no float, a tuple, a range or a generator no list, a defaultdict no dict. The task fails with \"Failed to convert outputs of task\".",
	Severity: Error,
	Stage:    AtRun,
	Source:   "base_task.py:PythonTask._output_to_literal_map",
	Bad: `from flytekit import task


@task
def share() -> float:
    return «1»
`,
	Fixed: `from flytekit import task


@task
def share() -> float:
    return 1.0
`,
	check: func(p *pass) {
		p.eachTaskReturn(func(entity *model.Entity, r *model.Return) {
			if len(entity.Outputs) == 0 || countProblem(entity, r.Value) != "" {
				return
			}
			bindings, _ := taskBindings(entity, r)
			for _, binding := range bindings {
				for _, mistake := range p.Module.ReturnMistakes(binding) {
					if mistake.Code == "constant-literal-value" {
						continue
					}
					m := &misfit{Mistake: mistake, entity: entity, variable: binding.Variable, returned: true, certain: r.Certain, span: r.Stmt.Value.Span()}
					if mistake.Expr != nil {
						m.span = mistake.Expr.Span()
					}
					d := p.reportMisfit(m, fmt.Sprintf("%s, and %s", m.wanted(), m.given()))
					d.Fixes = p.convert(m)
				}
			}
		})
	},
})
