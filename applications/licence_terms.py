"""Dates of a licence's life: until when renewal is asked for, until when the organ decides, what the new period is. Pure."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from applications.models import Application, Licence
from applications.models.application import Purpose

# 行政许可法 50(1). The period binds the applicant, so it is counted in natural days (C20).
RENEWAL_NOTICE = timedelta(days=30)
# Natural days before expiry at which the holder is reminded.
REMINDERS = (90, 60, 45, 30)
# An expired licence is cancelled after this: a renewal sent on the last day may still be on its way, one filed late still be
# undecided, and the holder has a month to see that it expired.
CANCELLED_AFTER = timedelta(days=30)


def ask_until(licence: Licence) -> date | None:
    """The last day on which asking for renewal is in time; None for a licence without end."""
    return licence.valid_to - RENEWAL_NOTICE if licence.valid_to else None


def decide_until(case: Application, filed_on: date) -> date | None:
    """The last day of the licence, for a renewal filed in time; None for every other case.

    Silence renews (art. 50(2)) only what was asked for in time: the fiction answers the organ's delay, not the holder's.
    """
    licence = case.about_licence if case.purpose == Purpose.RENEWAL else None
    last = ask_until(licence) if licence else None
    return licence.valid_to if licence and last and filed_on <= last else None


def term_of(case: Application, start: date) -> date | None:
    """The last day of a period that begins on ``start``, by the outcome's validity in the case's guide; None for good."""
    term = case.guide_version.guide.outcome.validity
    unit = {"Y": "years", "M": "months", "D": "days"}.get(term.unit)
    return start + relativedelta(**{unit: term.value}) - timedelta(days=1) if unit else None


def renewed_period(case: Application, licence: Licence, decided_on: date) -> tuple[date, date | None]:
    """The new period of a renewed licence: it goes on from the day after the old one's last, whenever it was decided."""
    start = licence.valid_to + timedelta(days=1) if licence.valid_to else decided_on
    return start, term_of(case, start)
