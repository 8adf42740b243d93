"""Ratings cross: given outside, answered inside. Each fact has one writer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from applications.models import Application, Rating, Remedy
from applications.ratings import remedies
from sync import rows
from sync.registry import Fact, Reject, handles


def given_together(facts: Sequence[Fact]) -> None:
    """Inner: several ratings came in, of different cases."""
    uids = [fact.payload["application"] for fact in facts]
    cases = {str(uid): pk for uid, pk in Application.objects.filter(uid__in=uids).values_list("uid", "pk")}
    if len(cases) < len(facts) or Rating.objects.filter(application__in=cases.values()).exists():
        raise Reject("其中有一件不能评价。")  # one by one, each gets its own reason
    ratings = [rating_of(fact.payload, cases[fact.payload["application"]]) for fact in facts]
    rows.insert_all(ratings)
    bad = {str(rating.uid): fact.occurred_at for rating, fact in zip(ratings, facts, strict=True) if rating.is_bad}
    for rating in Rating.objects.filter(uid__in=bad).order_by("pk"):
        remedies.open_for(rating, bad[str(rating.uid)])


@handles("rating.given", from_side="outer", many=given_together)
def given(fact: Fact) -> None:
    """Inner: a rating came in; a bad one opens its case, whose limit runs from the day it is known here."""
    payload = fact.payload
    found = Application.objects.filter(uid=payload["application"]).values("pk", "rating").first()
    if found is None:
        raise Reject(f"本地没有申请 {payload['application']}。")
    if found["rating"]:
        raise Reject("这件申请已经评价过，一件申请只评价一次。")
    rating = rating_of(payload, found["pk"])
    rows.insert(rating)
    if rating.is_bad:
        remedies.open_for(rating, fact.occurred_at)


def rating_of(payload: Mapping[str, Any], case: int) -> Rating:
    """The row that a fact tells of, not written yet."""
    return Rating(
        uid=payload["uid"],
        application_id=case,
        grade=payload["grade"],
        aspects=payload["aspects"],
        text=payload["text"],
        contact_name=payload["contact_name"],
        contact_phone=payload["contact_phone"],
        given_at=datetime.fromisoformat(payload["given_at"]),
    )


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
