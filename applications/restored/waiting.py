"""Inner: what arrived again while the office's own acts were on their way back, and has no answer among them, gets one now."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from applications import requests, sync_facts, sync_handlers
from applications.errors import BROKEN
from applications.models import Application, Request
from applications.models.request import RequestState
from applications.states import State
from sync import returning
from sync.registry import after_return

# The database's fault, not the case's: whoever called begins again.
_TRANSIENT = (OperationalError, InterfaceError)

# The case, which move it waits for, and what makes it.
_Open = tuple[Application, str, Callable[[], None]]
logger = logging.getLogger(__name__)


@after_return
def go_on() -> list[tuple[str, str, str]]:
    """Receive the submissions and answer the requests that nobody has; also from ``tick``. Cases of which something that
    was given back could not be done again wait for a person.

    (number, move, why) of those that failed: each is undone by itself, and what else is asked of its case waits.
    """
    if settings.IS_OUTER or returning.is_awaited():
        return []
    stuck, failed = returning.stuck(), []
    for case, action, do in chain(_submitted(), _asked()):
        if sync_facts.key_of(case) in stuck:
            continue
        problem = _problem(case, action, do)
        if problem is not None:
            stuck.add(sync_facts.key_of(case))
            failed.append((case.number or "", action, str(problem)))
    return failed


# Both read no more than names: what one case holds may be unreadable, and would take the whole list with it.
def _submitted() -> Iterator[_Open]:
    open_cases = Application.objects.filter(state=State.SUBMITTED, waits_its_turn=False).only("uid", "number")
    for case in open_cases.order_by("submitted_at", "pk"):
        yield case, "receive", partial(_receive, case.pk)


def _asked() -> Iterator[_Open]:
    open_requests = Request.objects.filter(standing=RequestState.SENT).exclude(action=requests.CANCEL_LICENCE)
    names = open_requests.select_related("application").only("action", "application__uid", "application__number")
    for request in names.order_by("at", "pk"):
        yield request.application, request.action, partial(_answer, request.pk)


def _problem(case: Application, action: str, do: Callable[[], None]) -> Exception | None:
    """What was wrong with it, None when it was done."""
    try:
        with transaction.atomic():
            do()
    except _TRANSIENT:
        raise
    except BROKEN as problem:
        logger.exception("after a restoration: %s %s", action, case.number)
        return problem
    return None


def _receive(pk: int) -> None:
    case = Application.objects.filter(pk=pk, state=State.SUBMITTED).only("submitted_at").first()
    if case is not None:  # else another run was quicker
        sync_handlers.receive(pk, case.submitted_at)


def _answer(pk: int) -> None:
    request = Request.objects.filter(pk=pk, standing=RequestState.SENT).select_related("application").first()
    if request is not None:
        requests.answer(request)
