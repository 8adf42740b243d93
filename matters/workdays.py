"""The working-day calendar: which days count, and when a period that the law sets in days ends.

Pure: no database, no clock. ``matters.calendar.current()`` builds a ``Calendar`` with what staff entered.
Law: 行政许可法 art. 82 (working days, holidays out), 民法典 arts. 200-204 (the first day is not counted; a last day that
is a day of rest moves on to the next working day).
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import HolidayBase, country_holidays

ONE_DAY = timedelta(days=1)
MAX_DAYS = 10_000

Pause = tuple[date, date]


@dataclass(frozen=True)
class Year:
    """The working days of one year as sorted ordinals (``date.toordinal``)."""

    workdays: tuple[int, ...]
    as_set: frozenset[int]
    announced: bool

    @classmethod
    def of(cls, ordinals: Iterable[int], *, announced: bool) -> "Year":
        ordered = tuple(sorted(ordinals))
        return cls(ordered, frozenset(ordered), announced)


def days_of(year: int) -> range:
    """Ordinals of all days of ``year``."""
    return range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)


@lru_cache(maxsize=512)
def package_year(year: int) -> Year:
    """A year as the ``holidays`` package knows it.

    A year whose yearly notice (调休) the package does not carry has only weekends and the days fixed by
    全国年节及纪念日放假办法 art. 2: the days that are made up for (补假) are for the notice to name, not for us to guess.
    """
    days = country_holidays("CN", years=year)
    announced = _has_notice(days, year)
    if not announced:
        days = country_holidays("CN", years=year, observed=False)
    workdays = (o for o in days_of(year) if days.is_working_day(date.fromordinal(o)))
    return Year.of(workdays, announced=announced)


def _has_notice(days: HolidayBase, year: int) -> bool:
    # A notice may also order work in the last December days of the year before: those tell nothing of that year.
    return any(day.year == year and day.month < 12 for day in days.weekend_workdays)


class Calendar:
    """Working days: the package's years, corrected by ``overrides`` and completed by ``announced`` years."""

    def __init__(self, overrides: Mapping[date, bool] | None = None, announced: Collection[int] = ()) -> None:
        """``overrides``: date -> is it a working day. ``announced``: years whose notice staff entered."""
        self._announced = frozenset(announced)
        self._overrides: dict[int, dict[int, bool]] = {}
        for day, is_workday in (overrides or {}).items():
            self._overrides.setdefault(day.year, {})[day.toordinal()] = is_workday
        self._years: dict[int, Year] = {}

    def is_workday(self, day: date) -> bool:
        """Whether organs work on ``day``."""
        return day.toordinal() in self._year(day.year).as_set

    def is_provisional(self, day: date) -> bool:
        """Whether ``day`` lies in a year whose holiday notice is not known yet, so that it may still change."""
        return not self._year(day.year).announced

    def is_provisional_period(self, start: date, due: date) -> bool:
        """Whether any counted day of the period after ``start`` up to ``due`` lies in a year not yet announced."""
        first = min(start + ONE_DAY, due)
        return any(not self._year(year).announced for year in range(first.year, due.year + 1))

    def workday_on_or_after(self, day: date) -> date:
        """The working day that a day of rest moves on to (民法典 art. 203)."""
        return self.add_workdays(day, 0)

    def add_workdays(self, start: date, n: int, pauses: Iterable[Pause] = ()) -> date:
        """The last day of a period of ``n`` working days that began on ``start``.

        ``start`` itself is not counted (民法典 art. 201). Days from..to of each pause, both included, are out of the clock
        (行政许可法 art. 45); a pause that begins after the period has ended changes nothing. With ``n`` = 0 the period ends
        on ``start``, or on the next working day when that is a day of rest. Raises ValueError for a negative or absurd
        ``n`` and for a pause that ends before it begins.
        """
        if not 0 <= n <= MAX_DAYS:
            raise ValueError(f"工作日数应在 0 到 {MAX_DAYS} 之间")
        if n == 0:
            return self.add_workdays(start - ONE_DAY, 1, pauses)
        due = self._nth_after(start, n)
        for begin, end in merged(pauses):
            if begin > due:
                break
            n += self.count_workdays(max(begin - ONE_DAY, start), end)
            due = self._nth_after(start, n)
        return due

    def count_workdays(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not later than ``start``."""
        if end <= start:
            return 0
        return (
            self._rank(end + ONE_DAY)
            - self._rank(start + ONE_DAY)
            + sum(len(self._year(year).workdays) for year in range((start + ONE_DAY).year, (end + ONE_DAY).year))
        )

    def add_days(self, start: date, n: int, pauses: Iterable[Pause] = ()) -> date:
        """The last day of ``n`` natural days after ``start``; on a day of rest it moves on (民法典 art. 203)."""
        if not 0 <= n <= MAX_DAYS:
            raise ValueError(f"天数应在 0 到 {MAX_DAYS} 之间")
        return self._moved_on(_stretched(start, start + timedelta(days=n), pauses), pauses)

    def add_months(self, start: date, n: int, pauses: Iterable[Pause] = ()) -> date:
        """The last day of ``n`` months: the same day of the month, or its last day where there is none (民法典 art. 202)."""
        if not 0 <= n <= 1200:
            raise ValueError("月数应在 0 到 1200 之间")
        months = start.year * 12 + start.month - 1 + n
        year, month = divmod(months, 12)
        last = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
        return self._moved_on(_stretched(start, last, pauses), pauses)

    def add(self, start: date, value: int, unit: str, pauses: Iterable[Pause] = ()) -> date:
        """The last day of a limit as guides write it: unit G working days, Z natural days, M months."""
        return {"G": self.add_workdays, "Z": self.add_days, "M": self.add_months}[unit](start, value, pauses)

    def _moved_on(self, day: date, pauses: Iterable[Pause]) -> date:
        """The working day that a day of rest moves on to; a pause begun by then keeps the last day for its end."""
        due = self.workday_on_or_after(day)
        for begin, end in merged(pauses):
            if day < begin <= due <= end:
                due = self.workday_on_or_after(end + ONE_DAY)
        return due

    def _year(self, number: int) -> Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._build(number)
        return year

    def _build(self, number: int) -> Year:
        base = package_year(number)
        changes = self._overrides.get(number, {})
        announced = base.announced or number in self._announced
        if not changes and announced == base.announced:
            return base
        added = {day for day, is_workday in changes.items() if is_workday}
        return Year.of((base.as_set - changes.keys()) | added, announced=announced)

    def _rank(self, day: date) -> int:
        """How many working days of its year lie before ``day``."""
        return bisect_left(self._year(day.year).workdays, day.toordinal())

    def _nth_after(self, start: date, n: int) -> date:
        first = start + ONE_DAY
        number, index = first.year, self._rank(first) + n - 1
        while index >= len(self._year(number).workdays):
            index -= len(self._year(number).workdays)
            number += 1
        return date.fromordinal(self._year(number).workdays[index])


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses in order, overlapping and touching ones joined; ValueError when one ends before it begins."""
    result: list[Pause] = []
    for begin, end in sorted(pauses):
        if end < begin:
            raise ValueError(f"暂停的结束日 {end} 早于开始日 {begin}")
        if result and begin <= result[-1][1] + ONE_DAY:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return result


def _stretched(start: date, due: date, pauses: Iterable[Pause]) -> date:
    """``due`` moved on by the natural days after ``start`` that lie in a pause begun before the period ended."""
    for begin, end in merged(pauses):
        if begin > due:
            break
        due += timedelta(days=max(0, (end - max(begin, start + ONE_DAY)).days + 1))
    return due
