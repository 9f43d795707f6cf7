// Package project writes workspaces of flytekit modules, for measurements.
package project

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Lines is how many lines each module has.
const Lines = 90

// perPackage is how many modules a package holds.
const perPackage = 25

const head = `"""%[1]s: what the shops of region %[2]d sell, and what they will sell."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Dict, List, NamedTuple, Optional

from flytekit import LaunchPlan, Resources, dynamic, task, workflow
`

const body = `
Totals%[1]d = NamedTuple("Totals%[1]d", [("count", int), ("total", float)])


@dataclass
class Sales%[1]d:
    """One shop's sales of a week."""

    shop: str
    week: datetime
    amounts: List[float] = field(default_factory=list)
    labels: Optional[Dict[str, str]] = None


@task(cache=True, cache_version="1.%[1]d", retries=2, requests=Resources(cpu="500m", mem="200Mi"))
def load_%[1]d(shop: str, week: datetime, weeks: int = %[1]d) -> Sales%[1]d:
    """Load the sales of the last weeks.

    Args:
        shop: its name
        week: the last week that counts
        weeks: how many weeks to go back
    """
    amounts = [float(number * 100 %% 37) for number in range(weeks)]
    if not amounts:
        raise ValueError(f"{shop} has sold nothing since {week - timedelta(weeks=weeks)}")
    return Sales%[1]d(shop=shop, week=week, amounts=amounts, labels={"shop": shop})


@task
def total_%[1]d(sales: Sales%[1]d, factor: float = 1.0) -> Totals%[1]d:
    """Add up the sales."""
    scaled = [amount * factor for amount in sales.amounts if amount > 0]
    return Totals%[1]d(count=len(scaled), total=sum(scaled))


@dynamic
def totals_%[1]d(shops: List[str], week: datetime) -> List[float]:
    """Add up the sales of many shops."""
    sums = []
    for shop in shops:
        sums.append(total_%[1]d(sales=load_%[1]d(shop=shop, week=week)).total)
    return sums


@workflow
def forecast_%[1]d(week: datetime, shop: str = "north", factor: float = 1.5) -> Totals%[1]d:
    """Load, then add up."""
    sales = load_%[1]d(shop=shop, week=week, weeks=8)
`

const tail = `    return total_%[1]d(sales=sales, factor=factor)


nightly_%[1]d = LaunchPlan.get_or_create(forecast_%[1]d, name="nightly_%[1]d", default_inputs={"shop": "south"})
`

// Write makes a workspace of so many modules below dir, in packages, each of
// which imports the types and tasks of some others, and returns the path of
// one in the middle.
func Write(dir string, modules int) (string, error) {
	middle := ""
	for i := range modules {
		path := filepath.Join(dir, fmt.Sprintf("region_%d", i/perPackage), fmt.Sprintf("shop_%d.py", i))
		if i == modules/2 {
			middle = path
		}
		if i%perPackage == 0 {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return "", err
			}
			if err := os.WriteFile(filepath.Join(filepath.Dir(path), "__init__.py"), nil, 0o644); err != nil {
				return "", err
			}
		}
		if err := os.WriteFile(path, []byte(Module(i)), 0o644); err != nil {
			return "", err
		}
	}
	return middle, nil
}

// Module is the text of a module, which imports modules of lower numbers.
func Module(number int) string {
	var b strings.Builder
	fmt.Fprintf(&b, head, fmt.Sprintf("shop_%d", number), number/perPackage)
	others := imported(number)
	for _, other := range others {
		if other/perPackage == number/perPackage {
			fmt.Fprintf(&b, "from .shop_%[1]d import Sales%[1]d, total_%[1]d\n", other)
		} else {
			fmt.Fprintf(&b, "from region_%[2]d.shop_%[1]d import Sales%[1]d, total_%[1]d\n", other, other/perPackage)
		}
	}
	fmt.Fprintf(&b, body, number)
	fmt.Fprintf(&b, tail, number)
	for _, other := range others {
		fmt.Fprintf(&b, "\n\n@task\ndef compare_%[1]d_%[2]d(own: Sales%[1]d, other: Sales%[2]d) -> float:\n    return sum(own.amounts) - sum(other.amounts)\n", number, other)
	}
	for line := strings.Count(b.String(), "\n"); line < Lines; line++ {
		fmt.Fprintf(&b, "LIMIT_%d_%d = %d\n", number, line, line*10)
	}
	return b.String()
}

// imported are the numbers of the modules that a module imports: the one before
// in its package, and two of other packages.
func imported(number int) []int {
	var others []int
	if number%perPackage > 0 {
		others = append(others, number-1)
	}
	for _, share := range []int{2, 5} {
		if other := number / share; other/perPackage < number/perPackage {
			others = append(others, other)
		}
	}
	return others
}
