"""The settings of a simulation, as nested dataclasses."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Dict, List, Literal, Optional

from flytekit.types.file import FlyteFile


class Road(str, Enum):
    CITY = "city"
    MOTORWAY = "motorway"


@dataclass
class Vehicle:
    length: float = 4.2
    top_speed: float = 33.0


@dataclass
class Truck(Vehicle):
    """Inherits what every vehicle has, and changes how long and how fast it is."""

    length: float = 12.0
    top_speed: float = 22.0
    axles: int = 3


@dataclass
class Traffic:
    cars: int = 8
    trucks: int = 2
    car: Vehicle = field(default_factory=Vehicle)
    truck: Truck = field(default_factory=Truck)


@dataclass
class Config:
    road: Road = Road.CITY
    traffic: Traffic = field(default_factory=Traffic)
    speed_limits: Dict[str, float] = field(default_factory=lambda: {"city": 14.0, "motorway": 36.0})
    checkpoints: List[float] = field(default_factory=lambda: [250.0, 500.0, 1000.0])
    driver: Literal["calm", "hasty"] = "calm"
    note: Optional[str] = None


@dataclass
class Passing:
    """When the vehicles are past a checkpoint, in seconds."""

    checkpoint: float
    first: float
    last: float


@dataclass
class Result:
    road: Road
    passings: List[Passing]
    log: FlyteFile
