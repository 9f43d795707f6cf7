"""The way from a file of raw orders to the figures."""

import datetime as dt
from typing import NamedTuple

from flytekit import workflow
from flytekit.types.file import FlyteFile

from orders import figures
from orders.catalogue import products_of
from orders.clean import clean

DailyFigures = NamedTuple("DailyFigures", [("best_category", str), ("rejected", int), ("countries", int)])


@workflow
def daily_figures(
    raw: FlyteFile["csv"],  # noqa: F821 (a format, no name)
    since: dt.date = dt.date(2024, 6, 1),
    category: str = "all",
) -> DailyFigures:
    """Clean the orders, then sum them up and split them.

    Args:
        raw: the shop's export, one order a line
        since: orders before this day are left out
        category: only products of this category count
    """
    orders, rejected = clean(raw=raw, since=since)
    products = products_of(category=category, limit=100)
    table = figures.revenue(orders=orders, products=products)
    countries = figures.split_by_country(orders=orders)
    return DailyFigures(figures.best(table=table), rejected, figures.count_files(folder=countries))
