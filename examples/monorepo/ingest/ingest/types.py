"""What the ingest team promises to the other teams."""

from dataclasses import dataclass
from datetime import datetime
from typing import Optional

from mashumaro.mixins.json import DataClassJSONMixin


@dataclass
class Reading(DataClassJSONMixin):
    sensor: str
    value: float
    moment: Optional[datetime] = None
