package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "map-outputs",
	Summary:  "map_task maps over a task with several outputs.",
	Details:  `The lists that a map task gives have one element for each item: flytekit raises "Only tasks with a single output are supported in map tasks". Return one value, a dataclass for example.`,
	Severity: Error,
	Stage:    AtImport,
	Source:   "array_node_map_task.py:ArrayNodeMapTask.__init__",
	Bad: `from typing import Tuple

from flytekit import map_task, task


@task
def halve(number: int) -> Tuple[int, int]:
    return number // 2, number % 2


halves = map_task(«halve»)
`,
	Good: `from dataclasses import dataclass

from flytekit import map_task, task


@dataclass
class Halves:
    half: int
    rest: int


@task
def halve(number: int) -> Halves:
    return Halves(number // 2, number % 2)


halves = map_task(halve)
`,
	check: mapOutputs,
})

func mapOutputs(p *pass) {
	p.eachMap(func(m *mapped) {
		entity, ok := model.EntityOf(m.over)
		if ok && len(entity.Outputs) > 1 && entity.OutputsUnknown == "" && entity.Opaque == "" && m.unsuited() == "" {
			p.report(parser.Span(m.target.Expr.Span()), fmt.Sprintf(
				"map_task takes tasks with one output, and %s has %d: %s", entity.Describe(), len(entity.Outputs), names(entity.Outputs))).unless(m.Certain)
		}
	})
}
