"""Past prices, made up but always the same."""

from __future__ import annotations

import math
from datetime import date, timedelta

from flytekit import task
from flytekit.core.cache import Cache

from backtest.config import Market


@task(cache=Cache(version="1", serialize=True))
def prices(symbol: str, market: Market, start: date, length: timedelta) -> list[float]:
    """A price a day."""
    base = 50 + sum(map(ord, symbol + market.value)) % 50
    first = start.toordinal()
    return [round(base + 10 * math.sin(day / 3), 2) for day in range(first, first + length.days)]
