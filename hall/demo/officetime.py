"""When things happen in the demo's history: staff on working days in office hours, applicants at any time."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from matters.workdays import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = (time(9), time(11, 50))
AFTERNOON = (time(13, 35), time(16, 50))
CLOSED = time(17, 20)  # what comes later waits for the next working day


def at_office(day: date, chance: Random, *, after: datetime) -> datetime:
    """A moment in office hours of ``day``; when that is not later than ``after``, a few minutes after it."""
    start, end = MORNING if chance.random() < 0.5 else AFTERNOON
    moment = between(datetime.combine(day, start, ZONE), datetime.combine(day, end, ZONE), chance)
    return moment if moment > after else after + timedelta(minutes=chance.randint(3, 25), seconds=chance.randint(0, 59))


def between(start: datetime, end: datetime, chance: Random) -> datetime:
    """A whole second from ``start`` to ``end``."""
    return start + timedelta(seconds=chance.randint(0, max(int((end - start).total_seconds()), 0)))


def online(day: date, chance: Random) -> datetime:
    """When people sit down to apply on the net: any day, mostly by day, some at night."""
    hour = chance.choices(range(24), [1, 0, 0, 0, 0, 0, 1, 3, 8, 14, 15, 11, 7, 8, 12, 13, 11, 8, 5, 6, 8, 8, 5, 2])[0]
    return datetime.combine(day, time(hour, chance.randint(0, 59), chance.randint(0, 59)), ZONE)


def workdays_before(days: Calendar, today: date, count: int) -> date:
    """The working day ``count`` working days before ``today`` (0 is the last one not later than today)."""
    day = today
    while not days.is_workday(day):
        day -= timedelta(days=1)
    for _ in range(count):
        day -= timedelta(days=1)
        while not days.is_workday(day):
            day -= timedelta(days=1)
    return day
