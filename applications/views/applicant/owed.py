"""Hand in the materials that may come later (容缺): only what is owed is open, and it is sent in one request."""

import uuid
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors, clocks, supplying
from applications.models import Application
from applications.views.applicant.access import get_case
from applications.views.applicant.draft import crumbs
from applications.views.applicant.materials import material_rows
from applications.views.handing_in import hand_in
from identity.acting import signed_in
from matters import calendar


def owed(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What is owed and by when; POST sends the files that were uploaded."""
    case = get_case(request, uid)
    if not supplying.is_open(case):
        messages.info(request, "现在没有需要补交的材料，或者补交的材料已经送出。")
        return redirect("applications:case", uid=uid)
    if request.method == "POST":
        return _send(request, case)
    return _page(request, case)


def _send(request: HttpRequest, case: Application) -> HttpResponse:
    actor = actors.applicant(signed_in(request))
    return hand_in(
        request,
        act=lambda reason: supplying.send(case, actor=actor, reason=reason),
        page=partial(_page, request, case),
        done="补交的材料已送出，待内网核对。核对之后，结果会显示在本页。",
        back=reverse("applications:case", args=[case.uid]),
    )


def _page(
    request: HttpRequest, case: Application, problems: dict[str, str] | None = None, reason: str = ""
) -> HttpResponse:
    rows = {row["material"]["key"]: row for row in material_rows(case, {})}
    due = case.owed_due
    context = {
        "case": case,
        "items": [{"item": item, "row": rows.get(item.key)} for item in supplying.owed_now(case)],
        "errors": [{"message": "；".join(problems.values()), "href": "#main"}] if problems else [],
        "reason": reason,
        "days_left": clocks.days_left(timezone.localdate(), due, calendar.current()) if due else None,
        "crumbs": crumbs(case, "补交材料"),
    }
    return render(request, "applications/applicant/owed.html", context, status=422 if problems else 200)
