"""Count due dates anew when the calendar changed, in portions, and only where a changed day can matter.

A day can move a limit that runs across it and no other. Every run does a portion and the next goes on after it; a move
that time makes counts its own case first (tick.py), so none is made on a date that is out of date.
"""

import logging
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from applications import case_clocks
from applications.errors import BROKEN
from applications.models import Application, Clock, Pause, RouteStep
from applications.models.progress import StepStanding
from applications.models.recount import Recount
from applications.one_at_a_time import one_at_a_time
from matters.models import CalendarDay, CalendarYear
from matters.workdays import package_year

PORTION = 1000
# Years whose notice may come with a new version of the package.
YEARS_AHEAD = 2

Seen = dict[str, Any]
logger = logging.getLogger(__name__)


def run(today: date) -> tuple[int, list[tuple[str, str]]]:
    """Count a portion: how many cases got other dates, and (number, why) of those that could not be counted."""
    state = _begin(today)
    paused = _outlasted(state, today)
    portion = _portion(state)
    changed, broken = 0, []
    for pk, number in {**portion, **paused}.items():
        try:
            changed += case_clocks.recompute(pk, today)
        except BROKEN as problem:
            logger.exception("recount: %s", number)
            broken.append((number or "", str(problem)))
    _finish(state, list(portion), today)
    return changed, broken


def _begin(today: date) -> Recount:
    """Notice what changed since the last run."""
    with transaction.atomic():
        one_at_a_time("recount")
        state, _ = Recount.objects.get_or_create(pk=1)
        if _notice(state, calendar_now(today)):
            state.save()
    return state


def _finish(state: Recount, portion: list[int], today: date) -> None:
    """Remember how far it was counted, after it was: a run that is broken off is repeated. Another run's place is left alone."""
    is_whole = len(portion) < PORTION
    if state.first is None and state.counted_on == today:
        return
    place: dict[str, Any] = {"after": 0, "first": None, "last": None} if is_whole else {"after": portion[-1]}
    same = Recount.objects.filter(pk=1, first=state.first, last=state.last, after=state.after, seen=state.seen)
    same.update(**place, counted_on=today)


def calendar_now(today: date) -> Seen:
    """What decides which days count: what staff entered, and which years the package knows the notice of."""
    days = {day.isoformat(): works for day, works in CalendarDay.objects.values_list("date", "is_workday")}
    years: Seen = {str(year): known for year, known in CalendarYear.objects.values_list("year", "announced")}
    ahead = range(today.year, today.year + YEARS_AHEAD + 1)
    return days | years | {f"{year} package": package_year(year).announced for year in ahead}


def _notice(state: Recount, now: Seen) -> bool:
    """Widen the days to be counted by those that changed; a new year of the package in sight is no change."""
    if now == state.seen:
        return False
    changed = {name for name in now.keys() | state.seen.keys() if now.get(name) != state.seen.get(name)}
    spans = [_days(name) for name in changed if "package" not in name or (name in now and name in state.seen)]
    if spans:
        state.first = min([first for first, _ in spans] + ([state.first] if state.first else []))
        state.last = max([last for _, last in spans] + ([state.last] if state.last else []))
        state.after = 0
    state.seen = now
    return True


def _days(name: str) -> tuple[date, date]:
    if len(name) == len("2026-03-05"):
        return date.fromisoformat(name), date.fromisoformat(name)
    year = int(name[:4])
    return date(year, 1, 1), date(year, 12, 31)


def _portion(state: Recount) -> dict[int, str | None]:
    """The next cases to count: id → number."""
    if state.first is None or state.last is None:
        return {}
    waiting = _across(state.first, state.last).filter(pk__gt=state.after).order_by("pk")
    return dict(waiting.values_list("pk", "number")[:PORTION])


def _across(first: date, last: date) -> QuerySet[Application]:
    """Cases with a limit, of their own or of a current step, that runs across one of these days."""
    clocks = Clock.objects.filter(stopped_on=None, started_on__lte=last, due__gte=first)
    steps = RouteStep.objects.filter(standing=StepStanding.CURRENT, began_on__lte=last, due__gte=first)
    here = {"application": OuterRef("pk")}
    return Application.objects.filter(Q(Exists(clocks.filter(**here))) | Q(Exists(steps.filter(**here))))


def _outlasted(state: Recount, today: date) -> dict[int, str | None]:
    """Pauses that outlast their estimate push the limits on day by day: once a day."""
    if state.counted_on == today:
        return {}
    pauses = Pause.objects.filter(ended_on=None, expected_end__lt=today)
    return dict(pauses.values_list("application_id", "application__number"))
