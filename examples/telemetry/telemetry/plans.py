"""The workflow over the whole fleet, and when it runs."""

from datetime import timedelta

from flytekit import FixedRate, LaunchPlan, workflow
from flytekit.models.common import Labels

from .tasks import machines, summarise, worst

__all__ = ["fleet_health"]


@workflow
def fleet_health(limit: int = 10, threshold: float = 0.1) -> list[str]:
    """Which sites need more machines?"""
    rooms = summarise(sites=machines(limit=limit))
    return worst(rooms=rooms, threshold=threshold)


daily = LaunchPlan.get_or_create(
    fleet_health,
    "daily_fleet_health",
    default_inputs={"threshold": 0.25},
    schedule=FixedRate(duration=timedelta(days=1)),
    labels=Labels({"cost-centre": "fleet"}),
    auto_activate=True,
)

for region in ("north", "south"):
    LaunchPlan.get_or_create(fleet_health, name=f"{region}_fleet_health", fixed_inputs={"limit": 1})
