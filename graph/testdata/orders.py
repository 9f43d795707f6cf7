from datetime import timedelta
from functools import partial
from typing import List, NamedTuple

from flytekit import (
    LaunchPlan,
    approve,
    conditional,
    dynamic,
    map_task,
    sleep,
    task,
    wait_for_input,
    workflow,
)

Order = NamedTuple("Order", total=int, items=List[str])


@task
def load(path: str, limit: int = 10) -> Order: ...


@task
def price(item: str, rate: float) -> float: ...


@task
def add(prices: List[float]) -> float: ...


@task
def bill(sum: float, note: str) -> str: ...


@task
def waive(sum: float) -> str: ...


@task
def clean() -> None: ...


@task
def report(err: str = "") -> None: ...


@workflow
def totals(items: List[str], rate: float = 1.5) -> float:
    prices = map_task(partial(price, rate=rate))(item=items)
    return add(prices=prices)


nightly = LaunchPlan.get_or_create(totals, "nightly", fixed_inputs={"rate": 2.0})


@dynamic
def spread(n: int) -> None:
    for i in range(n):
        clean()


@workflow(on_failure=report)
def main(path: str, rate: float = 1.5, err: str = "") -> str:
    order = load(path=path, limit=5)
    total = totals(items=order.items, rate=rate)
    confirmed = approve(total, "confirm", timeout=timedelta(hours=1))
    pause = sleep(timedelta(seconds=90))
    tidied = clean()
    spread(n=order.total)
    confirmed >> tidied
    pause >> tidied
    letter = (
        conditional("worth")
        .if_((total > 100.0) & (order.total < 5))
        .then(bill(sum=total, note="a \"<large>\" & `odd` one"))
        .elif_(total > 1.0)
        .then(waive(sum=total))
        .else_()
        .fail("nothing to pay")
    )
    return letter


@workflow
def unfinished(n: int) -> float:
    total = totals(items=names(n))
    for name in names(n):
        clean()
    return total


@workflow
def nested(n: float, flag: bool) -> str:
    return (
        conditional("outer")
        .if_(flag.is_true())
        .then(
            conditional("inner")
            .if_(n > 1.0)
            .then(waive(sum=n))
            .else_()
            .then(bill(sum=n, note="small"))
        )
        .else_()
        .then(waive(sum=add(prices=[n, 2.0])))
    )
