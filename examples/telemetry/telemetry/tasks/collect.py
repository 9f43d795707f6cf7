"""What the machines say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flytekit import task

from ..decorators import timed

if TYPE_CHECKING:
    from collections.abc import Iterable

try:
    import orjson as json
except ImportError:
    import json

RAW = '{"north": [0.2, 0.4, 0.9], "south": [0.1, 0.1], "east": [0.99, 0.97]}'


class Machine(NamedTuple):
    site: str
    loads: list[float]


def sites() -> Iterable[str]:
    return json.loads(RAW).keys()


@task
@timed
def machines(limit: int = 10) -> list[str]:
    """The sites that have machines."""
    return sorted(sites())[:limit]


@task
@timed
def loads(site: str) -> "Machine":
    """The load of each machine of a site, from 0 to 1."""
    return Machine(site=site, loads=json.loads(RAW)[site])
