"""Bars on applying again: made from a case, listed, lifted."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors, bars, queries
from applications.errors import DataMissing, MoveRefused
from applications.forms.licence import BarForm, LiftForm
from applications.models import Bar
from applications.models.bar import BarGround
from applications.views.staff.access import get_case
from applications.views.staff.case import case_address, crumbs
from applications.views.staff.listing import Listing
from identity.acting import signed_in

ROWS = 50
ACT = "警告及不得再次申请"


def listing(request: HttpRequest) -> HttpResponse:
    """The warnings and bars of my departments, newest first."""
    actor = actors.staff(signed_in(request))
    rows = Bar.objects.filter(application__department__in=actor.departments_as(*queries.CASEWORK))
    page = Paginator(rows.select_related("application", "matter"), ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "today": timezone.localdate(), "crumbs": [{"text": "不得再次申请"}]}
    return render(request, "applications/staff/bars.html", context)


def impose(request: HttpRequest, number: str) -> HttpResponse:
    """GET the form, POST asks once more, POST with ``confirmed`` makes it."""
    case, actor = get_case(request, number)
    back = case_address(case, Listing(request, actor))
    possible = bars.possible(case)
    form = BarForm(possible, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "case": case,
        "label": ACT,
        "case_url": back,
        "place": "",
        "crumbs": crumbs(Listing(request, actor), case, ACT),
    }
    try:
        if not possible:
            said = dict.fromkeys(bars.refusal(case, ground) for ground in BarGround.values)
            return _refused(request, {**context, "detail": " ".join(said)}, 409)
        if form.is_valid() and "confirmed" in request.POST:
            bars.impose(case.pk, actor=actor, **form.cleaned_data)
            messages.success(request, "已经作出，告知书正在制作，消息随下一个批次文件送到外网。")
            return redirect(back)
    except DataMissing as refused:
        form.add_error(None, refused.message)
    except MoveRefused as refused:
        return _refused(request, {**context, "detail": refused.message}, 403 if refused.code == "not_allowed" else 409)
    return _form(request, {**context, "safety": case.guide_version.header.public_safety}, form)


def _refused(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "applications/staff/refused.html", context, status=status)


def _form(request: HttpRequest, context: dict[str, Any], form: forms.Form) -> HttpResponse:
    asks_again = form.is_valid() and "edit" not in request.POST
    ground = BarGround(form.cleaned_data["ground"]).label if asks_again else ""
    status = 422 if form.is_bound and not form.is_valid() else 200
    context |= {"form": form, "asks_again": asks_again, "ground_words": ground}
    return render(request, "applications/staff/bar.html", context, status=status)


def lift(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """GET the form, POST ends the bar."""
    actor = actors.staff(signed_in(request))
    rows = Bar.objects.filter(application__department__in=actor.departments_as(*queries.CASEWORK))
    bar = rows.select_related("application", "matter").filter(uid=uid).first()
    if bar is None:
        raise Http404
    form = LiftForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "bar": bar,
        "case": bar.application,
        "label": "解除不得再次申请",
        "form": form,
        "case_url": reverse("applications:staff-bars"),
        "place": "",
        "crumbs": [{"text": "不得再次申请", "url": reverse("applications:staff-bars")}, {"text": "解除"}],
    }
    if form.is_valid():
        try:
            bars.lift(bar.pk, actor=actor, reason=form.cleaned_data["reason"])
        except MoveRefused as refused:
            status = 403 if refused.code == "not_allowed" else 409
            return _refused(request, {**context, "detail": refused.message}, status)
        messages.success(request, "已经解除，消息随下一个批次文件送到外网。")
        return redirect("applications:staff-bars")
    return render(request, "applications/staff/bar_lift.html", context, status=422 if form.errors else 200)
