"""The clock ledger: for each limit, line by line, what ran, what moved it, why, by whom, and the date that followed.

Nothing here is stored: every line is derived from the dated facts that ``case_clocks`` counts with, added one by one in the order
in which they happened, so that the last line's date is the limit's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from applications import clocks
from applications.case_clocks import PAUSED_KINDS
from applications.clocks import Limit
from applications.models import Application, Clock, Event, Pause
from applications.models.progress import ClockKind
from matters.workdays import Calendar


@dataclass(frozen=True)
class Line:
    """One entry: on which day, what, why and by whom, and when the limit then ends (``due``)."""

    on: date
    what: str
    why: str
    by: str
    due: date


@dataclass
class Account:
    """One limit of the case with its lines; ``due`` is where it ends, ``stopped_on`` when an act ended it."""

    kind: ClockKind
    limit: str
    started_on: date
    due: date
    provisional: bool
    stopped_on: date | None
    lines: list[Line] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The limit's name."""
        return str(self.kind.label)


def accounts(case: Application, today: date, days: Calendar) -> list[Account]:
    """Every limit of the case, oldest first, as it stands on ``today``."""
    pauses = list(case.pauses.all())
    events = list(case.events.moves().order_by("place"))
    return [_account(clock, pauses, events, today, days) for clock in case.clocks.order_by("started_on", "id")]


def _account(clock: Clock, pauses: list[Pause], events: list[Event], today: date, days: Calendar) -> Account:
    kind = ClockKind(clock.kind)
    made = Account(kind, clock.limit().words(), clock.started_on, clock.due, clock.provisional, clock.stopped_on)
    made.lines = list(_lines(clock, kind, pauses, events, today, days))
    return made


def _lines(
    clock: Clock, kind: ClockKind, pauses: list[Pause], events: list[Event], today: date, days: Calendar
) -> Iterator[Line]:
    """The facts that concern this limit, each with the date that follows from it and those before."""
    as_of = min(clock.stopped_on, today) if clock.stopped_on else today
    counted: list[Pause] = []
    extension: Limit | None = None

    def due() -> date:
        spans = [pause.span() for pause in counted]
        return clocks.due_on(clock.started_on, clock.limit(), days, pauses=spans, extension=extension, as_of=as_of).on

    begun = f"起算，当日不计入，期限 {clock.limit().words()}"
    yield Line(clock.started_on, begun, "", _who(events, clock.started_on), due())
    for fact in _facts(clock, kind, pauses, events):
        if isinstance(fact, Pause):
            before = due()
            counted.append(fact)
            yield _pause_line(fact, is_too_late=fact.too_late or fact.began_on > before, due=due())
        else:
            extension = Limit(clock.extension)
            said = str(fact.data.get("reason", ""))
            yield Line(_day(fact), f"批准延长 {clock.extension} 个工作日", said, _approver(fact), due())
    if clock.stopped_on is not None:
        yield Line(
            clock.stopped_on, "停止计时", _ended_by(events, clock.stopped_on), _who(events, clock.stopped_on), clock.due
        )


def _facts(clock: Clock, kind: ClockKind, pauses: list[Pause], events: list[Event]) -> list[Pause | Event]:
    """What moved this limit, in the order of days; only the law's and the promise pause, only the law's is extended."""
    if kind not in PAUSED_KINDS:
        return []
    inside = [one for one in pauses if clock.stopped_on is None or one.began_on <= clock.stopped_on]
    found: list[tuple[date, int, Pause | Event]] = [(one.began_on, number, one) for number, one in enumerate(inside)]
    if kind == ClockKind.LAW and clock.extension:
        found += [(_day(event), event.place, event) for event in events if event.action == "extend"]
    return [fact for _, _, fact in sorted(found, key=lambda row: row[:2])]


def _pause_line(pause: Pause, *, is_too_late: bool, due: date) -> Line:
    until = f"到 {pause.ended_on} 恢复" if pause.ended_on else f"预计到 {pause.expected_end}"
    what = f"{pause.get_procedure_display()}：自 {pause.began_on} 起不计入，{until}"
    if is_too_late:
        what += "。启动时期限已经届满，不改变期限"
    return Line(pause.began_on, what, pause.reason, pause.by, due)


def _approver(event: Event) -> str:
    return str(event.data.get("approver") or event.actor_name)


def _day(event: Event) -> date:
    return timezone.localdate(event.at)


def _on(events: list[Event], day: date) -> Event | None:
    return next((event for event in reversed(events) if _day(event) == day), None)


def _who(events: list[Event], day: date) -> str:
    found = _on(events, day)
    return found.actor_name if found else ""


def _ended_by(events: list[Event], day: date) -> str:
    found = _on(events, day)
    return found.label if found else ""


@dataclass(frozen=True)
class ThreeDates:
    """What the law gives, what is promised, and what it usually takes (working days from acceptance: P50 and P90)."""

    law: date | None
    promise: date | None
    usual: int | None
    slow: int | None
    usual_on: date | None
    slow_on: date | None


def three_dates(case: Application, days: Calendar) -> ThreeDates:
    """The three dates side by side; those of experience only where enough cases were decided."""
    usual, slow = case.matter.usual_days, case.matter.slow_days

    def after(taken: int | None) -> date | None:
        return days.add_workdays(case.accepted_on, taken) if case.accepted_on and taken is not None else None

    return ThreeDates(case.law_due, case.promise_due, usual, slow, after(usual), after(slow))
