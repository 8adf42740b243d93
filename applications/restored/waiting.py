"""Inner: what arrived again while the office's own acts were on their way back, and has no answer among them, gets one now."""

import logging

from django.conf import settings

from applications import requests, sync_facts, sync_handlers
from applications.errors import MoveRefused
from applications.models import Application, Request
from applications.models.request import RequestState
from applications.states import State
from sync import returning
from sync.registry import after_return

logger = logging.getLogger(__name__)


@after_return
def go_on() -> None:
    """Receive the submissions and answer the requests that nobody has; also from ``tick``. Cases of which something that
    was given back could not be done again wait for a person."""
    if settings.IS_OUTER or returning.is_awaited():
        return
    stuck = returning.stuck()
    for case in Application.objects.filter(state=State.SUBMITTED, waits_its_turn=False).order_by("submitted_at", "pk"):
        if sync_facts.key_of(case) not in stuck:
            _receive(case)
    open_requests = Request.objects.filter(standing=RequestState.SENT).exclude(action=requests.CANCEL_LICENCE)
    for request in open_requests.select_related("application").order_by("at", "pk"):
        if sync_facts.key_of(request.application) not in stuck:
            requests.answer(request)


def _receive(case: Application) -> None:
    try:
        sync_handlers.receive(case.pk, case.submitted_at)
    except MoveRefused as refused:
        logger.warning("not received: %s: %s", case.number, refused.message)
