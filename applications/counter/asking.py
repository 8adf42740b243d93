"""What an applicant asks at the window of a running case: bring the correction or what is owed, withdraw.

The same moves as from the account, performed at once: the request and the move are told to the outer side together. Any case
of the department will do, however it was filed; who files online may bring the correction on paper.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import actors, claims, corrections, requests, services, supplying, sync_facts
from applications.actors import Actor
from applications.counter import papers
from applications.errors import DataMissing, NotAllowed
from applications.models import Application, Request

ACTIONS = ("supplement", "supply_owed", "withdraw")


def supplement(
    case: Application, *, actor: Actor, seen: str | None, reason: str = "", at: datetime | None = None
) -> None:
    """Hand in what the correction notice asked for. DataMissing when an item lacks something."""
    _ask(case, "supplement", actor=actor, seen=seen, reason=reason, at=at)


def supply_owed(
    case: Application, *, actor: Actor, seen: str | None, reason: str = "", at: datetime | None = None
) -> None:
    """Hand in what may come later (容缺). DataMissing when nothing was brought."""
    _ask(case, "supply_owed", actor=actor, seen=seen, reason=reason, at=at)


def withdraw(case: Application, *, actor: Actor, seen: str | None, reason: str, at: datetime | None = None) -> None:
    """Take the application back in person. DataMissing without a reason: it is all that the record will say."""
    if not reason.strip():
        raise DataMissing({"reason": "请写明申请人撤回的原因，并请申请人签字确认。"})
    _ask(case, "withdraw", actor=actor, seen=seen, reason=reason, at=at)


def may_ask(case: Application, actor: Actor) -> bool:
    """Whether this person sits at the window of the department that has the case."""
    return actor.holds("clerk", case.responsible_departments())


def _ask(case: Application, action: str, *, actor: Actor, seen: str | None, reason: str, at: datetime | None) -> None:
    if not may_ask(case, actor):
        raise NotAllowed("您不是承办部门的窗口人员，不能代为提交。")
    at = at or timezone.now()
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).get(pk=case.pk)
        before = locked.state
        request = Request.objects.create(
            application=locked, action=action, at=at, reason=reason, changes=_changes(locked, action)
        )
        event = requests.record_ask(request, actor=actor, act="ask_at_counter")
        sync_facts.record_asked_inside(request, event)
        moved = services.perform(
            locked.pk,
            action,
            actor=actors.applicant_named(locked.applicant_name),
            seen=seen,
            at=at,
            request=str(request.uid),
            reason=reason,
        )
        claims.settle(moved, actor, before=before)


def _changes(case: Application, action: str) -> dict[str, Any]:
    if action == "withdraw":
        return {}
    found = corrections.changes(case) if action == "supplement" else supplying.changes(case)
    return found | {"presented": papers.rows(case, found["round"])}
