package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

var _ = register(&Rule{
	Code:     "conditional-compare-kind",
	Summary:  "A conditional compares what is no number, text, bool, time or enum.",
	Details:  `Only primitive values are compared: int, float, str, bool, datetime, timedelta and enums. For lists, dicts, dataclasses and files flytekit raises "Only primitive values can be used in comparison" or an AttributeError when it runs, for a list or a tuple that is written out when it compiles the workflow. Compare them in a task that returns a bool.`,
	Severity: Error,
	Stage:    AtRun,
	Source:   "promise.py:ComparisonExpression",
	Bad: `from typing import List

from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def several() -> List[int]:
    return [1]


@workflow
def flow(numbers: List[int] = [1]) -> int:
    other = several()
    return conditional("which").if_(«numbers» == other).then(double(number=1)).else_().then(double(number=2))
`,
	Good: `from typing import List

from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def is_one(numbers: List[int]) -> bool:
    return numbers == [1]


@workflow
def flow(numbers: List[int] = [1]) -> int:
    same = is_one(numbers=numbers)
    return conditional("which").if_(same.is_true()).then(double(number=1)).else_().then(double(number=2))
`,
	check: compareKinds,
})

func compareKinds(p *pass) {
	p.eachComparison(func(c *comparison) {
		for _, side := range c.sides() {
			if what := p.notPrimitive(side); what != "" {
				var related []Related
				if promise, ok := side.Value.(*model.Promise); ok {
					related = p.origin(promise)
				}
				p.reportOperand(c, side, "a conditional compares numbers, texts, bools, times and enums, and this is "+what+": compare it in a task that returns a bool", related...)
				return
			}
		}
	})
}

// notPrimitive says what an operand is that flytekit certainly doesn't compare;
// "" of others.
func (p *pass) notPrimitive(operand model.Operand) string {
	switch v := operand.Value.(type) {
	case *model.Promise:
		if len(v.Path) > 0 {
			return ""
		}
		t, err := p.Module.PromiseType(v)
		if err != nil {
			return ""
		}
		switch t.GetType().(type) {
		case *core.LiteralType_CollectionType:
			return "a list"
		case *core.LiteralType_MapValueType:
			return "a dict"
		case *core.LiteralType_Blob:
			return "a file or a folder"
		case *core.LiteralType_StructuredDatasetType, *core.LiteralType_Schema:
			return "a data set"
		}
		if t.GetSimple() == core.SimpleType_STRUCT {
			return "a dict or an object"
		}
	case *pyeval.List, *pyeval.Dict, *pyeval.Set, *pyeval.Tuple, pyeval.Bytes, pyeval.Ellipsis, *pyeval.Function, *pyeval.Class, *model.Entity, *model.Outputs:
		return v.Describe()
	}
	return ""
}
