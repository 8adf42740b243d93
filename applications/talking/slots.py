"""The slots of a counter from the weekly hours of a guide (field 8). Pure: no database, no clock."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from applications.opening import in_season
from matters.guide import AcceptanceWindow
from matters.workdays import Calendar

SATURDAY = 6


def slots_of(window: AcceptanceWindow, day: date, minutes: int, days: Calendar) -> list[time]:
    """The beginnings of the slots of ``day``, each ``minutes`` long and over before the counter closes; none on a day of rest."""
    if not in_season(window, day) or not is_open(window, day, days):
        return []
    found: set[time] = set()
    for hours in window.weekly_hours:
        if day.isoweekday() in hours.days:
            found |= set(_cut(hours.open, hours.close, minutes))
    return sorted(found)


def is_open(window: AcceptanceWindow, day: date, days: Calendar) -> bool:
    """Whether the counter is open at all: on working days, and on weekends that the guide names unless a holiday adjoins."""
    if not any(day.isoweekday() in hours.days for hours in window.weekly_hours):
        return False
    if days.is_workday(day):
        return True
    if day.isoweekday() < SATURDAY:
        return False
    friday = day - timedelta(days=day.isoweekday() - 5)
    return days.is_workday(friday) and days.is_workday(friday + timedelta(days=3))


def _cut(opens: str, closes: str, minutes: int) -> Iterator[time]:
    """Slots from opening on; hours that cannot be read give none."""
    try:
        begin, end = time.fromisoformat(opens), time.fromisoformat(closes)
    except ValueError:
        return
    at, last = datetime.combine(date.min, begin), datetime.combine(date.min, end)
    while at + timedelta(minutes=minutes) <= last:
        yield at.time()
        at += timedelta(minutes=minutes)
