"""What an applicant asks of a running case: sent from the outer side, performed or refused on the inner."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import actors, evidence, machine, services, sync_facts
from applications.actors import Actor
from applications.effects import day_of
from applications.errors import MoveRefused, NotPossible
from applications.models import Application, Event, Request
from applications.models.request import RequestState
from sync import canonical

ACTIONS = ("supplement", "supply_owed", "withdraw", "ask_hearing")
# What a person inside answers: no move of the case (licence_requests.py).
CANCEL_LICENCE = "cancel_licence"


def label(action: str) -> str:
    """What was asked, in Chinese."""
    return "申请注销证照" if action == CANCEL_LICENCE else machine.label(action)


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
        event = record_ask(request, actor=actor)
        sync_facts.record_request(request, event)
    return request


def record_ask(request: Request, *, actor: Actor, act: str = "ask") -> Event:
    """Put what was asked on the record of its case. Inside a transaction that has locked the case."""
    data = what_was_asked(request)
    return evidence.record_act(request.application, act, actor=actor, at=request.at, note=request.reason, data=data)


def what_was_asked(request: Request) -> dict[str, Any]:
    """For the record: the digest covers the answers and the SHA-256 of every file that was sent."""
    return {
        "request": str(request.uid),
        "move": request.action,
        "changes_sha256": canonical.sha256(request.changes),
    }


def answer(request: Request) -> None:
    """Inner: perform what was asked at its outer moment, or refuse it and say why. Both facts are kept."""
    if request.action == CANCEL_LICENCE:
        return  # an approver decides
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
        _refuse(request, refused.message)


def _refuse(request: Request, why: str) -> None:
    """Unless another run has answered meanwhile: that may be why the machine refused."""
    with transaction.atomic():
        Application.objects.select_for_update().only("pk").get(pk=request.application_id)
        request.refresh_from_db(fields=["standing"])
        if request.standing != RequestState.SENT:
            return
        note_answer(request, standing=RequestState.REFUSED, answer=why, at=timezone.now())
        sync_facts.record_answer(request)


def note_answer(
    request: Request, *, standing: RequestState, answer: str, at: datetime, actor: Actor | None = None
) -> None:
    """Note what the office answered without a move, on the request and in the record of its case. Inside a transaction."""
    case = Application.objects.select_for_update().get(pk=request.application_id)
    request.standing, request.answer, request.answered_at = standing, answer, at
    request.save(update_fields=["standing", "answer", "answered_at"])
    data = {"request": str(request.uid), "move": request.action, "standing": str(standing)}
    evidence.record_act(case, "answer_request", actor=actor or actors.system(), at=at, note=answer, data=data)
