"""What the office does about a bad mark: call back, mend or explain, answer; or ask the inspector to look again.

Limits are working days from the day the mark arrives: five for a plain case, fifteen for one put on the ledger (settings).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from applications import evidence, sync_facts
from applications.actors import Actor
from applications.effects import day_of
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Remedy, RemedyStep
from matters import calendar
from sync import rows

Act = Literal["call_back", "put_on_ledger", "answer", "explain", "contest", "uphold", "set_aside"]
Standing = Remedy.Standing

# Act → (its label, who may, from which standings, to which; None: it stays).
ACTS: dict[str, tuple[str, tuple[str, ...], tuple[Standing, ...], Standing | None]] = {
    "call_back": ("记录回访", ("clerk", "approver"), (Standing.OPEN, Standing.HARD), None),
    "put_on_ledger": ("列入台账", ("clerk", "approver"), (Standing.OPEN,), Standing.HARD),
    "answer": ("整改完成，答复", ("clerk", "approver"), (Standing.OPEN, Standing.HARD), Standing.ANSWERED),
    "explain": ("没有依据，说明理由", ("approver",), (Standing.OPEN, Standing.HARD), Standing.EXPLAINED),
    "contest": ("评价不实，申请复核", ("approver",), (Standing.OPEN, Standing.HARD), Standing.CONTESTED),
    "uphold": ("复核：评价成立", ("inspector",), (Standing.CONTESTED,), Standing.OPEN),
    "set_aside": ("复核：评价不计入", ("inspector",), (Standing.CONTESTED,), Standing.SET_ASIDE),
}
ENDING = (Standing.ANSWERED, Standing.EXPLAINED, Standing.SET_ASIDE)
# A named mark is called back before it is answered (国办发〔2019〕51号: all of them).
AFTER_CALL_BACK = ("answer", "explain")


def open_all(arrived: Iterable[tuple[int, datetime]]) -> None:
    """Open the cases of bad marks, given by their ids, each on the day it arrived."""
    days = calendar.current()
    opened = [(rating, day_of(now)) for rating, now in arrived]
    rows.insert_values(
        Remedy,
        ("rating_id", "opened_on", "due"),
        [(rating, today, days.add_workdays(today, settings.HALL_RATING_DAYS)) for rating, today in opened],
    )


def possible(remedy: Remedy, actor: Actor) -> list[str]:
    """The acts this person can do now."""
    return [act for act in ACTS if not _refusal(remedy, act) and _may(remedy, act, actor)]


def act(pk: int, action: str, *, actor: Actor, text: str, at: datetime | None = None) -> Remedy:
    """Do one of ``ACTS`` with a record of it. NotPossible, NotAllowed, or DataMissing for an empty text; then nothing has changed."""
    at = at or timezone.now()
    with transaction.atomic():
        remedy = Remedy.objects.select_for_update().select_related("rating").get(pk=pk)
        if action not in ACTS:
            raise NotPossible(f"没有“{action}”这个办理动作。")
        sentence = _refusal(remedy, action)
        if sentence:
            raise NotPossible(sentence)
        if not _may(remedy, action, actor):
            raise NotAllowed(f"您的岗位不能办理“{ACTS[action][0]}”。")
        if not text.strip():
            raise DataMissing(
                {"text": "请写明情况。" if action not in ("answer", "explain") else "请写明给评价人的答复。"}
            )
        _change(remedy, action, text.strip(), at)
        RemedyStep.objects.create(remedy=remedy, action=action, at=at, by_name=actor.name, text=text.strip())
        case = Application.objects.select_for_update().get(pk=remedy.rating.application_id)
        evidence.record_act(case, "remedy", actor=actor, at=at, data={"action": action, "text": text.strip()})
        if remedy.standing in ENDING:
            sync_facts.record_remedy(remedy)
    return remedy


def _refusal(remedy: Remedy, action: str) -> str:
    _label, _roles, sources, _target = ACTS[action]
    if remedy.standing not in sources:
        return f"这件差评现在是“{remedy.get_standing_display()}”，不能办理这一步。"
    must_call = bool(remedy.rating.contact_phone) and remedy.called_back_on is None
    if action in AFTER_CALL_BACK and must_call:
        return "评价人留了联系电话，请先回访，再答复。"
    return ""


def _may(remedy: Remedy, action: str, actor: Actor) -> bool:
    departments = remedy.rating.application.responsible_departments()
    return any(actor.holds(role, departments) for role in ACTS[action][1])


def _change(remedy: Remedy, action: str, text: str, at: datetime) -> None:
    target = ACTS[action][3]
    if action == "call_back":
        remedy.called_back_on = day_of(at)
    if action == "put_on_ledger":
        remedy.due = calendar.current().add_workdays(remedy.opened_on, settings.HALL_RATING_HARD_DAYS)
    if target is not None:
        remedy.standing = target
    if target in ENDING:
        remedy.answered_at = at
        remedy.answer = text if target != Standing.SET_ASIDE else ""
    remedy.save()
