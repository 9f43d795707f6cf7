"""Calculations with moments and lengths of time."""

import datetime as dt
import logging
import math
import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

START = datetime(2024, 1, 31)
LEAP = date(2024, 2, 28)
EAST = timezone(timedelta(hours=2))
BERLIN = ZoneInfo("Europe/Berlin")
UTC = timezone.utc

# The machine's zone enters, and the clock.
# unknown: local_stamp literal
# unknown: now literal
# Constants of modules that aren't read are no values of another class.
# unknown: level literal
# unknown: flag literal


@dataclass
class At:
    when: datetime = datetime.fromisoformat("2024-05-06T07:08:09+02:00")
    length: timedelta = timedelta(days=1) * 1.5


class Cases:
    plus: datetime = START + timedelta(days=30, hours=2)
    plus_left: datetime = timedelta(microseconds=-1) + START
    minus: datetime = START - timedelta(weeks=5)
    aware: datetime = datetime(2024, 1, 1, tzinfo=EAST) - timedelta(hours=3)
    aware_utc: datetime = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1)
    summer: datetime = datetime(2024, 3, 30, 12, tzinfo=BERLIN) + timedelta(days=1)
    never_shown: datetime = datetime(2024, 3, 31, 2, 30, tzinfo=BERLIN)
    shown_twice: datetime = datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN)
    first: datetime = datetime.min.replace(tzinfo=UTC)
    last: datetime = datetime.max.replace(tzinfo=UTC)
    leap_day: date = LEAP + timedelta(days=1)
    half_days: date = LEAP + timedelta(hours=47)
    before: date = LEAP - timedelta(hours=1)
    between: timedelta = datetime(2024, 3, 1) - datetime(2024, 2, 1, 12)
    between_days: timedelta = date(2024, 3, 1) - LEAP
    between_zones: timedelta = datetime(2024, 1, 1, tzinfo=UTC) - datetime(2024, 1, 1, tzinfo=EAST)
    in_one_zone: timedelta = datetime(2024, 4, 1, tzinfo=BERLIN) - datetime(2024, 3, 31, tzinfo=BERLIN)
    halves: timedelta = timedelta(microseconds=5) / 2
    floor: timedelta = timedelta(microseconds=-5) // 2
    times: timedelta = 2 * timedelta(days=1) * 0.1
    by_float: timedelta = timedelta(days=1) / 0.7
    rest: timedelta = timedelta(hours=-25) % timedelta(hours=7)
    absolute: timedelta = abs(timedelta(days=-1))
    ratio: float = timedelta(days=1) / timedelta(hours=7)
    whole_times: int = timedelta(days=1) // timedelta(hours=-7)
    seconds: float = timedelta(days=1, microseconds=1).total_seconds()
    days: int = timedelta(seconds=-1).days
    rest_seconds: int = timedelta(seconds=-1).seconds
    iso: datetime = datetime.fromisoformat("2024-05-06T07:08:09+02:00")
    iso_day: datetime = datetime.fromisoformat("2024-05-06")
    iso_minutes: datetime = datetime.fromisoformat("2024-05-06 07:08")
    iso_micro: datetime = datetime.fromisoformat("2024-05-06T07:08:09.123456-00:30")
    iso_new: datetime = datetime.fromisoformat("20240506T070809,5Z")
    iso_hour: datetime = datetime.fromisoformat("2024-05-06T07+0330")
    iso_date: date = date.fromisoformat("2024-05-06")
    parsed: datetime = datetime.strptime("2024-01-02 3:04:05.5", "%Y-%m-%d %H:%M:%S.%f")
    parsed_day: datetime = datetime.strptime("1/2/2024", "%d/%m/%Y")
    combined: datetime = datetime.combine(LEAP, time(3, 4), tzinfo=UTC)
    replaced: datetime = START.replace(day=1, hour=5)
    day_of: date = datetime(2024, 1, 1, 5).date()
    stamp: datetime = datetime.fromtimestamp(1_700_000_000, tz=UTC)
    local_stamp: datetime = datetime.fromtimestamp(1_700_000_000)
    moved: datetime = datetime(2024, 1, 1, tzinfo=UTC).astimezone(EAST)
    ordinal: date = date.fromordinal(LEAP.toordinal() + 2)
    now: datetime = datetime.now() if os.environ.get("NEVER_SET_ANYWHERE") else datetime.utcnow()
    year: int = START.year
    weekday: int = START.weekday() * 10 + LEAP.isoweekday()
    epoch: float = datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=EAST).timestamp()
    text: str = START.isoformat() + " " + LEAP.isoformat() + " " + str(START + timedelta(microseconds=1))
    text_zone: str = str(datetime(2024, 7, 1, tzinfo=BERLIN)) + time(1, 2, tzinfo=EAST).isoformat()
    formatted: str = f"{START:%Y%m%d} {LEAP:%d. %B %y} {START.strftime('%H:%M:%S.%f %j %a')}"
    lengths: str = f"{timedelta(1)} {timedelta(-1, 5)} {timedelta(hours=30, microseconds=7)} {timedelta(2)}"
    earlier: bool = START < datetime(2025, 1, 1) and timedelta(1) > timedelta(hours=23) and date(2024, 1, 1) <= LEAP
    same: bool = timedelta(days=1) == timedelta(hours=24)
    same_moment: bool = datetime(2024, 1, 1, 2, tzinfo=EAST) == datetime(2024, 1, 1, tzinfo=dt.UTC)
    some: bool = bool(timedelta(0)) or bool(timedelta(1))
    at: At = At()
    level: int = logging.INFO
    flag: float = math.ulp(1.0) and os.O_RDONLY
