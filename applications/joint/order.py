"""The stages of a package: a member of a later stage is received when everything before it is decided or has ended.

Whatever the outcome: nobody's application may lie unanswered because another one was refused (行政许可法 art. 32). Until then
none of its limits runs; from its turn on they run as for everybody.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from applications import actors, services
from applications.errors import BROKEN
from applications.joint.papers import children_of
from applications.models import Application, JointCase
from applications.states import State


def is_later(stages: Mapping[str, int], codes: Collection[str], code: str) -> bool:
    """Whether the member ``code`` is not of the first stage among the chosen ``codes``."""
    return stages[code] > min(stages[one] for one in codes)


def waits(joint: JointCase, code: str) -> bool:
    """Whether this member of the joint case has to wait for others."""
    return is_later({one.code: one.stage for one in joint.version.package.members}, joint.codes, code)


def before(child: Application, children: Iterable[Application]) -> list[Application]:
    """The members of earlier stages than the child's; ``child.joint_case`` with its version at hand."""
    joint = child.joint_case
    if joint is None or not child.waits_its_turn:
        return []
    stages = {one.code: one.stage for one in joint.version.package.members}
    return [one for one in children if stages[one.matter.code] < stages[child.matter.code]]


def turn_of(child: Application, children: Iterable[Application]) -> datetime | None:
    """When its turn came: the last decision or end before it. None while one of those is undecided."""
    moments = [one.decided_at or one.ended_at for one in before(child, children)]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def receive_due() -> tuple[list[str], list[tuple[str, str, str]]]:
    """Inner: receive every member whose turn has come, dated at its turn. The numbers, and (number, move, why) of failures."""
    received, failed = [], []
    waiting = Application.objects.filter(state=State.SUBMITTED, waits_its_turn=True)
    for child in waiting.select_related("joint_case__version", "matter").order_by("pk"):
        at = turn_of(child, children_of(child.joint_case)) if child.joint_case else None
        if at is None:
            continue
        try:
            services.perform(child.pk, "receive", actor=actors.system(), seen=None, at=at)
            received.append(child.number or "")
        except BROKEN as problem:
            failed.append((child.number or "", "receive", str(problem)))
    return received, failed
