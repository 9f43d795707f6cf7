"""What can be configured, checked by pydantic."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import Literal

from pydantic import BaseModel, Field, field_validator


class Market(str, Enum):
    OSLO = "oslo"
    FRANKFURT = "frankfurt"


class Fees(BaseModel):
    fixed: float = 1.0
    share: float = Field(default=0.001, ge=0, lt=1, description="of the amount that is traded")


class Strategy(BaseModel):
    kind: Literal["momentum", "hold"] = "hold"
    window: int = Field(default=3, gt=0)


class BacktestConfig(BaseModel):
    """A whole experiment."""

    symbols: list[str]
    market: Market = Market.OSLO
    start: date = date(2024, 1, 1)
    length: timedelta = timedelta(days=20)
    cash: float = 1000.0
    strategies: dict[str, Strategy] = Field(default_factory=lambda: {"hold": Strategy()})
    fees: Fees | None = None

    @field_validator("symbols")
    @classmethod
    def not_empty(cls, symbols: list[str]) -> list[str]:
        if not symbols:
            raise ValueError("name one symbol at least")
        return [symbol.upper() for symbol in symbols]


class Outcome(BaseModel):
    symbol: str
    strategy: str
    cash: float
    trades: int = 0
