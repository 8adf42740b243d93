"""Where a package stands, from its children: one word for the whole, and a line for each. Reads only what it is handed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from applications import clocks, presenting
from applications.joint.dates import JointDates
from applications.models import Application
from applications.states import State
from matters.workdays import Calendar


def is_ended(children: Sequence[Application]) -> bool:
    """The package is finished when every member is."""
    return bool(children) and all(child.is_ended for child in children)


def words(children: Sequence[Application]) -> str:
    """The whole in one phrase."""
    if is_ended(children):
        return "全部办结"
    if any(child.state == State.CORRECTION for child in children):
        return "待补正"
    if any(child.accepted_on is None and not child.is_ended for child in children):
        return "待受理"
    decided = sum(child.decided_at is not None or child.is_ended for child in children)
    return "已全部作出决定" if decided == len(children) else "联合审查中"


def tone(children: Sequence[Application]) -> str:
    """The colour of the phrase."""
    return {"全部办结": "green", "已全部作出决定": "green", "待补正": "amber"}.get(words(children), "blue")


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


def rows(children: Sequence[Application], dates: JointDates, today: date, days: Calendar) -> list[dict[str, Any]]:
    """The members as lines: state, light, who has it now."""
    found = []
    for child in children:
        light, word = presenting.light_of(child, today, days)
        found.append({"case": child, "light": light, "word": word, "late": late(child, dates, today, days)})
    return found
