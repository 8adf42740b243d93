"""Outer side: hand in what is owed after 容缺受理; everything that was uploaded for it goes in one request."""

from datetime import datetime
from typing import Any

from django.db import transaction

from applications import requests, sync_facts, uploads
from applications.actors import Actor
from applications.counter import papers
from applications.errors import DataMissing
from applications.models import Application, Owed, Request
from applications.models.owed import OwedState
from applications.states import UNDER_REVIEW


def is_open(case: Application) -> bool:
    """Whether the applicant can hand in something that is owed now, and nothing is on its way."""
    return case.state in UNDER_REVIEW and uploads.open_round(case) is not None and bool(owed_now(case))


def owed_now(case: Application) -> list[Owed]:
    """What has still to be handed in, with what was wrong with it last."""
    return list(case.owed.filter(standing=OwedState.OWED))


def changes(case: Application) -> dict[str, Any]:
    """What is supplied, as it travels; the caller has locked the case. DataMissing when there is nothing."""
    turn = uploads.open_round(case)
    if turn is None:  # the move is refused
        return {"materials": [], "round": None}
    keys = {row.key for row in owed_now(case)}
    files = case.materials.filter(round=turn, key__in=keys)
    found = {"materials": [sync_facts.material_row(row) for row in files], "round": turn}
    if not found["materials"] and not any(row.is_paper for row in papers.presented(case).values()):
        raise DataMissing({"materials": "请先上传要补交的材料。"})
    return found


def send(case: Application, *, actor: Actor, reason: str = "", at: datetime | None = None) -> Request:
    """Send the uploaded files; some of the owed materials may follow later. DataMissing when there are none, NotPossible
    when the machine says no."""
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        return requests.ask(locked, "supply_owed", actor=actor, reason=reason, changes=changes(locked), at=at)
