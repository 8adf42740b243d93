"""Delivery by post: the wish that comes with a submission, and the parcel that was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from applications.models import Application, PostalWish
from identity.numbers import clean_callback

CARRIERS = ("中国邮政", "中国邮政 EMS", "顺丰速运", "京东物流", "其他")
# Each with its name and the most characters it may have.
PARTS = {"recipient": ("收件人", 50), "phone": ("收件电话", 20), "address": ("收件地址", 200)}


@dataclass(frozen=True)
class Parcel:
    """How a decision reached the applicant."""

    method: str
    carrier: str
    tracking: str
    at: datetime


def is_offered(case: Application) -> bool:
    """Whether the guide offers to send the papers by post."""
    return case.guide_version.header.express or "邮寄" in case.guide_version.guide.outcome.delivery


def problems(case: Application, given: Mapping[str, Any] | None) -> dict[str, str]:
    """What is wrong with a wish (``recipient``, ``phone``, ``address``, ``agreed``): name → sentence. None is no wish."""
    if given is None:
        return {}
    if not is_offered(case):
        return {"postal": "这一事项没有邮寄送达。"}
    found = {}
    for name, (label, longest) in PARTS.items():
        text = _text(given, name)
        if not text:
            found[f"postal-{name}"] = f"请填写{label}。"
        elif len(text) > longest:
            found[f"postal-{name}"] = f"{label}不能超过 {longest} 字。"
    try:
        clean_callback(_text(given, "phone"))
    except ValidationError as error:
        found["postal-phone"] = error.messages[0]
    if not given.get("agreed"):
        found["postal-agreed"] = "邮寄要把收件信息提供给承运单位，请勾选同意；不同意的，请选择不邮寄。"
    return found


def keep(case: Application, given: Mapping[str, Any] | None, at: datetime) -> None:
    """Record a wish that has no ``problems``, inside the transaction of the submission."""
    if given is not None:
        texts = {name: _text(given, name) for name in PARTS}
        texts["phone"] = clean_callback(texts["phone"])
        PostalWish.objects.update_or_create(application=case, defaults=texts | {"agreed_at": at})


def _text(given: Mapping[str, Any], name: str) -> str:
    return str(given.get(name) or "").replace("\0", "").strip()


def row(case: Application) -> dict[str, Any] | None:
    """The wish as it travels with the submission."""
    wish = PostalWish.objects.filter(application=case).first()
    if wish is None:
        return None
    return {name: getattr(wish, name) for name in PARTS} | {"agreed_at": wish.agreed_at.isoformat()}


def arrive(case: Application, row: Mapping[str, Any] | None) -> None:
    """Inner: the wish that came with a submission; sites older than parcels send none."""
    if row:
        texts = {name: row[name] for name in PARTS}
        PostalWish.objects.create(application=case, agreed_at=datetime.fromisoformat(row["agreed_at"]), **texts)


def forget(case: Application) -> None:
    """Take the wish of a draft back."""
    PostalWish.objects.filter(application=case).delete()


def sent(case: Application) -> Parcel | None:
    """How the decision was delivered; None before that."""
    if case.delivered_at is None:
        return None
    event = case.events.filter(action="deliver", is_move=True).last()
    if event is None:
        return None
    said = {name: str(event.data.get(name) or "") for name in ("method", "carrier", "tracking")}
    return Parcel(**said, at=event.at)
