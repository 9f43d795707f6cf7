"""The report team's root: it refers to what the ingest team has registered."""

from typing import List

from flytekit import task, workflow

from report import upstream
from report.upstream import Reading


@task
def average(readings: List[Reading], offset: float = 0.0) -> float:
    return round(sum(reading.value + offset for reading in readings) / len(readings), 2)


@task
def sentence(sensor: str, value: float) -> str:
    return f"{sensor} measured {value} on average"


@workflow
def report(sensor: str = "roof") -> str:
    """Needs the other teams' entities, so it runs on a backend that has them."""
    readings = upstream.fetch(sensor=sensor, count=24)
    offset = upstream.recalibrate(sensor=sensor)
    return sentence(sensor=sensor, value=average(readings=readings, offset=offset))


@workflow
def preview(readings: List[Reading], sensor: str = "roof") -> str:
    """The same report from readings that are given, without a backend."""
    return sentence(sensor=sensor, value=average(readings=readings))
