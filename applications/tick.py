"""The moves that time makes. Idempotent: run it three times or after five silent days, the result is the same."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from applications import (
    actors,
    case_clocks,
    clocks,
    conditions,
    licence_tick,
    recounting,
    seals,
    services,
    tasks,
    usual_days,
)
from applications.effects import day_of
from applications.errors import BROKEN, CaseMoved
from applications.joint import order
from applications.models import Application, Document, Owed
from applications.models.document import DocumentState
from applications.models.owed import OwedState
from applications.restored import waiting
from applications.states import INTAKE, UNDER_REVIEW, State
from applications.supervision import watching
from applications.talking import attending, booking, sending
from matters import calendar, catalogue, dailies, open_data, upkeep
from matters.datasets import builtin
from matters.joint import catalogue as joint_catalogue
from matters.search import index
from sync import marks, returning

RENDER_PER_RUN = 20
RENDER_BACK = timedelta(days=30)


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TimeMade:
    """A move that time makes: on which cases, as of which day, and where ``Done`` lists it.

    ``since`` is the first day on which the move was possible; it is dated so, whether ``tick`` ran that night or not. None for
    what has no effect in law and is dated when it happens.
    """

    action: str
    cases: Callable[[date], QuerySet[Application]]
    since: Callable[[Application], date] | None
    done: str


def _silent(today: date) -> QuerySet[Application]:
    # next_due is never later than silence_due and has an index with the state.
    return Application.objects.filter(state__in=INTAKE, next_due__lt=today, silence_due__lt=today)


def _uncorrected(today: date) -> QuerySet[Application]:
    return Application.objects.filter(state=State.CORRECTION, correction_due__lt=today - conditions.ON_THE_WAY)


def _owing(**due: date | None) -> QuerySet[Application]:
    owing = Application.objects.filter(state__in=UNDER_REVIEW, **due)
    return owing.filter(Exists(Owed.objects.filter(application=OuterRef("pk"), standing=OwedState.OWED)))


def _owed_soon(today: date) -> QuerySet[Application]:
    soon = calendar.current().add_workdays(today, clocks.REMINDED_BEFORE)
    return _owing(owed_due__lte=soon, owed_due__gte=today, owed_reminded_on=None)


def _never_supplied(today: date) -> QuerySet[Application]:
    return _owing(owed_due__lt=today - conditions.ON_THE_WAY)


def _after(day: date | None, margin: timedelta = timedelta()) -> date:
    if day is None:
        raise ValueError("a case that is due has a date")
    return day + margin + timedelta(days=1)


TIME_MADE = (
    TimeMade("deem_accepted", _silent, lambda case: _after(case.silence_due), "deemed"),
    TimeMade("lapse", _uncorrected, lambda case: _after(case.correction_due, conditions.ON_THE_WAY), "lapsed"),
    TimeMade("remind_owed", _owed_soon, None, "owed_reminded"),
    TimeMade("lapse_owed", _never_supplied, lambda case: _after(case.owed_due, conditions.ON_THE_WAY), "lapsed"),
)


@dataclass
class Done:
    """What one run did; ``failed`` are (number, move, why)."""

    deemed: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)
    owed_reminded: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    reminded: int = 0
    received: list[str] = field(default_factory=list)
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    recomputed: int = 0
    in_force: int = 0
    queued: int = 0
    open_data: int = 0
    alerts: int = 0
    sealed: int = 0
    no_shows: int = 0
    notices: int = 0
    undelivered: int = 0


def run(now: datetime | None = None, *, retry_failed: bool = False) -> Done:
    """Silence becomes acceptance, uncorrected cases lapse, silence renews licences and the expired are cancelled, provisional
    dates are recomputed, guides come into force, the night's check of the catalogue is queued, the index of search keeps up with visits, the outer side
    tells what was counted, PDFs that are still missing are queued (``retry_failed``: those that failed, too), the record is sealed, and the outer side sends notices that wait."""
    now = now or timezone.now()
    today = day_of(now)
    done, held = Done(), returning.is_awaited() or marks.is_behind()
    if held and settings.HALL_SIDE == "inner":
        logger.warning(
            "tick: restored from a backup, or the marks say so; nothing is decided until what was lost has come back"
        )
        return done
    done.failed += waiting.go_on()
    done.recomputed, broken = recounting.run(today)
    done.failed += [(number, "recount", why) for number, why in broken]
    if settings.HALL_SIDE == "inner":  # the office decides; the outer side only hears of it
        for due in TIME_MADE:
            _move_each(due, done, now)
        done.received, stuck = order.receive_due()
        done.failed += stuck
        done.alerts = watching.watch(today)  # after the moves that time makes
        upkeep.enqueue_nightly(now)
        done.no_shows = attending.mark_no_shows(now)
    lived = licence_tick.run(now)
    done.renewed, done.cancelled, done.reminded = lived.renewed, lived.cancelled, lived.reminded
    done.in_force = catalogue.bring_due_into_force(today) + joint_catalogue.bring_due_into_force(today)
    index.keep_up()
    if settings.IS_OUTER:
        if not held:
            dailies.send(today)
        booking.remind(now)
    else:
        dailies.forget(today)
        builtin.send_anew()
    usual_days.refresh(today)
    done.open_data = int(open_data.refresh())
    done.queued = _queue_documents(now, retry_failed=retry_failed)
    done.sealed = 0 if held else seals.seal_changed(now)  # last: over everything that this run did
    if settings.IS_OUTER:  # after it: mail servers are slow, and a notice is no act
        delivered = sending.deliver_due(now)
        done.notices, done.undelivered = delivered.sent, delivered.failed
    return done


def _move_each(due: TimeMade, done: Done, now: datetime) -> None:
    """Make one move on every case that is due for it; a case that cannot be moved is reported and stops no other."""
    for pk, number in list(due.cases(day_of(now)).values_list("pk", "number")):
        try:
            if _move(due, pk, now):
                getattr(done, due.done).append(number or "")
        except BROKEN as problem:
            logger.exception("tick: %s %s", due.action, number)
            done.failed.append((number or "", due.action, str(problem)))


def _move(due: TimeMade, pk: int, now: datetime) -> bool:
    """Count the case's dates with the calendar of today, then move it, dated the first day on which time allowed it.

    False when it is not due any more: somebody, or another ``tick``, was quicker, or the calendar has moved the date.
    """
    case_clocks.recompute(pk, day_of(now))
    case = due.cases(day_of(now)).filter(pk=pk).first()
    if case is None:
        return False
    try:
        services.perform(pk, due.action, actor=actors.system(), seen=case.seen, at=_moment_of(due, case, now))
    except CaseMoved:
        return False
    return True


def _moment_of(due: TimeMade, case: Application, now: datetime) -> datetime:
    return min(now, _begin(due.since(case))) if due.since else now


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


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
