package project

import (
	"fmt"
	"strings"
)

// LongLines is the size of the module that keystrokes are measured in.
const LongLines = 375

const moduleHead = `"""Forecast what each shop sells next week."""

from dataclasses import dataclass
from typing import Dict, List, NamedTuple

from flytekit import LaunchPlan, Resources, dynamic, task, workflow

Totals = NamedTuple("Totals", [("count", int), ("total", float)])
`

const moduleBlock = `

@dataclass
class Sales%[1]d:
    """One shop's sales of a week."""

    shop: str
    amounts: List[float]
    labels: Dict[str, str]


@task(cache=True, cache_version="1.%[1]d", retries=2, requests=Resources(cpu="500m", mem="200Mi"))
def load_%[1]d(shop: str, weeks: int = %[1]d) -> Sales%[1]d:
    """Load the sales of the last weeks.

    Args:
        shop: its name
        weeks: how many weeks to go back
    """
    amounts = [float(week * 100 %% 37) for week in range(weeks)]
    return Sales%[1]d(shop=shop, amounts=amounts, labels={"shop": shop})


@task
def total_%[1]d(sales: Sales%[1]d, factor: float = 1.0) -> Totals:
    """Add up the sales."""
    scaled = [amount * factor for amount in sales.amounts if amount > 0]
    return Totals(count=len(scaled), total=sum(scaled))


@dynamic
def totals_%[1]d(shops: List[str]) -> List[float]:
    """Add up the sales of many shops."""
    sums = []
    for shop in shops:
        sums.append(total_%[1]d(sales=load_%[1]d(shop=shop)).total)
    return sums


@workflow
def forecast_%[1]d(shop: str = "north", factor: float = 1.5) -> Totals:
    """Load, then add up."""
    sales = load_%[1]d(shop=shop, weeks=8)
    return total_%[1]d(sales=sales, factor=factor)


nightly_%[1]d = LaunchPlan.get_or_create(forecast_%[1]d, name="nightly_%[1]d", default_inputs={"shop": "south"})
`

// LongModule returns a flytekit module of LongLines lines.
func LongModule() string {
	text := moduleHead
	for i := 1; ; i++ {
		next := text + fmt.Sprintf(moduleBlock, i)
		if strings.Count(next, "\n") > LongLines {
			break
		}
		text = next
	}
	text += "\n\n"
	for line := strings.Count(text, "\n"); line < LongLines; line++ {
		text += fmt.Sprintf("LIMIT_%d = %d\n", line, line*10)
	}
	return text
}
