"""The supervisor's page: every open case by colour, department and step, and where it hurts."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from applications import actors, clocks
from applications.actors import Actor
from applications.models import Application
from applications.supervision import queries
from applications.supervision.colours import COLOURS
from identity.acting import signed_in
from matters import calendar
from matters.workdays import Calendar

ROWS = 50


def supervisor(request: HttpRequest) -> Actor:
    """The leader or inspector who asks; everybody else is refused."""
    actor = actors.staff(signed_in(request))
    if not queries.may_supervise(actor):
        raise PermissionDenied("这一页给部门负责人和效能监察人员使用。")
    return actor


def overview(request: HttpRequest) -> HttpResponse:
    """Counts by department and colour, the steps where cases wait, overruns without a reason."""
    actor = supervisor(request)
    today, days = timezone.localdate(), calendar.current()
    rows = queries.supervised(actor)
    table = queries.matrix(rows, today, days)
    unexplained = queries.unexplained(actor).count()
    context = {
        "colours": COLOURS,
        "table": [line | {"cells": [_cell(line, colour) for colour in COLOURS]} for line in table],
        "totals": [
            {"colour": colour, "word": word, "number": sum(line[colour] for line in table)}
            for colour, word in COLOURS.items()
        ],
        "steps": queries.steps(rows, today),
        "unexplained": unexplained,
        "unexplained_words": f"看这 {unexplained} 条",
        "tabs": tabs(actor, "applications:supervision"),
    }
    return render(request, "applications/staff/supervision.html", context)


def _cell(line: dict[str, Any], colour: str) -> dict[str, Any]:
    address = f"{reverse('applications:supervision-cases')}?{urlencode({'department': line['code'], 'colour': colour})}"
    return {"colour": colour, "number": line[colour], "url": address if line[colour] else ""}


def cases(request: HttpRequest) -> HttpResponse:
    """The open cases of one colour, department or step."""
    actor = supervisor(request)
    today, days = timezone.localdate(), calendar.current()
    colour = request.GET.get("colour", "")
    narrow = {
        "colour": colour if colour in COLOURS else "",
        "department": request.GET.get("department", "")[:50],
        "step": request.GET.get("step", "")[:100],
    }
    found = queries.listed(queries.supervised(actor), today, days, **narrow)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            {"case": case, "word": COLOURS[case.colour], "left": _left_words(case, today, days)}
            for case in page.object_list
        ],
        "narrow": {key: value for key, value in narrow.items() if value},
        "colours": [{"key": key, "word": word, "current": key == colour} for key, word in COLOURS.items()],
        "department": narrow["department"],
        "step": narrow["step"],
        "crumbs": [{"text": "效能监察", "url": reverse("applications:supervision")}, {"text": "在办办件"}],
    }
    return render(request, "applications/staff/supervision_cases.html", context)


def _left_words(case: Application, today: date, days: Calendar) -> str:
    if case.next_due is None:
        return "—"
    left = clocks.days_left(today, case.next_due, days)
    if left == 0:
        return "今天到期"
    return f"剩 {left} 个工作日" if left > 0 else f"超 {-left} 个工作日"


def tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The pages of supervision that this person has."""
    pages = [("applications:alerts", "提醒和督办")]
    if queries.may_supervise(actor):
        pages += [("applications:supervision", "总览"), ("applications:report", "月报")]
    return [{"title": title, "url": reverse(route), "current": route == here} for route, title in pages]
