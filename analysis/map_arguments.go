package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "map-arguments",
	Summary:  "A setting of map_task is out of its range.",
	Details:  "concurrency and min_successes are whole numbers from 0 on: others can't be serialized. min_success_ratio lies between 0 and 1: any other number is accepted, and means that all or none must succeed.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "array_node_map_task.py:map_task",
	Bad: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(numbers: List[int] = [1, 2]) -> List[int]:
    return map_task(double, concurrency=«-1»)(number=numbers)
`,
	Good: `from typing import List

from flytekit import map_task, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(numbers: List[int] = [1, 2]) -> List[int]:
    return map_task(double, concurrency=2)(number=numbers)
`,
	check: mapArguments,
})

func mapArguments(p *pass) {
	p.eachMap(func(m *mapped) {
		for _, argument := range m.Keywords {
			if argument.Expr == nil {
				continue
			}
			wrong := ""
			switch argument.Name {
			case "concurrency", "min_successes":
				wrong = noCount(argument.Value)
			case "min_success_ratio":
				wrong = noRatio(argument.Value)
			}
			if wrong != "" {
				d := p.report(parser.Span(argument.Expr.Span()), fmt.Sprintf("%s %s", argument.Name, wrong)).unless(m.Certain)
				if wrong == outsideRatio {
					d.Severity = Warning
				}
			}
		}
	})
}

// noCount says why a value is no count of tasks, "" if it may be one.
func noCount(value pyeval.Value) string {
	switch v := value.(type) {
	case pyeval.Int:
		if v.Sign() < 0 {
			return "is a whole number from 0 on"
		}
	case pyeval.Float, pyeval.Str, pyeval.Bool:
		return "is a whole number, and this is " + v.Describe()
	}
	return ""
}

const outsideRatio = "lies between 0 and 1"

// noRatio says why a value is no ratio, "" if it may be one.
func noRatio(value pyeval.Value) string {
	switch v := value.(type) {
	case pyeval.Int:
		if v.Sign() < 0 || !v.IsInt64() || v.Int64() > 1 {
			return outsideRatio
		}
	case pyeval.Float:
		if v < 0 || v > 1 {
			return outsideRatio
		}
	case pyeval.Str:
		return "is a number, and this is a string"
	}
	return ""
}
