"""Give a rating: once a case, after its end, by whoever filed it or holds its number and query code."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import evidence, sync_facts
from applications.actors import Actor
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Rating
from applications.models.rating import Grade
from applications.states import State

# The indicators of an online case (GB/T 39735): key → name.
ASPECTS = {
    "efficiency": "办事效率",
    "guide": "办事指南精确度",
    "ease": "办事便捷度",
    "operation": "平台操作性",
}
# Struck as a mistake, a duplicate or a test: nobody was served.
NOT_RATED = (State.VOIDED,)


def refusal(case: Application) -> str:
    """Why this case cannot be rated now; empty when it can."""
    if not case.is_ended:
        return "办结以后才能评价。"
    if case.state in NOT_RATED:
        return "这件申请已经作废，不用评价。"
    return "这件申请已经评价过，一件申请只评价一次。" if Rating.objects.filter(application=case).exists() else ""


def give(
    case: Application,
    *,
    actor: Actor,
    grade: int,
    aspects: dict[str, int] | None = None,
    text: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    at: datetime | None = None,
) -> Rating:
    """Keep a rating and send it inside. NotPossible before the end or a second time, DataMissing for a grade that is none."""
    at = at or timezone.now()
    _check(grade, aspects or {})
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        sentence = refusal(locked)
        if sentence:
            raise NotPossible(sentence)
        rating = Rating.objects.create(
            application=locked,
            grade=grade,
            aspects=aspects or {},
            text=text,
            contact_name=contact_name,
            contact_phone=contact_phone,
            given_at=at,
        )
        # Which grade it was is nobody's business who reads the record of the case.
        evidence.record_act(locked, "rate", actor=actor, at=at)
        sync_facts.record_rating(rating)
    return rating


def _check(grade: int, aspects: dict[str, Any]) -> None:
    if grade not in Grade.values:
        raise DataMissing({"grade": "请选择一个评价。"})
    wrong = {key: "请从五个等级里选。" for key, value in aspects.items() if value not in Grade.values}
    wrong |= {key: "没有这一项。" for key in aspects if key not in ASPECTS}
    if wrong:
        raise DataMissing(wrong)
