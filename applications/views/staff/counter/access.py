"""The first line of every view of the window: fetch the case and ask whether this clerk may handle it."""

import uuid

from django.http import Http404, HttpRequest
from django.urls import reverse

from applications import actors, queries
from applications.actors import Actor
from applications.counter import asking
from applications.errors import MoveRefused, NotAllowed
from applications.models import Application
from identity.acting import signed_in

NOT_HERE = "没有找到这份申请，或者它不由您的窗口办理。"


def clerk_of(request: HttpRequest) -> Actor:
    """The officer; the access table lets only window clerks come here, for which departments is asked with each case."""
    return actors.staff(signed_in(request))


def get_draft(request: HttpRequest, uid: uuid.UUID) -> Application:
    """A draft begun at a window of this clerk's departments; 404 alike for a foreign, a filed and an unknown one."""
    rows = queries.counter_drafts(clerk_of(request)).select_related("matter__current", "guide_version", "counter")
    case = rows.filter(uid=uid).first()
    if case is None:
        raise Http404(NOT_HERE)
    return case


def get_running(request: HttpRequest, uid: uuid.UUID) -> tuple[Application, Actor]:
    """A filed case of this clerk's departments, however it was filed; 404 alike for a foreign and an unknown one."""
    actor = clerk_of(request)
    rows = queries.visible_to(actor).select_related("matter", "guide_version", "department")
    case = rows.prefetch_related("corrections").filter(uid=uid).first()
    if case is None or not asking.may_ask(case, actor):
        raise Http404(NOT_HERE)
    return case, actor


def get_either(request: HttpRequest, uid: uuid.UUID) -> tuple[Application, Actor]:
    """Where materials are taken in: a draft, or a filed case that waits for some."""
    actor = clerk_of(request)
    case = queries.counter_drafts(actor).filter(uid=uid).first()
    return (case, actor) if case else get_running(request, uid)


def crumbs(case: Application | None = None, *more: str) -> list[dict[str, str]]:
    """窗口收件 › the application › the page."""
    path = [{"text": "窗口收件", "url": reverse("applications:counter")}]
    if case is not None:
        route, key = ("counter-draft", case.uid) if case.is_draft else ("staff-case", case.number)
        path.append({"text": case.title, "url": reverse(f"applications:{route}", args=[key])})
    if not more:
        path[-1].pop("url")
    return [*path, *({"text": one} for one in more)]


def status_of(refused: MoveRefused) -> int:
    """403 for the wrong person, 409 for the wrong moment."""
    return 403 if isinstance(refused, NotAllowed) else 409
