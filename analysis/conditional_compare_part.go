package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "conditional-compare-part",
	Summary:  "A conditional compares a part of a promise.",
	Details:  `A comparison takes the whole of what a promise stands for: an element, an entry or a field of it is lost on the way. Local runs end with "Only primitive values can be used in comparison" or an AttributeError. Take the part in a task.`,
	Severity: Error,
	Stage:    AtBackend,
	Source:   "condition.py:transform_to_operand",
	Backend:  "MismatchingTypes",
	Bad: `from dataclasses import dataclass

from flytekit import conditional, task, workflow


@dataclass
class Order:
    amount: int


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(order: Order = Order(1)) -> int:
    return conditional("which").if_(«order.amount» > 10).then(double(number=1)).else_().then(double(number=2))
`,
	Good: `from dataclasses import dataclass

from flytekit import conditional, task, workflow


@dataclass
class Order:
    amount: int


@task
def amount_of(order: Order) -> int:
    return order.amount


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(order: Order = Order(1)) -> int:
    amount = amount_of(order=order)
    return conditional("which").if_(amount > 10).then(double(number=1)).else_().then(double(number=2))
`,
	check: compareParts,
})

func compareParts(p *pass) {
	p.eachComparison(func(c *comparison) {
		for _, side := range c.sides() {
			if isPart(side) {
				promise := side.Value.(*model.Promise)
				p.reportOperand(c, side, fmt.Sprintf("a conditional compares the whole of %s, and no part of it: take the part in a task", promise.Describe()), p.origin(promise)...)
			}
		}
	})
}
