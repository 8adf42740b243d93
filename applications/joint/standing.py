"""Where a package stands, from its children: one word for the whole, and a line for each. Reads only what it is handed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from applications import clocks, presenting
from applications.joint.dates import JointDates
from applications.models import Application
from applications.states import State
from matters.workdays import Calendar


def is_ended(children: Sequence[Application]) -> bool:
    """The package is finished when every member is."""
    return bool(children) and all(child.is_ended for child in children)


ENDED, DECIDED, TO_CORRECT = _("全部办结"), _("已全部作出决定"), _("待补正")
TO_ACCEPT, IN_REVIEW = _("待受理"), _("联合审查中")


def words(children: Sequence[Application]) -> str:
    """The whole in one Chinese phrase. Members that wait for their turn are not asked whether they are accepted."""
    if is_ended(children):
        return ENDED
    if any(child.state == State.CORRECTION for child in children):
        return TO_CORRECT
    if any(child.accepted_on is None and not child.is_ended and not is_waiting(child) for child in children):
        return TO_ACCEPT
    decided = sum(child.decided_at is not None or child.is_ended for child in children)
    return DECIDED if decided == len(children) else IN_REVIEW


def is_waiting(child: Application) -> bool:
    """Whether its turn has not come."""
    return child.waits_its_turn and child.state == State.SUBMITTED


def tone(children: Sequence[Application]) -> str:
    """The colour of the phrase."""
    return {ENDED: "green", DECIDED: "green", TO_CORRECT: "amber"}.get(words(children), "blue")


def progress(children: Sequence[Application]) -> dict[str, int]:
    """How many members are accepted, decided and ended, of how many."""
    return {
        "all": len(children),
        "accepted": sum(child.accepted_on is not None for child in children),
        "decided": sum(child.decided_at is not None for child in children),
        "ended": sum(child.is_ended for child in children),
    }


def late(child: Application, dates: JointDates, today: date, days: Calendar) -> str:
    """Why this member holds the package up; empty when it does not."""
    if child.is_ended or child.decided_at is not None:
        return ""
    if child.next_due is not None and child.next_due < today:
        return f"超过自己的期限 {-clocks.days_left(today, child.next_due, days)} 个工作日"
    if dates.is_late and dates.promise is not None:
        return f"联合办理期限{dates.promise.on.month}月{dates.promise.on.day}日已过，还没有作出决定"
    return ""


def lights(children: Sequence[Application], today: date, days: Calendar) -> list[dict[str, Any]]:
    """The members with their lights."""
    found = []
    for child in children:
        light, word = presenting.light_of(child, today, days)
        found.append({"case": child, "light": light, "word": word})
    return found


def rows(children: Sequence[Application], dates: JointDates, today: date, days: Calendar) -> list[dict[str, Any]]:
    """The members as lines: state, light, and why one holds the package up."""
    return [row | {"late": late(row["case"], dates, today, days)} for row in lights(children, today, days)]
