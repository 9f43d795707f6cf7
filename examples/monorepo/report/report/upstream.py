"""What other teams have registered; only the interfaces stand here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Dict, List, Optional

from flytekit import reference_launch_plan, reference_task, reference_workflow


@dataclass
class Reading:
    """The report team's view of a reading."""

    sensor: str
    value: float
    moment: Optional[datetime] = None


@reference_task(project="sensors", domain="production", name="ingest.workflows.fetch", version="1.4.0")
def fetch(sensor: str, count: int = 3) -> List[Reading]: ...


@reference_launch_plan(project="sensors", domain="production", name="calibration.weekly", version="2")
def recalibrate(sensor: str) -> float: ...


# flytekit has no reference sub-workflows: a workflow calls a launch plan like the one above.
@reference_workflow(project="sensors", domain="production", name="calibration.workflows.offsets", version="2")
def offsets(sensors: List[str]) -> Dict[str, float]:
    return dict.fromkeys(sensors, 0.0)
