"""What an applicant asks of a running case: sent from the outer side, performed or refused on the inner."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import actors, machine, services, sync_facts
from applications.actors import Actor
from applications.effects import day_of
from applications.errors import MoveRefused, NotPossible
from applications.models import Application, Request
from applications.models.request import RequestState

ACTIONS = ("supplement", "supply_owed", "withdraw")


def ask(
    case: Application,
    action: str,
    *,
    actor: Actor,
    reason: str = "",
    changes: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Request:
    """Send a request to the office; it shows as 已送出 until the office answers.

    Raises NotPossible when the machine already says no here, or when the same request is still under way.
    """
    at = at or timezone.now()
    if action not in ACTIONS:
        raise NotPossible(f"不能通过网上请求办理“{action}”。")
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        locked.acting_on = day_of(at)
        sentence = machine.refusal(locked, action)
        if sentence is not None:
            raise NotPossible(sentence)
        if locked.requests.filter(action=action, standing=RequestState.SENT).exists():
            raise NotPossible(f"“{machine.label(action)}”已经送出，正在等待内网处理，不用重复提交。")
        request = Request.objects.create(application=locked, action=action, at=at, reason=reason, changes=changes or {})
        sync_facts.record_request(request)
    return request


def answer(request: Request) -> None:
    """Inner: perform what was asked at its outer moment, or refuse it and say why. Both facts are kept."""
    who = actors.applicant_named(request.application.applicant_name)
    try:
        services.perform(
            request.application_id,
            request.action,
            actor=who,
            seen=None,
            at=request.at,
            request=str(request.uid),
            reason=request.reason,
        )
    except MoveRefused as refused:
        request.standing, request.answer, request.answered_at = RequestState.REFUSED, refused.message, timezone.now()
        request.save(update_fields=["standing", "answer", "answered_at"])
        sync_facts.record_answer(request)
