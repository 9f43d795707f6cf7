"""Watch temperatures around the clock: launch plans, schedules and notifications."""

from datetime import datetime, timedelta
from enum import Enum
from typing import List, Optional, Tuple

import flytekit as fl
from flytekit import CronSchedule, Email, FixedRate, LaunchPlan, PagerDuty, Slack, WorkflowExecutionPhase
from flytekit.models.common import Annotations, Labels


class Unit(Enum):
    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"


STATIONS = {"Oslo": 4.0, "Lagos": 31.5, "Quito": 14.2}


@fl.task
def measure(station: str, moment: datetime) -> float:
    """The temperature at a station in degrees Celsius; it swings by 5 degrees over the day."""
    return STATIONS[station] + 5 - abs(moment.hour - 14) * 10 / 14


@fl.task
def convert(celsius: float, unit: Unit) -> float:
    return celsius if unit is Unit.CELSIUS else celsius * 9 / 5 + 32


@fl.task
def describe(station: str, degrees: float, unit: Unit, note: Optional[str] = None) -> str:
    text = f"{station}: {degrees:.1f} degrees {unit.value}"
    return text if note is None else f"{text} ({note})"


@fl.workflow
def report(
    station: str = "Oslo",
    moment: datetime = datetime(2024, 6, 1, 12),
    unit: Unit = Unit.CELSIUS,
    note: Optional[str] = None,
) -> Tuple[float, str]:
    """Measure at one station and put it into words."""
    degrees = convert(celsius=measure(station=station, moment=moment), unit=unit)
    return degrees, describe(station=station, degrees=degrees, unit=unit, note=note)


@fl.task
def extremes(stations: List[str], moment: datetime, window: timedelta) -> Tuple[float, float]:
    moments = [moment - window, moment]
    degrees = [measure.task_function(station, at) for station in stations for at in moments]
    return min(degrees), max(degrees)


@fl.workflow
def day_range(
    moment: datetime,
    stations: List[str] = ["Oslo", "Lagos"],  # noqa: B006 (flytekit wants a value)
    window: timedelta = timedelta(hours=6),
) -> Tuple[float, float]:
    """The lowest and the highest temperature of all stations."""
    return extremes(stations=stations, moment=moment, window=window)


# The one that flytekit makes for each workflow, under the workflow's own name.
report_plan = LaunchPlan.get_or_create(report)

hourly_lagos = LaunchPlan.get_or_create(
    report,
    name="hourly_lagos",
    fixed_inputs={"station": "Lagos"},
    schedule=FixedRate(duration=timedelta(hours=1), kickoff_time_input_arg="moment"),
    max_parallelism=2,
)

us_report = LaunchPlan.get_or_create(
    workflow=report,
    name="us_report",
    default_inputs={"station": "Quito", "note": "as our readers in the US know it"},
    fixed_inputs={"unit": Unit.FAHRENHEIT},
    notifications=[
        Email(phases=[WorkflowExecutionPhase.FAILED], recipients_email=["weather@example.com"]),
        Slack(phases=[WorkflowExecutionPhase.SUCCEEDED], recipients_email=["news@example.slack.com"]),
    ],
    labels=Labels({"team": "weather"}),
    annotations=Annotations({"example.com/contact": "weather@example.com"}),
)

nightly_range = LaunchPlan.create(
    "nightly_range",
    day_range,
    default_inputs={"window": timedelta(hours=12)},
    schedule=CronSchedule(schedule="0 3 * * *", kickoff_time_input_arg="moment"),
    notifications=[
        PagerDuty(
            phases=[WorkflowExecutionPhase.FAILED, WorkflowExecutionPhase.TIMED_OUT],
            recipients_email=["on-call@example.com"],
        )
    ],
)


@fl.workflow
def morning_mail(moment: datetime = datetime(2024, 6, 1, 7)) -> Tuple[str, str]:
    """A launch plan called like a task is an execution of its own."""
    _, at_home = report_plan(moment=moment)
    _, abroad = us_report(moment=moment)
    return at_home, abroad
