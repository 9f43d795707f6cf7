"""Run each strategy on each symbol."""

from __future__ import annotations

from datetime import date, timedelta

from flytekit import LaunchPlan, dynamic, task, workflow

from backtest.config import BacktestConfig, Fees, Market, Outcome, Strategy
from backtest.prices import prices


@task
def trade(
    symbol: str, name: str, strategy: Strategy, series: list[float], cash: float, fees: Fees | None = None
) -> Outcome:
    """Buy and sell all at once; return what is left."""
    shares, trades = 0.0, 0
    for day, price in enumerate(series):
        past = series[max(0, day - strategy.window)]
        rises = strategy.kind == "hold" or price > past
        if rises == (shares > 0):
            continue
        cost = 0.0 if fees is None else fees.fixed + fees.share * (cash or shares * price)
        if rises:
            shares, cash = (cash - cost) / price, 0.0
        else:
            shares, cash = 0.0, shares * price - cost
        trades += 1
    return Outcome(symbol=symbol, strategy=name, cash=round(cash + shares * series[-1], 2), trades=trades)


@task
def ranking(outcomes: list[Outcome], best: int | None = None) -> list[str]:
    """The best first; all of them where `best` isn't given."""
    ranked = sorted(outcomes, key=lambda outcome: -outcome.cash)[:best]
    return [f"{each.symbol} {each.strategy}: {each.cash} after {each.trades} trades" for each in ranked]


@dynamic
def try_all(config: BacktestConfig) -> list[Outcome]:
    """One task for each symbol and strategy."""
    outcomes = []
    for symbol in config.symbols:
        series = prices(symbol=symbol, market=config.market, start=config.start, length=config.length)
        for name, strategy in config.strategies.items():
            outcomes.append(
                trade(
                    symbol=symbol,
                    name=name,
                    strategy=strategy,
                    series=series,
                    cash=config.cash,
                    fees=config.fees,
                )
            )
    return outcomes


@workflow
def backtest(config: BacktestConfig, best: int | None = None) -> list[str]:
    """Rank all that the configuration asks for."""
    return ranking(outcomes=try_all(config=config), best=best)


@workflow
def hold_one(symbol: str = "EQNR", strategy: Strategy = Strategy(window=5)) -> Outcome:  # noqa: B008
    """The smallest experiment, with nothing to configure."""
    series = prices(symbol=symbol, market=Market.OSLO, start=date(2024, 1, 1), length=timedelta(weeks=2))
    return trade(symbol=symbol, name="hold", strategy=strategy, series=series, cash=100.0)


quick = LaunchPlan.get_or_create(
    backtest,
    name="backtest.quick",
    default_inputs={"config": BacktestConfig(symbols=["SAP"])},
    fixed_inputs={"best": 1},
)
