package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "map-target",
	Summary:  "map_task is given something else than a task.",
	Details:  `map_task maps over a task that runs a function or a class of Python's, over functools.partial of one, over a launch plan and a reference to a task. For workflows, dynamic and eager ones, other map tasks, ContainerTask and plain functions flytekit raises "Only PythonFunctionTask with default execution mode ... are supported in map tasks". Map over a launch plan of a workflow, and make a task of a function.`,
	Severity: Error,
	Stage:    AtImport,
	Source:   "array_node_map_task.py:ArrayNodeMapTask.__init__",
	Bad: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def twice(number: int) -> int:
    return double(number=double(number=number))


all_twice = map_task(«twice»)
`,
	Good: `from flytekit import LaunchPlan, map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def twice(number: int) -> int:
    return double(number=double(number=number))


all_twice = map_task(LaunchPlan.get_or_create(twice))
`,
	check: mapTargets,
})

func mapTargets(p *pass) {
	p.eachMap(func(m *mapped) {
		if what := m.unsuited(); what != "" {
			p.report(parser.Span(m.target.Expr.Span()), "map_task takes a task, a launch plan, or functools.partial of a task, and this is "+what).unless(m.Certain)
		}
	})
}

// unsuited says what is mapped over, where flytekit certainly takes no such
// thing; "" of others.
func (m *mapped) unsuited() string {
	entity, ok := model.EntityOf(m.over)
	if !ok {
		switch v := m.over.(type) {
		case *pyeval.Function, *pyeval.Class, pyeval.Int, pyeval.Float, pyeval.Str, pyeval.Bool, pyeval.None, *pyeval.List, *pyeval.Dict:
			return v.Describe()
		case *model.Promise:
			return "what a call gives: give it the task itself"
		}
		return ""
	}
	if entity.Opaque != "" {
		return ""
	}
	switch entity.Kind {
	case model.Workflow, model.Dynamic, model.Eager, model.MapTask, model.ImperativeWorkflow, model.ReferenceWorkflow:
		return entity.Describe()
	case model.InstanceTask:
		if entity.Class == "ContainerTask" {
			return entity.Describe()
		}
	case model.LaunchPlan, model.ReferenceLaunchPlan:
		if m.partial != nil {
			return fmt.Sprintf("functools.partial of %s: give the inputs in the call", entity.Describe())
		}
	}
	return ""
}
