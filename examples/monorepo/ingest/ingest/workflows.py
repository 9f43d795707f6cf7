"""The ingest team's root: fetch readings and check them. The report team uses what is registered from here."""

from datetime import datetime, timezone
from typing import List

from flytekit import CronSchedule, LaunchPlan, task, workflow

from ingest.types import Reading


@task
def fetch(sensor: str, count: int = 3) -> List[Reading]:
    """The newest readings of one sensor, an hour apart."""
    return [Reading(sensor, 20.5 + hour, datetime(2024, 6, 1, hour, tzinfo=timezone.utc)) for hour in range(count)]


@task
def check(readings: List[Reading], highest: float) -> List[Reading]:
    """Leave out what no sensor can measure."""
    return [reading for reading in readings if reading.value <= highest]


@workflow
def ingest(sensor: str = "roof", highest: float = 60.0) -> List[Reading]:
    """Fetch and check."""
    return check(readings=fetch(sensor=sensor), highest=highest)


hourly = LaunchPlan.get_or_create(ingest, name="ingest.hourly", schedule=CronSchedule(schedule="@hourly"))
