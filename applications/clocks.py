"""Deadlines derived from facts; nothing here counts by a nightly job. Pure: every date is passed in.

Units (GB/T 39046): ``G`` working days, ``Z`` natural days, ``M`` months. The start day is not counted and a last day
that is a rest day moves on (民法典 201–203); the organ's own limits are working days (行政许可法 82).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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
OFFICE_CLOSES = time(17)  # what comes later is seen on the next working day
OWED_BEFORE_PROMISE = 2  # working days that the office needs after the last owed material (C28)
OWED_LONGEST = 20  # working days from acceptance (C28)
REMINDED_BEFORE = 2  # working days before an owed material is due


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


def at_once_by(received_at: datetime, calendar: Calendar) -> date:
    """The last day of a decision that the law wants at once (行政许可法 32(1)(1)(2)); ``received_at`` in the hall's time zone.

    The day of receipt; what comes on a day of rest or after the office has closed is seen on the next working day.
    """
    day = received_at.date()
    if calendar.is_workday(day) and received_at.time() < OFFICE_CLOSES:
        return day
    return calendar.add_workdays(day, 1)


def owed_days(accepted_on: date, promise_due: date, calendar: Calendar) -> int:
    """Working days from acceptance within which owed material must come (容缺): two before the promise, at most twenty.

    0 or less means that the promise leaves no room for it.
    """
    until_promise = calendar.count_workdays(accepted_on, promise_due) if promise_due > accepted_on else 0
    return min(until_promise - OWED_BEFORE_PROMISE, OWED_LONGEST)


def again_days(notice_due: date, today: date, calendar: Calendar) -> int:
    """Natural days that are left when what was supplied is not what the notice asked for (C04).

    The notice stays the one notice, so its date stays, too; but five working days are always left to mend it.
    """
    return max((max(notice_due, calendar.add_workdays(today, 5)) - today).days, 1)


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
