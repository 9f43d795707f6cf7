"""Figures about a fleet of machines: a package that hands on what its modules define."""

from telemetry.plans import *  # noqa: F403
from telemetry.plans import daily
from telemetry.tasks import machines, summarise

__all__ = ["daily", "fleet_health", "machines", "summarise"]  # noqa: F405 (from telemetry.plans)
