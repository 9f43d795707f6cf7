"""How the machines are."""

import statistics as st
import typing as t

import flytekit as flyte
from flytekit import task as flyte_task

from telemetry.decorators import logged, small_task
from telemetry.tasks import collect

Health = t.Tuple[str, float]


@small_task
def health(site: str, loads: t.List[float]) -> Health:
    """The site, and how much room its machines have on average."""
    return site, round(1 - st.mean(loads), 3)


@flyte_task(cache=flyte.Cache(version="3"))
@logged(level="debug")
def worst(rooms: t.Dict[str, float], threshold: float = 0.1) -> t.List[str]:
    """The sites with less room than the threshold."""
    return [site for site, room in sorted(rooms.items()) if room < threshold]


@flyte.dynamic
def summarise(sites: t.List[str]) -> t.Dict[str, float]:
    """The room of each site."""
    rooms = {}
    for site in sites:
        machine = collect.loads(site=site)
        _, rooms[site] = health(site=machine.site, loads=machine.loads)
    return rooms
