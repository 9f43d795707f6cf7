"""Flats and their prices."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from flytekit import Cache, HashMethod, Resources, task

from .images import science

FEATURES = ["area", "rooms", "floor"]
TARGET = "price"


def fingerprint(table: pd.DataFrame) -> str:
    """The same rows have the same fingerprint, so that the tasks behind hit their cache."""
    return str(pd.util.hash_pandas_object(table).sum())


HashedTable = Annotated[pd.DataFrame, HashMethod(fingerprint)]


class Split(NamedTuple):
    train: pd.DataFrame
    test: pd.DataFrame


@task(container_image=science, cache=Cache(version="1", ignored_inputs=("verbose",)), requests=Resources(mem="500Mi"))
def generate(rows: int, seed: int = 0, verbose: bool = False) -> HashedTable:
    """Make flats up whose price we know, but for some noise."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "area": random.uniform(20, 150, rows),
            "rooms": random.integers(1, 6, rows),
            "floor": random.integers(0, 9, rows),
        }
    )
    noise = random.normal(0, 5, rows)
    table[TARGET] = 3.0 * table["area"] + 10 * table["rooms"] + table["floor"] + noise
    if verbose:
        print(table.describe())
    return table


@task(container_image=science)
def split(table: pd.DataFrame, test_share: float) -> Split:
    test = table.sample(frac=test_share, random_state=1)
    return Split(table.drop(test.index), test)
