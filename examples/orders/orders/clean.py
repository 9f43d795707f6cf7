"""Read the raw orders and throw out what can't be right."""

from datetime import date
from typing import NamedTuple

import pandas as pd
from flytekit import task
from flytekit.types.file import FlyteFile

from .schema import Orders


class Cleaned(NamedTuple):
    orders: Orders
    rejected: int


@task(container_image="{{.image.default.fqn}}:{{.image.default.version}}")
def clean(raw: FlyteFile["csv"], since: date) -> Cleaned:  # noqa: F821 (a format, no name)
    """Keep the orders of the period that have a country and a quantity."""
    table = pd.read_csv(raw.download(), parse_dates=["placed_at"])
    table = table[table["placed_at"].dt.date >= since]
    good = table.dropna(subset=["country"]).query("quantity > 0")
    return Cleaned(orders=good.drop(columns="placed_at"), rejected=len(table) - len(good))
