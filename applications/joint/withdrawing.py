"""Taking the whole back: every department that has not decided is asked at one moment."""

from django.db import transaction
from django.utils import timezone

from applications import requests
from applications.actors import Actor
from applications.errors import NotPossible
from applications.joint.papers import children_of
from applications.models import Application, JointCase
from applications.models.request import RequestState
from applications.states import WITHDRAWABLE, State

NOTHING_LEFT = "现在没有可以撤回的事项：已经作出决定、已经办结，或者撤回请求已经送出。"


def withdrawable(joint: JointCase) -> list[Application]:
    """The members that can be asked back: submitted, undecided, not asked yet."""
    return [child for child in children_of(joint) if _may_ask(child)]


def _may_ask(child: Application) -> bool:
    sent = any(one.action == "withdraw" and one.standing == RequestState.SENT for one in child.requests.all())
    return child.state in WITHDRAWABLE and child.state != State.DRAFT and not sent


def withdraw_all(joint: JointCase, *, actor: Actor, reason: str = "") -> int:
    """Ask all of them at one moment; how many. NotPossible when there is none, or one changed meanwhile: then none is asked."""
    children, at = withdrawable(joint), timezone.now()
    if joint.is_draft or not children:
        raise NotPossible(NOTHING_LEFT)
    with transaction.atomic():
        for child in children:
            requests.ask(child, "withdraw", actor=actor, reason=reason, at=at)
    return len(children)
