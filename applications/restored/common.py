"""What both sides do again."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from applications.actors import Actor
from applications.models import Application, EvidenceSeal, Message, Request
from applications.models.request import RequestState
from applications.talking import messages
from applications.talking.sync_handlers import keep_message, locked_case
from sync import canonical
from sync.registry import Fact, Reject, restores


@restores("message.sent")
def message_again(fact: Fact) -> None:
    """A message that was written here. Inside the officer's name is lost: the department's crossed."""
    case = locked_case(fact.payload["application"])
    if Message.objects.filter(uid=fact.payload["uid"]).exists():
        return
    message = keep_message(case, fact.payload)
    who = Actor("staff" if message.from_office else "applicant", message.author)
    messages.record(message, "message", who, message.sent_at)


@restores("evidence.sealed")
def seal_again(fact: Fact) -> None:
    """A seal that was made here; the heads that it closes over never crossed, ``verify_evidence`` says so."""
    said = fact.payload
    known = EvidenceSeal.objects.filter(number=said["number"]).first()
    if known is not None and known.digest != said["digest"]:
        raise Reject(f"本端恢复备份以后已经另作第 {said['number']} 次封存，恢复前的那一次以对端保存的为准。")
    if known is None:
        names = ("number", "previous", "cases", "root", "digest")
        at = canonical.parse_moment(said["at"])
        EvidenceSeal.objects.create(at=at, returned_at=timezone.now(), **{name: said[name] for name in names})


def case_of(uid: str) -> Application | None:
    """The case, locked, if the backup has it."""
    return Application.objects.select_for_update(of=("self",)).filter(uid=uid).first()


def is_known(request: str) -> bool:
    """Whether the backup has this request."""
    return Request.objects.filter(uid=request).exists()


def settle_if_done(request: Request) -> None:
    """A move that refers to the request may have come again before it; one that had to have it waits by itself."""
    moves = request.application.events.filter(is_move=True, action=request.action)
    done = next((move for move in moves if move.data.get("request") == str(request.uid)), None)
    if done is not None:
        request.standing, request.answered_at = RequestState.DONE, done.at
        request.save(update_fields=["standing", "answered_at"])


def moment(text: Any) -> datetime:
    """A moment as it travels."""
    return datetime.fromisoformat(str(text))
