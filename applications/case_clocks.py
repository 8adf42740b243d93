"""Keep a case's clock rows and its sortable due dates in step with the facts."""

from datetime import date

from django.db import transaction

from applications import actors, clocks, evidence
from applications.clocks import Limit, PauseSpan
from applications.models import Application, Clock, Pause, RouteStep
from applications.models.progress import ClockKind, StepStanding
from applications.states import ACCEPTED, AT_A_STEP, State, desk_of
from matters import calendar
from matters.workdays import Calendar
from sync import rows, statements

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
# Derived from those above, for lists.
PLACE_COLUMNS = ("sort_due", "desk")
_STOP = "UPDATE applications_clock SET stopped_on = %s WHERE application_id = %s AND stopped_on IS NULL AND kind IN"
_RUNNING = rows.Prepared(lambda pk: Clock.objects.filter(application_id=pk, stopped_on=None))
_PAUSES = rows.Prepared(lambda pk: Pause.objects.filter(application_id=pk))
_CURRENT = rows.Prepared(lambda pk: RouteStep.objects.filter(application_id=pk, standing=StepStanding.CURRENT))
PAUSED_KINDS = (ClockKind.LAW, ClockKind.PROMISE)
# The applicant's own limits, and one that names people rather than taking the case further: not what is due next.
NOT_WATCHED = (ClockKind.CORRECTION, ClockKind.OWED, ClockKind.HEARING_ASK, ClockKind.TESTING)


def start(case: Application, kind: ClockKind, started_on: date, limit: Limit) -> None:
    """Begin one limit."""
    start_all(case, (kind, started_on, limit))


def start_all(case: Application, *limits: tuple[ClockKind, date, Limit]) -> None:
    """Begin limits: of which kind, from which day (not counted), how long. ``refresh`` takes pauses into account."""
    days = _days(case)
    rows.insert_all([_clock(case, kind, started_on, limit, days) for kind, started_on, limit in limits])


def _clock(case: Application, kind: ClockKind, started_on: date, limit: Limit, days: Calendar) -> Clock:
    due = clocks.due_on(started_on, limit, days, as_of=started_on)
    facts = {"kind": kind, "started_on": started_on, "value": limit.value, "unit": limit.unit}
    return Clock(application_id=case.pk, due=due.on, provisional=due.provisional, **facts)


def _days(case: Application) -> Calendar:
    """The calendar, read once for a case in hand."""
    known = case.__dict__.get("_days")
    if known is None:
        known = case.__dict__["_days"] = calendar.current()
    return known


def stop(case: Application, kinds: tuple[ClockKind, ...], on: date) -> None:
    """End the running limits of these kinds on the day of the act that ends them."""
    places = ", ".join(["%s"] * len(kinds))
    statements.change(f"{_STOP} ({places})", [on, case.pk, *(str(kind) for kind in kinds)])


def stop_all(case: Application, on: date) -> None:
    """End every running limit."""
    stop(case, tuple(ClockKind), on)


def extend_law(case: Application, by: Limit) -> None:
    """Lengthen the running legal limit by working days (art. 42)."""
    case.clocks.filter(kind=ClockKind.LAW, stopped_on=None).update(extension=by.value)


def refresh(case: Application, as_of: date) -> None:
    """Recompute each running clock from its facts and copy the results to the case's columns (not saved here)."""
    running = _RUNNING(case.pk)
    # Before it is accepted, and as long as nobody has taken it from there, no step is current and nothing has paused.
    is_walked = case.accepted_on is not None and case.state not in ACCEPTED
    steps = _current_steps(case) if is_walked else []
    spans: list[PauseSpan] = []
    if running or steps:
        spans = [pause.span() for pause in _PAUSES(case.pk)] if is_walked else []
        for clock in running:
            _refresh_clock(clock, _days(case), spans, as_of)
    _copy(case, {clock.kind: clock for clock in running})
    for step in steps:
        _refresh_step(case, step, spans, as_of)


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
        rows.update(clock, ["due", "provisional"])


def _current_steps(case: Application) -> list[RouteStep]:
    """The steps being worked on."""
    return list(_CURRENT(case.pk))


def _refresh_step(case: Application, step: RouteStep, spans: list[PauseSpan], as_of: date) -> None:
    """The step's own limit, where it has one, and its place on the desk."""
    due = step.due
    if step.began_on is not None and step.working_days:
        due = clocks.due_on(step.began_on, Limit(step.working_days), _days(case), pauses=spans, as_of=as_of).on
    if (step.due, step.case_due) != (due, case.sort_due):
        step.due, step.case_due = due, case.sort_due
        rows.update(step, ["due", "case_due"])


def recompute(pk: int, today: date) -> bool:
    """Bring one case's due dates up to date outside a move, on the record; True when a date changed."""
    with transaction.atomic():
        case = Application.objects.select_for_update(of=("self",)).get(pk=pk)
        before = _dates(case)
        refresh(case, today)
        if before == _dates(case):
            return False
        changed = {
            name: [old, new]
            for (name, old), new in zip(before.items(), _dates(case).values(), strict=True)
            if old != new
        }
        case.save(update_fields=(*DUE_COLUMNS, *PLACE_COLUMNS))
        evidence.record_act(case, "recount", actor=actors.system(), data=changed)
    return True


def _dates(case: Application) -> dict[str, str | bool | None]:
    """The derived dates, as the record keeps them."""
    values = {name: getattr(case, name) for name in DUE_COLUMNS}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


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
    watched = [clock for kind, clock in running.items() if kind not in NOT_WATCHED]
    days = [clock.due for clock in watched]
    if days and case.renewal_due and case.decided_at is None:  # the organ decides before the licence expires (art. 50)
        days.append(case.renewal_due)
    case.next_due = min(days, default=None)
    case.due_provisional = any(clock.provisional for clock in watched)
    waits = case.waits_its_turn and case.state == State.SUBMITTED  # a later stage of a package, before its turn
    case.desk = AT_A_STEP if waits else desk_of(case.state)
    case.sort_due = case.next_due if case.next_due and case.desk else date.max
