"""Simulate traffic: a workflow whose only input is a nested dataclass."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import List, Union

from config import Config, Passing, Result, Road, Vehicle
from flytekit import current_context, task, workflow
from flytekit.types.file import FlyteFile


@task
def with_road(base: Config, road: Road) -> Config:
    """The same settings on another road."""
    return replace(base, road=road)


@task
def simulate(config: Config) -> Result:
    """Let everybody drive as fast as vehicle and road allow."""
    limit = config.speed_limits[config.road.value] * (1.1 if config.driver == "hasty" else 1.0)
    traffic = config.traffic
    vehicles: List[Vehicle] = [traffic.car] * traffic.cars + [traffic.truck] * traffic.trucks
    speeds = [min(vehicle.top_speed, limit) for vehicle in vehicles]
    passings = [Passing(at, first=at / max(speeds), last=at / min(speeds)) for at in config.checkpoints]
    log = Path(current_context().working_directory) / "passings.txt"
    log.write_text("\n".join(map(repr, passings)))
    return Result(road=config.road, passings=passings, log=FlyteFile(str(log)))


@task
def slowest(results: List[Result]) -> str:
    result = max(results, key=lambda each: each.passings[-1].last)
    return f"{result.road.value}: {result.passings[-1].last:.0f} s"


@task
def read_log(log: FlyteFile) -> int:
    """How many lines the log has."""
    with log.open("r") as lines:
        return len(lines.readlines())


@workflow
def one_road(config: Config = Config()) -> int:  # noqa: B008 (nothing changes it)
    """A field of a result goes on as an input."""
    result = simulate(config=config)
    return read_log(log=result.log)


@workflow
def compare_roads(base: Config) -> str:
    """Simulate the same traffic in the city and on the motorway."""
    city = simulate(config=with_road(base=base, road=Road.CITY))
    motorway = simulate(config=with_road(base=base, road=Road.MOTORWAY))
    return slowest(results=[city, motorway])


@dataclass
class Stop:
    seconds: float


@dataclass
class Detour:
    metres: float


@task
def delay(cause: Union[Stop, Detour, float], speed: float = 10.0) -> float:
    """The seconds that a stop, a detour or just a number of seconds costs."""
    if isinstance(cause, Stop):
        return cause.seconds
    return cause.metres / speed if isinstance(cause, Detour) else cause


@workflow
def delays() -> List[float]:
    return [delay(cause=12.5), delay(cause=Stop(seconds=30.0)), delay(cause=Detour(metres=400.0))]
