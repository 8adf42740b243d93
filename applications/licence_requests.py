"""A holder asks the organ to cancel a licence (行政许可法 70(6)): sent from the outer side, answered by an approver inside."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from applications import grounds, licences, requests, sync_facts
from applications.actors import Actor
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Licence, Request
from applications.models.licence import LicenceState
from applications.models.request import RequestState
from applications.requests import CANCEL_LICENCE


def refusal(licence: Licence) -> str:
    """The sentence that says why cancellation cannot be asked for now; empty when it can."""
    if licence.standing != LicenceState.VALID:
        return f"这份证照{licence.get_standing_display()}，不用申请注销。"
    if waiting(licence):
        return "注销申请已经送出，正在等待机关处理，不用重复提交。"
    return ""


def waiting(licence: Licence) -> Request | None:
    """What the holder asked and nobody has answered yet."""
    asked = Request.objects.filter(application=licence.application_id, action=CANCEL_LICENCE)
    return asked.filter(standing=RequestState.SENT).first()


def ask(licence: Licence, *, actor: Actor, reason: str, at: datetime | None = None) -> Request:
    """Outer: send the request. NotPossible when it cannot be asked for, DataMissing without a reason."""
    if not reason.strip():
        raise DataMissing({"reason": "请填写申请注销的理由。"})
    with transaction.atomic():
        case = Application.objects.select_for_update(of=("self",)).get(pk=licence.application_id)
        said = refusal(licence)
        if said:
            raise NotPossible(said)
        at = at or timezone.now()
        request = Request.objects.create(application=case, action=CANCEL_LICENCE, at=at, reason=reason.strip())
        event = requests.record_ask(request, actor=actor)
        sync_facts.record_request(request, event)
    return request


def agree(licence: Licence, request: Request, *, actor: Actor, at: datetime | None = None) -> None:
    """Inner: cancel the licence as its holder asked. Raises what ``licences.end`` raises."""
    reason = "持证人申请注销。"  # public; the holder's own words are not
    with transaction.atomic():
        licences.end(licence.pk, grounds.CANCEL, actor=actor, ground=grounds.OTHER, reason=reason, at=at)
        _answer(request, RequestState.DONE, "已经注销，决定书在“文书”里。", actor)


def decline(licence: Licence, request: Request, *, actor: Actor, answer: str) -> None:
    """Inner: leave the licence as it is and say why. Raises NotAllowed, NotPossible, DataMissing."""
    if not answer.strip():
        raise DataMissing({"answer": "请写明不予注销的理由。"})
    with transaction.atomic():
        _, locked = licences.locked(licence.pk)
        licences.check(locked, grounds.CANCEL, actor)
        _answer(request, RequestState.REFUSED, answer.strip(), actor)


def _answer(request: Request, standing: RequestState, answer: str, actor: Actor) -> None:
    """NotPossible when somebody else was faster."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    if request.standing != RequestState.SENT:
        raise NotPossible("这一申请刚刚已经有人答复。")
    requests.note_answer(request, standing=standing, answer=answer, at=timezone.now(), actor=actor)
    sync_facts.record_answer(request)
