package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "map-partial",
	Summary:  "A functools.partial for map_task has positional arguments, or ones that the task doesn't take.",
	Details:  `flytekit takes the keyword arguments of the partial only: a positional one is dropped, and the input is missing ("Input factor of type List[int] was not specified"). A keyword that the task has no input for is rejected when the map task is called.`,
	Severity: Error,
	Stage:    AtRegister,
	Source:   "array_node_map_task.py:ArrayNodeMapTask.__call__",
	Bad: `import functools
from typing import List

from flytekit import map_task, task, workflow


@task
def scale(factor: int, number: int) -> int:
    return factor * number


@workflow
def flow(numbers: List[int] = [1, 2]) -> List[int]:
    return map_task(functools.partial(scale, «3»))(number=numbers)
`,
	Fixed: `import functools
from typing import List

from flytekit import map_task, task, workflow


@task
def scale(factor: int, number: int) -> int:
    return factor * number


@workflow
def flow(numbers: List[int] = [1, 2]) -> List[int]:
    return map_task(functools.partial(scale, factor=3))(number=numbers)
`,
	check: mapPartials,
})

func mapPartials(p *pass) {
	var called map[*model.Entity]bool // those that the module calls
	p.eachMap(func(m *mapped) {
		task, ok := model.EntityOf(m.over)
		if !ok || m.partial == nil || task.Opaque != "" || task.InputsUnknown != "" {
			return
		}
		call := p.partialCall(m)
		if call == nil || call.Open {
			return
		}
		if called == nil {
			called = map[*model.Entity]bool{}
			for _, node := range p.Module.Calls() {
				called[node.Entity] = true
			}
		}
		made, _ := model.EntityOf(m.Gives)
		certain := m.Certain && called[made]
		for i, argument := range call.Args[1:] {
			d := p.report(parser.Span(argument.Expr.Span()), fmt.Sprintf("map_task drops the positional arguments of functools.partial: give %s its inputs by name", task.Describe())).unless(certain)
			if i < len(task.Inputs) {
				name := task.Inputs[i].Name
				d.Fixes = []Fix{{Title: "Give it as " + name, Edits: []Edit{p.Insert(argument.Expr.Span().Start, name+"=")}, Safe: true}}
			}
		}
		for _, keyword := range call.Expr.Keywords {
			if keyword.Arg == "" || task.Input(keyword.Arg) != nil || !slices.Contains(made.Bound, keyword.Arg) {
				continue
			}
			d := p.report(parser.Span(keyword.ArgSpan), fmt.Sprintf("%s has no input %s; %s", task.Describe(), keyword.Arg, inputsOf(task))).unless(certain)
			if near := Nearest(keyword.Arg, inputNames(task)); near != "" {
				d.Fixes = []Fix{{Title: "Rename it to " + near, Edits: []Edit{p.Edit(parser.Span(keyword.ArgSpan), near)}}}
			}
		}
	})
}

// partialCall is the call of functools.partial that a map task is given, if it
// stands in the file.
func (p *pass) partialCall(m *mapped) *model.NativeCall {
	for _, call := range p.calls("functools.partial") {
		if call.Gives == m.target.Value && call.Expr != nil && len(call.Args) > 0 {
			return call
		}
	}
	return nil
}

func inputNames(entity *model.Entity) []string {
	all := make([]string, len(entity.Inputs))
	for i, input := range entity.Inputs {
		all[i] = input.Name
	}
	return all
}
