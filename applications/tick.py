"""The moves that time makes. Idempotent: run it three times or after five silent days, the result is the same."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from applications import actors, case_clocks, conditions, licence_tick, services, tasks, usual_days
from applications.effects import day_of
from applications.errors import NotPossible
from applications.models import Application, Document
from applications.models.document import DocumentState
from applications.states import INTAKE, OPEN, State
from applications.supervision import watching
from matters import catalogue, dailies, open_data, upkeep
from matters.joint import catalogue as joint_catalogue
from matters.models import CalendarDay, CalendarYear
from matters.search import index

RENDER_PER_RUN = 20
RENDER_BACK = timedelta(days=30)
CALENDAR_SEEN = "tick:calendar"  # lost with the cache, and then everything is counted once more


@dataclass
class Done:
    """What one run did."""

    deemed: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    reminded: int = 0
    recomputed: int = 0
    in_force: int = 0
    queued: int = 0
    open_data: int = 0
    alerts: int = 0


def run(now: datetime | None = None, *, retry_failed: bool = False) -> Done:
    """Silence becomes acceptance, uncorrected cases lapse, silence renews licences and the expired are cancelled, provisional dates are recomputed, guides come into force,
    the night's check of the catalogue is queued, the index of search keeps up with visits, the outer side tells what was counted,
    and PDFs that are still missing are queued (``retry_failed``: those that failed, too)."""
    now = now or timezone.now()
    today = day_of(now)
    done = Done()
    done.recomputed = _recompute(today)  # first: no move is made on a date that a new calendar has moved
    if settings.HALL_SIDE == "inner":  # the office decides; the outer side only hears of it
        silent = Application.objects.filter(state__in=INTAKE, silence_due__lt=today)
        _move_each(silent, "deem_accepted", now, done.deemed)
        uncorrected = Application.objects.filter(
            state=State.CORRECTION, correction_due__lt=today - conditions.ON_THE_WAY
        )
        _move_each(uncorrected, "lapse", now, done.lapsed)
        done.alerts = watching.watch(today)  # after the moves that time makes
        upkeep.enqueue_nightly(now)
    lived = licence_tick.run(now)
    done.renewed, done.cancelled, done.reminded = lived.renewed, lived.cancelled, lived.reminded
    done.in_force = catalogue.bring_due_into_force(today) + joint_catalogue.bring_due_into_force(today)
    index.keep_up()
    if settings.IS_OUTER:
        dailies.send(today)
    else:
        dailies.forget(today)
    usual_days.refresh(today)
    done.open_data = int(open_data.refresh())
    done.queued = _queue_documents(now, retry_failed=retry_failed)
    return done


def _move_each(cases: QuerySet[Application], action: str, now: datetime, moved: list[str]) -> None:
    for pk, number in list(cases.values_list("pk", "number")):
        try:
            services.perform(pk, action, actor=actors.system(), seen=None, at=now)
        except NotPossible:
            continue  # somebody, or another tick, moved it between the query and the lock
        moved.append(number or "")


def _recompute(today: date) -> int:
    """Dates that leaned on an unannounced year, once its notice is loaded; pauses that outlast their estimate; every
    running limit when staff entered days since the last run."""
    stale = Application.objects.filter(state__in=OPEN)
    entered = _entered_days()
    if cache.get(CALENDAR_SEEN) == entered:
        leaning = Q(clocks__stopped_on=None, clocks__provisional=True)
        stale = stale.filter(leaning | Q(state=State.SPECIAL)).distinct()
    changed = sum(case_clocks.recompute(pk, today) for pk in list(stale.values_list("pk", flat=True)))
    cache.set(CALENDAR_SEEN, entered, timeout=None)
    return changed


def _entered_days() -> str:
    """A digest of what staff entered into the calendar."""
    rows = [
        *CalendarYear.objects.order_by("year").values_list("year", "announced"),
        *CalendarDay.objects.values_list("date", "is_workday"),
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _queue_documents(now: datetime, *, retry_failed: bool) -> int:
    """Certificates without a PDF, which nobody can check outside before they have one, then other recent documents, newest
    first. Older documents are made when somebody opens them."""
    wanted = [DocumentState.PENDING, DocumentState.FAILED] if retry_failed else [DocumentState.PENDING]
    asked = Q(licence__isnull=False) | Q(created_at__gte=now - RENDER_BACK)
    missing = Document.objects.filter(asked, state__in=wanted)
    waiting = list(missing.order_by(F("licence").desc(nulls_last=True), "-id")[:RENDER_PER_RUN])
    for document in waiting:
        tasks.enqueue_once(document.uid)
    return len(waiting)
