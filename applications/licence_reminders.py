"""Reminding holders to ask for renewal: 90, 60, 45 and 30 natural days before expiry (行政许可法 50, C20).

``due_reminders`` says who is to be told today; ``record`` writes down that it was done, once each, so that the account shows it
and notices can be sent. Both sides hold the licences, so either may ask.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from applications import licence_terms
from applications.licence_terms import REMINDERS
from applications.models import Application, Licence, LicenceReminder
from applications.models.application import Purpose
from applications.models.licence import LicenceState
from applications.states import ENDED, State


@dataclass(frozen=True)
class Reminder:
    """One holder to be told: ``days`` is the mark (90, 60, 45, 30) that was reached, ``ask_until`` the last day in time."""

    licence: Licence
    days: int
    ask_until: date

    @property
    def words(self) -> str:
        """What the holder is told."""
        licence = self.licence
        last = self.ask_until
        return (
            f"您的《{licence.name}》（{licence.number}）将于 {licence.valid_to:%Y-%m-%d} 届满。"
            f"需要延续的，请在 {last.year}年{last.month}月{last.day}日以前申请（行政许可法第五十条）。"
        )


def due_reminders(today: date) -> list[Reminder]:
    """Who is to be reminded and was not: one reminder a licence, of the nearest mark reached. Two queries however many.

    Silent days are made up for by the nearest mark alone: after a pause of a month nobody gets three letters at once.
    A holder who has asked for renewal is left in peace.
    """
    asked = Application.objects.filter(about_licence=OuterRef("pk"), purpose=Purpose.RENEWAL)
    asked = asked.exclude(state__in=(State.DRAFT, State.REFUSED, *ENDED))
    rows = Licence.objects.filter(standing=LicenceState.VALID, valid_to__gte=today)
    rows = rows.filter(valid_to__lte=today + timedelta(days=max(REMINDERS))).exclude(Exists(asked))
    found = []
    for licence in rows.select_related("application").prefetch_related("reminders"):
        mark = mark_of(licence, today)
        last = licence_terms.ask_until(licence)
        if mark is not None and last is not None and not _told(licence, mark):
            found.append(Reminder(licence, mark, last))
    return found


def mark_of(licence: Licence, today: date) -> int | None:
    """The nearest mark that the days left have reached: 58 days left → 60; None when there is more time."""
    left = licence.days_left(today)
    return min((mark for mark in REMINDERS if left is not None and left <= mark), default=None)


def _told(licence: Licence, mark: int) -> bool:
    return any(one.days <= mark and one.valid_to == licence.valid_to for one in licence.reminders.all())


def record(reminders: list[Reminder], today: date) -> int:
    """Write down that these were given; doing it again, or in two processes, adds nothing. Returns how many were handed in."""
    rows = [
        LicenceReminder(licence=one.licence, days=one.days, valid_to=one.licence.valid_to, on=today)
        for one in reminders
        if one.licence.valid_to
    ]
    LicenceReminder.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
