"""One act on many cases at once, each in a transaction of its own: what worked and what did not, case by case.

Every case is compared with what the officer was shown; a refusal of one stops no other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from applications import claims, machine, queries, services
from applications.actors import Actor
from applications.desk import labels
from applications.errors import MoveRefused
from applications.models import Application, Label

MOST = 500
# Moves that can be made on many cases with one opinion; decisions and refusals are made one by one.
MOVES = ("accept", "pass_on", "deliver", "close")
ACTS = {"claim": "由我经办", "put_back": "放回待办", "stick": "贴标签", "take_off": "取下标签"}


@dataclass(frozen=True)
class Result:
    """What became of one case; ``problem`` is empty when it worked."""

    case: Application
    problem: str = ""


def labels_of_acts() -> dict[str, str]:
    """Act → its name, moves first."""
    return {name: machine.label(name) for name in MOVES} | ACTS


def chosen(actor: Actor, numbers: list[str]) -> list[Application]:
    """The cases of these numbers that this person may see, in the order given, at most ``MOST``."""
    wanted = list(dict.fromkeys(numbers))[:MOST]
    rows = queries.visible_to(actor).select_related("matter", "department", "guide_version", "handler")
    found = {case.number: case for case in rows.filter(number__in=wanted)}
    return [found[number] for number in wanted if number in found]


def do(
    actor: Actor, act: str, cases: list[Application], seen: dict[str, str], *, data: dict[str, Any], label: Label | None
) -> list[Result]:
    """Do it on each case; ``seen`` is what was shown of it, by number."""
    return [Result(case, _one(actor, act, case, seen.get(case.number or "", ""), data, label)) for case in cases]


def _one(actor: Actor, act: str, case: Application, seen: str, data: dict[str, Any], label: Label | None) -> str:
    try:
        if act in MOVES:
            before = case.state
            moved = services.perform(case.pk, act, actor=actor, seen=seen, **_data_for(act, case, data))
            claims.settle(moved, actor, before=before)
            return ""
        return _ACTS[act](actor, case, label)
    except MoveRefused as refused:
        return refused.message


def _data_for(act: str, case: Application, data: dict[str, Any]) -> dict[str, Any]:
    if act == "deliver":
        return {"method": data.get("method", ""), "recipient": case.applicant_name}
    return {"opinion": data.get("opinion", "")} if act == "pass_on" else {}


def _claim(actor: Actor, case: Application, label: Label | None) -> str:
    if not claims.can_work_on(case, actor):
        return "现在不由您的岗位办理。"
    return "" if claims.take(case, actor, shown=case.handler_id) else "刚刚被同事认领了。"


def _put_back(actor: Actor, case: Application, label: Label | None) -> str:
    return "" if claims.put_back(case, actor) else "不是由您经办的。"


def _stick(actor: Actor, case: Application, label: Label | None) -> str:
    if label is None:
        return "请选择标签。"
    labels.stick(label, [case])
    return ""


def _take_off(actor: Actor, case: Application, label: Label | None) -> str:
    if label is None:
        return "请选择标签。"
    labels.take_off(label, [case])
    return ""


_ACTS: dict[str, Callable[[Actor, Application, Label | None], str]] = {
    "claim": _claim,
    "put_back": _put_back,
    "stick": _stick,
    "take_off": _take_off,
}
