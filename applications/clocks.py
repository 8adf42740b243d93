"""Deadlines derived from facts; nothing here counts by a nightly job. Pure: every date is passed in.

Units (GB/T 39046): ``G`` working days, ``Z`` natural days, ``M`` months. The start day is not counted and a last day
that is a rest day moves on (民法典 201–203); the organ's own limits are working days (行政许可法 82).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from matters.workdays import Calendar


@dataclass(frozen=True)
class Limit:
    """How long: ``value`` in ``unit`` G, Z or M."""

    value: int
    unit: str = "G"

    def words(self) -> str:
        """The limit as people say it."""
        return f"{self.value}{ {'G': '个工作日', 'Z': '日', 'M': '个月'}[self.unit] }"


@dataclass(frozen=True)
class PauseSpan:
    """Days out of the clock: ``begin`` is out; ``end`` is the day it resumed and counts again; None = still out."""

    begin: date
    end: date | None
    expected_end: date

    def days_out(self, as_of: date) -> tuple[date, date] | None:
        """First and last day out, both included; None when it began and ended on one day."""
        end = self.end if self.end is not None else max(self.expected_end, as_of)
        last = end - timedelta(days=1)
        return (self.begin, last) if last >= self.begin else None


@dataclass(frozen=True)
class Due:
    """A date, and whether it leans on a year whose holidays are not announced yet."""

    on: date
    provisional: bool


INTAKE_SILENCE = Limit(5)  # 行政许可法 32(1)(4)
DELIVERY = Limit(10)  # 行政许可法 44
EXTENSION = Limit(10)  # 行政许可法 42(1)
JOINT_EXTENSION = Limit(15)  # 行政许可法 42(2)
JOINT = Limit(45)  # 行政许可法 42(2)
FIRST_EXAMINATION = Limit(20)  # 行政许可法 43
HEARING_ASK = Limit(5)  # 行政许可法 47(1)
HEARING = Limit(20)  # 行政许可法 47(1)
HEARING_NOTICE = Limit(7)  # 行政许可法 48(1)(1), in working days by art. 82
TESTERS = Limit(5)  # 行政许可法 55(2)


def due_on(
    start: date,
    limit: Limit,
    calendar: Calendar,
    *,
    pauses: Iterable[PauseSpan] = (),
    extension: Limit | None = None,
    as_of: date,
) -> Due:
    """The last day of ``limit`` counted from ``start``, pauses left out, ``extension`` (working days) added.

    A pause that begins after the last day changes nothing: what is overdue stays overdue.
    """
    out = [span for span in (pause.days_out(as_of) for pause in pauses) if span is not None]
    on = calendar.add(start, limit.value, limit.unit, out)
    if extension is not None:
        on = calendar.add(on, extension.value, extension.unit, out)
    return Due(on, calendar.is_provisional_period(start, on))


def days_left(today: date, due: date, calendar: Calendar) -> int:
    """Working days from ``today`` (not counted) to ``due``; negative when overdue, also on the weekend after ``due``."""
    if due >= today:
        return calendar.count_workdays(today, due)
    return -max(1, calendar.count_workdays(due, today))


def light(today: date, law_due: date | None, promise_due: date | None, calendar: Calendar) -> str:
    """green, amber (one working day or less), yellow (promise overrun), red (law overrun) – law.md §3.6."""
    if law_due is not None and today > law_due:
        return "red"
    if promise_due is not None and today > promise_due:
        return "yellow"
    nearest = min((due for due in (law_due, promise_due) if due is not None), default=None)
    if nearest is not None and days_left(today, nearest, calendar) <= 1:
        return "amber"
    return "green"
