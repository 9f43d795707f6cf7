"""The training pipeline."""

from typing import NamedTuple

from flytekit import LaunchPlan, conditional, dynamic, workflow
from flytekit.types.file import FlyteFile

from . import data as d
from .train import Kind, Score, Settings, evaluate, fit, fit_large, pick, publish


class Trained(NamedTuple):
    best: Score
    model: FlyteFile["joblib"]  # noqa: F821 (a format, no name)


@workflow
def price_model(rows: int = 200, settings: Settings = Settings()) -> Trained:  # noqa: B008 (nothing changes it)
    """Train one model, on a GPU where the table is large."""
    train, test = d.split(table=d.generate(rows=rows), test_share=0.25)
    model = (
        conditional("size")
        .if_(rows < 100_000)
        .then(fit(train=train, settings=settings))
        .else_()
        .then(fit_large(train=train, settings=settings))
    )
    score = evaluate(model=model, test=test, settings=settings)
    return Trained(best=score, model=publish(model=model, best=score))


@dynamic
def tune(rows: int, settings: list[Settings]) -> Score:
    """Train as many models as there are settings."""
    table = d.generate(rows=rows)
    parts = d.split(table=table, test_share=0.5)
    scores = []
    for each in settings:
        model = fit(train=parts.train, settings=each)
        scores.append(evaluate(model=model, test=parts.test, settings=each))
    return pick(scores=scores)


@workflow
def compare(rows: int = 100) -> Score:
    """A line against small and large forests."""
    return tune(rows=rows, settings=[Settings(), Settings(Kind.FOREST, trees=5), Settings(Kind.FOREST, trees=20)])


weekly = LaunchPlan.get_or_create(price_model, "weekly_price_model", default_inputs={"rows": 5000})
