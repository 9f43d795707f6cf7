"""The tasks, whichever module they stand in."""

from .collect import Machine, machines
from .health import health, summarise, worst

__all__ = ["Machine", "health", "machines", "summarise", "worst"]
