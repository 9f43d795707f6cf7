"""Train models and judge them."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import List

import joblib
import pandas as pd
from flytekit import Deck, Resources, current_context, task
from flytekit.extras.accelerators import T4
from flytekit.types.file import FlyteFile
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error

from .data import FEATURES, TARGET
from .images import science


class Kind(Enum):
    LINEAR = "linear"
    FOREST = "forest"


@dataclass
class Settings:
    kind: Kind = Kind.LINEAR
    alpha: float = 1.0
    trees: int = 10
    features: List[str] = field(default_factory=lambda: list(FEATURES))


@dataclass
class Score:
    kind: Kind
    error: float


@task(container_image=science, resources=Resources(cpu=("1", "2"), mem="1Gi"), retries=1)
def fit(train: pd.DataFrame, settings: Settings) -> BaseEstimator:
    """Train one model."""
    if settings.kind is Kind.LINEAR:
        model: BaseEstimator = Ridge(alpha=settings.alpha)
    else:
        model = RandomForestRegressor(n_estimators=settings.trees, random_state=0)
    return model.fit(train[settings.features], train[TARGET])


@task(container_image=science, enable_deck=True)
def evaluate(model: BaseEstimator, test: pd.DataFrame, settings: Settings) -> Score:
    """The mean absolute error on flats that the model hasn't seen."""
    guesses = model.predict(test[settings.features])
    error = round(float(mean_absolute_error(test[TARGET], guesses)), 2)
    Deck("Score", f"<p>{settings.kind.value}: wrong by {error}</p>")
    return Score(settings.kind, error)


@task(container_image=science, accelerator=T4, requests=Resources(gpu="1"), shared_memory="1Gi")
def fit_large(train: pd.DataFrame, settings: Settings) -> BaseEstimator:
    """For tables that are worth a GPU."""
    return fit.task_function(train, settings)


@task
def pick(scores: List[Score]) -> Score:
    """The score with the smallest error."""
    return min(scores, key=lambda score: score.error)


@task(container_image=science)
def publish(model: BaseEstimator, best: Score) -> FlyteFile["joblib"]:
    path = Path(current_context().working_directory) / f"{best.kind.value}.joblib"
    joblib.dump(model, path)
    return FlyteFile(str(path))
