"""Outer side: what arrives of cases that were filed, or asked about, at a window."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from applications import evidence_handlers, numbering, requests, sync_handlers
from applications.actors import Actor
from applications.counter import owners
from applications.models import Application, PresentedMaterial, Request
from applications.models.application import Channel
from sync.registry import Fact, Reject, handles


@handles("application.filed_inside", from_side="inner")
def filed_inside(fact: Fact) -> None:
    """A case was filed at a window: it is here too, under its number and code, and in the account it belongs to."""
    _check_side()
    payload, applicant = fact.payload, fact.payload["applicant"]
    if not numbering.is_number(payload["number"]) or numbering.series_of(payload["number"]) != Channel.COUNTER:
        raise Reject(f"{payload['number']} 不是窗口号段的申请编号。")
    whose = owners.of(applicant["kind"], applicant["id"], applicant["name"])
    keep_filed(payload, **whose)
    evidence_handlers.keep_head(payload["uid"], payload)


def keep_filed(payload: Mapping[str, Any], **columns: Any) -> Application:
    """The case that was filed at a window, submitted, with the paper that was brought."""
    case = sync_handlers.create_case(payload, channel=Channel.COUNTER, **columns)
    PresentedMaterial.objects.bulk_create(
        PresentedMaterial(
            application=case,
            key=row["key"],
            round=row["round"],
            originals=row["originals"],
            copies=row["copies"],
            trust=row["trust"],
            noted_by=case.department.name,
            noted_at=datetime.fromisoformat(row["noted_at"]),
        )
        for row in payload["presented"]
    )
    sync_handlers.replay_submission(case, payload)
    return case


@handles("application.asked_inside", from_side="inner")
def asked_inside(fact: Fact) -> None:
    """Something was asked at a window; the move itself is the next fact of the case."""
    _check_side()
    keep_asked(fact.payload)
    evidence_handlers.keep_head(fact.payload["application"], fact.payload)


def keep_asked(payload: Mapping[str, Any]) -> Request:
    """What was asked at a window, on the record of its case."""
    request = Request.objects.create(
        uid=payload["uid"],
        application_id=sync_handlers.pk_of(payload["application"]),
        action=payload["action"],
        at=datetime.fromisoformat(payload["at"]),
        reason=payload["reason"],
        changes=payload["changes"],
    )
    department = request.application.department.name
    requests.record_ask(request, actor=Actor("staff", department), act="ask_at_counter")
    return request


def _check_side() -> None:
    if not settings.IS_OUTER:
        raise Reject("窗口收件由内网登记，不接受外网传来的窗口收件。")
