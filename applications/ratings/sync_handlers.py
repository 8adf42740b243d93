"""Ratings cross: given outside, answered inside. Each fact has one writer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from applications.models import Application, Rating, Remedy
from applications.models.rating import Grade
from applications.ratings import remedies
from sync import rows
from sync.registry import Fact, Reject, handles


def given_together(facts: Sequence[Fact]) -> None:
    """Inner: several ratings came in, of different cases."""
    cases = rows.keys_of(Application, [fact.payload["application"] for fact in facts])
    if len(cases) < len(facts):
        raise Reject("其中有一件不能评价。")  # one by one, each gets its own reason; so does one that was rated before
    rows.insert_values(Rating, _COLUMNS, [_values(fact.payload, cases[fact.payload["application"]]) for fact in facts])
    bad = {fact.payload["uid"]: fact.occurred_at for fact in facts if fact.payload["grade"] >= Grade.BAD}
    opened = Rating.objects.filter(uid__in=bad).order_by("pk").values_list("pk", "uid")
    remedies.open_all([(pk, bad[str(uid)]) for pk, uid in opened])


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
        remedies.open_all([(rating.pk, fact.occurred_at)])


def rating_of(payload: Mapping[str, Any], case: int) -> Rating:
    """The row that a fact tells of, not written yet."""
    return Rating(**dict(zip(_COLUMNS, _values(payload, case), strict=True)))


_COLUMNS = ("uid", "application_id", "grade", "aspects", "text", "contact_name", "contact_phone", "given_at")


def _values(payload: Mapping[str, Any], case: int) -> tuple[Any, ...]:
    """Of the columns of a rating."""
    same = [payload[name] for name in _COLUMNS[2:-1]]
    return (UUID(payload["uid"]), case, *same, datetime.fromisoformat(payload["given_at"]))


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
