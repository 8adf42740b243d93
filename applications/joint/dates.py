"""The joint limit (行政许可法 arts. 26, 42(2)): derived from the members' facts on every reading, the same on both sides.

It runs from the day the last member of the first stage is accepted: the law counts from acceptance, and the joint application is
accepted when all of it is that can be. A member that ended before acceptance is not waited for. What art. 45 takes out of one member's
time is out of the joint time, and so is the intake of a later stage; days that overlap count once. Each member's own limits run
beside it and are not made longer by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from applications import clocks, effects
from applications.clocks import JOINT_EXTENSION, Due, Limit, PauseSpan
from applications.models import Application, JointCase
from matters.joint.figures import JOINT_DAYS, is_under_the_licensing_law
from matters.workdays import Calendar

DAY = timedelta(days=1)


@dataclass(frozen=True)
class JointDates:
    """``started_on`` None: not all members are accepted yet. ``law`` is None where art. 42(2) does not govern the package."""

    limit: Limit
    started_on: date | None
    promise: Due | None
    law: Due | None
    extended_on: date | None
    finished_on: date | None
    days_left: int | None

    @property
    def is_running(self) -> bool:
        """Whether it is counted now."""
        return self.started_on is not None and self.finished_on is None

    @property
    def is_late(self) -> bool:
        """Whether the promised day passed before the last decision."""
        return self.is_running and self.days_left is not None and self.days_left < 0


def started_on(children: Iterable[Application]) -> date | None:
    """The day the last member of the first stage was accepted, or of the later ones when none of those was.

    None while one is still in intake, or when none came to be accepted.
    """
    rows = list(children)
    for stage in ([one for one in rows if not one.waits_its_turn], [one for one in rows if one.waits_its_turn]):
        if any(child.accepted_on is None and not child.is_ended for child in stage):
            return None
        if days := [child.accepted_on for child in stage if child.accepted_on]:
            return max(days)
    return None


def spans_out(children: Iterable[Application]) -> list[PauseSpan]:
    """The days that are not counted: special procedures of any member, and the intake of members whose turn came later."""
    rows = list(children)
    spans = [pause.span() for child in rows for pause in child.pauses.all() if not pause.too_late]
    return spans + [_intake_of(child, effects.day_of(child.turn_at)) for child in rows if child.turn_at]


def _intake_of(child: Application, turn: date) -> PauseSpan:
    ended = effects.day_of(child.ended_at) if child.ended_at else None
    last = child.accepted_on or ended
    return PauseSpan(turn + DAY, last + DAY if last else None, turn + DAY)


def finished_on(children: Iterable[Application]) -> date | None:
    """The day of the last decision, or end without one; None while a member is undecided."""
    moments = [child.decided_at or child.ended_at for child in children]
    known = [moment for moment in moments if moment is not None]
    return effects.day_of(max(known)) if known and len(known) == len(moments) else None


def dates_of(joint: JointCase, children: Sequence[Application], today: date, days: Calendar) -> JointDates:
    """Everything about the joint limit; ``children`` with their pauses at hand."""
    limit = Limit(joint.package.limit)
    start, finish = started_on(children), finished_on(children)
    spans = spans_out(children)
    extension = JOINT_EXTENSION if joint.extended_on else None
    as_of = min(today, finish) if finish else today

    def due(wanted: Limit) -> Due | None:
        if start is None:
            return None
        return clocks.due_on(start, wanted, days, pauses=spans, extension=extension, as_of=as_of)

    promise = due(limit)
    return JointDates(
        limit=limit,
        started_on=start,
        promise=promise,
        law=due(Limit(JOINT_DAYS)) if is_under_the_licensing_law(joint.package.members) else None,
        extended_on=joint.extended_on,
        finished_on=finish,
        days_left=clocks.days_left(finish or today, promise.on, days) if promise else None,
    )


def may_extend(joint: JointCase, dates: JointDates, today: date) -> str:
    """Why the joint limit cannot be made longer today; empty when it can: once, and before it expires (art. 42(2))."""
    if joint.extended_on:
        return "已经延长过一次，不能再次延长（行政许可法第四十二条）。"
    if dates.law is None:
        return "这个“一件事”里的行政许可不足两项，不适用行政许可法第四十二条第二款的延长。"
    if not dates.is_running:
        return "联合办理期限还没有起算，或者全部事项已经作出决定。"
    return "" if today <= dates.law.on else "联合办理期限已经届满，届满后批准的延长无效（行政许可法第四十二条）。"
