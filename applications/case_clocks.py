"""Keep a case's clock rows and its sortable due dates in step with the facts."""

from datetime import date

from django.db import transaction

from applications import clocks
from applications.clocks import Limit, PauseSpan
from applications.models import Application, Clock, RouteStep
from applications.models.progress import ClockKind, StepStanding
from matters import calendar
from matters.workdays import Calendar

# 行政许可法 sets no period for the applicant's correction; thirty natural days is this hall's own rule.
CORRECTION = Limit(30, "Z")
# What art. 45 takes out of the legal time is out of the promise too; no other limit pauses.
DUE_COLUMNS = (
    "intake_due",
    "silence_due",
    "correction_due",
    "owed_due",
    "law_due",
    "promise_due",
    "delivery_due",
    "next_due",
    "due_provisional",
)
# What the applicant has to do by a date is no limit of the office.
APPLICANTS_KINDS = (ClockKind.CORRECTION, ClockKind.OWED)
PAUSED_KINDS = (ClockKind.LAW, ClockKind.PROMISE)


def start(case: Application, kind: ClockKind, started_on: date, limit: Limit) -> None:
    """Begin a limit; its due date is set by ``refresh``."""
    Clock.objects.create(
        application=case, kind=kind, started_on=started_on, value=limit.value, unit=limit.unit, due=started_on
    )


def stop(case: Application, kinds: tuple[ClockKind, ...], on: date) -> None:
    """End the running limits of these kinds on the day of the act that ends them."""
    case.clocks.filter(kind__in=kinds, stopped_on=None).update(stopped_on=on)


def stop_all(case: Application, on: date) -> None:
    """End every running limit."""
    stop(case, tuple(ClockKind), on)


def extend_law(case: Application, by: Limit) -> None:
    """Lengthen the running legal limit by working days (art. 42)."""
    case.clocks.filter(kind=ClockKind.LAW, stopped_on=None).update(extension=by.value)


def refresh(case: Application, as_of: date) -> None:
    """Recompute each running clock from its facts and copy the results to the case's columns (not saved here)."""
    running = list(case.clocks.filter(stopped_on=None))
    steps = _current_steps(case) if case.accepted_on else []
    if running or steps:
        days = calendar.current()
        spans = [pause.span() for pause in case.pauses.all()] if case.accepted_on else []
        for clock in running:
            _refresh_clock(clock, days, spans, as_of)
        for step in steps:
            _refresh_step(step, days, spans, as_of)
    _copy(case, {clock.kind: clock for clock in running})


def _refresh_clock(clock: Clock, days: Calendar, spans: list[PauseSpan], as_of: date) -> None:
    due = clocks.due_on(
        clock.started_on,
        clock.limit(),
        days,
        pauses=spans if clock.kind in PAUSED_KINDS else (),
        extension=Limit(clock.extension) if clock.extension else None,
        as_of=as_of,
    )
    if (clock.due, clock.provisional) != (due.on, due.provisional):
        clock.due, clock.provisional = due.on, due.provisional
        clock.save(update_fields=["due", "provisional"])


def _current_steps(case: Application) -> list[RouteStep]:
    """The steps being worked on that have a limit of their own."""
    current = RouteStep.objects.filter(application=case, standing=StepStanding.CURRENT)
    return list(current.exclude(began_on=None).exclude(working_days=0))


def _refresh_step(step: RouteStep, days: Calendar, spans: list[PauseSpan], as_of: date) -> None:
    began = step.began_on
    if began is None:
        return
    due = clocks.due_on(began, Limit(step.working_days), days, pauses=spans, as_of=as_of).on
    if step.due != due:
        step.due = due
        step.save(update_fields=["due"])


def recompute(pk: int, today: date) -> bool:
    """Bring one case's due dates up to date outside a move; True when a date changed."""
    with transaction.atomic():
        case = Application.objects.select_for_update(of=("self",)).get(pk=pk)
        before = [getattr(case, name) for name in DUE_COLUMNS]
        refresh(case, today)
        if before == [getattr(case, name) for name in DUE_COLUMNS]:
            return False
        case.save(update_fields=DUE_COLUMNS)
    return True


def _copy(case: Application, running: dict[str, Clock]) -> None:
    """Running limits set their column; a stopped legal or promised limit keeps its last date for the record."""

    def due(kind: ClockKind) -> date | None:
        return running[kind].due if kind in running else None

    case.intake_due = due(ClockKind.INTAKE)
    case.silence_due = due(ClockKind.SILENCE)
    case.correction_due = due(ClockKind.CORRECTION)
    case.owed_due = due(ClockKind.OWED)
    case.delivery_due = due(ClockKind.DELIVERY)
    case.law_due = due(ClockKind.LAW) or case.law_due
    case.promise_due = due(ClockKind.PROMISE) or case.promise_due
    watched = [clock for kind, clock in running.items() if kind not in APPLICANTS_KINDS]
    case.next_due = min((clock.due for clock in watched), default=None)
    case.due_provisional = any(clock.provisional for clock in watched)
