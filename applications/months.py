"""Calendar months, by their first day. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, by its first day."""

    first: date

    @classmethod
    def of(cls, text: str) -> "Month | None":
        """From ``2026-10``; None for anything else."""
        year, _, month = text.partition("-")
        if not (year.isdecimal() and month.isdecimal() and len(year) == 4 and 1 <= int(month) <= 12):
            return None
        return cls(date(int(year), int(month), 1))

    @classmethod
    def with_day(cls, day: date) -> "Month":
        """The month in which a day lies."""
        return cls(day.replace(day=1))

    @property
    def next(self) -> "Month":
        """The month after."""
        return Month.with_day(self.first + timedelta(days=31))

    @property
    def previous(self) -> "Month":
        """The month before."""
        return Month.with_day(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    def has(self, column: str) -> Q:
        """The rows whose moment ``column`` lies in the month, in the hall's time zone."""
        return Q(**{f"{column}__date__gte": self.first, f"{column}__date__lt": self.next.first})


def last_months(today: date, count: int) -> list[Month]:
    """``count`` months that end with the one of ``today``, the newest first."""
    found = [Month.with_day(today)]
    while len(found) < count:
        found.append(found[-1].previous)
    return found
