"""Ratings cross: given outside, answered inside. Each fact has one writer."""

from datetime import date, datetime

from applications.models import Application, Rating, Remedy
from applications.ratings import remedies
from sync.registry import Fact, Reject, handles


@handles("rating.given", from_side="outer")
def given(fact: Fact) -> None:
    """Inner: a rating came in; a bad one opens its case, whose limit runs from the day it is known here."""
    payload = fact.payload
    case = Application.objects.filter(uid=payload["application"]).first()
    if case is None:
        raise Reject(f"本地没有申请 {payload['application']}。")
    if Rating.objects.filter(application=case).exists():
        raise Reject("这件申请已经评价过，一件申请只评价一次。")
    rating = Rating.objects.create(
        uid=payload["uid"],
        application=case,
        grade=payload["grade"],
        aspects=payload["aspects"],
        text=payload["text"],
        contact_name=payload["contact_name"],
        contact_phone=payload["contact_phone"],
        given_at=datetime.fromisoformat(payload["given_at"]),
    )
    if rating.is_bad:
        remedies.open_for(rating, fact.occurred_at)


@handles("rating.answered", from_side="inner")
def answered(fact: Fact) -> None:
    """Outer: what the office answered to a bad mark."""
    payload = fact.payload
    rating = Rating.objects.filter(uid=payload["rating"]).first()
    if rating is None:
        raise Reject("本地没有这个评价。")
    Remedy.objects.update_or_create(
        rating=rating,
        defaults={
            "standing": Remedy.Standing(payload["standing"]),
            "opened_on": date.fromisoformat(payload["opened_on"]),
            "due": date.fromisoformat(payload["due"]),
            "answer": payload["answer"],
            "answered_at": datetime.fromisoformat(payload["answered_at"]),
        },
    )
