"""好差评 inside: the marks of my departments, the bad ones with their limits, and what is done about each."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors, clocks
from applications.actors import Actor
from applications.errors import MoveRefused
from applications.models import Rating, Remedy
from applications.models.rating import Grade
from applications.ratings import queries, remedies
from applications.ratings.giving import ASPECTS
from applications.views.tabs import tab_rows
from identity.acting import signed_in
from matters import calendar

ROWS = 30
TAB_WORDS = {"open": "待办理", "late": "超过期限", "bad": "全部差评", "all": "全部评价"}
WRITES_TO_RATER = ("answer", "explain")


class StepForm(forms.Form):
    """What was done, in words."""

    text = forms.CharField(
        label="情况记录",
        help_text="“整改完成”和“说明理由”的文字会给评价人看，其余只留在内部。评价人留了电话的，先回访，再答复。",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        error_messages={"required": "请写明情况。", "max_length": "请不要超过 2000 字。"},
    )


def listing(request: HttpRequest) -> HttpResponse:
    """One of the tabs; what is due soonest first."""
    actor = actors.staff(signed_in(request))
    today = timezone.localdate()
    tab = request.GET.get("tab", "open")
    if tab not in queries.TABS:
        raise Http404
    numbers = queries.counts(actor, today)
    page = Paginator(queries.listed(actor, tab, today), ROWS).get_page(request.GET.get("page"))
    days = calendar.current()
    context = {
        "tabs": tab_rows(TAB_WORDS, numbers, tab),
        "tab": tab,
        "page": page,
        "rows": [
            {"rating": row, "remedy": _remedy(row), "left": _left(_remedy(row), today, days)}
            for row in page.object_list
        ],
        "distribution": queries.distribution(queries.visible_to(actor)),
    }
    return render(request, "applications/staff/ratings.html", context)


def rating(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One mark: what was said, what was done, and the acts this person has."""
    actor = actors.staff(signed_in(request))
    found = _get(actor, uid)
    remedy = _remedy(found)
    form = StepForm(request.POST if request.method == "POST" else None)
    if remedy and form.is_valid():
        try:
            remedies.act(remedy.pk, request.POST.get("act", ""), actor=actor, text=form.cleaned_data["text"])
        except MoveRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "已经记录。")
            return redirect("applications:rating", uid=uid)
    acts = remedies.possible(remedy, actor) if remedy else []
    today = timezone.localdate()
    context = {
        "rating": found,
        "case": found.application,
        "remedy": remedy,
        "left": _left(remedy, today, calendar.current()),
        "aspects": [(ASPECTS[key], Grade(value).label) for key, value in found.aspects.items() if key in ASPECTS],
        "steps": [
            {
                "title": remedies.ACTS[step.action][0],
                "when": step.at,
                "who": step.by_name,
                "text": step.text,
                "kind": "done",
            }
            for step in (remedy.steps.order_by("-id") if remedy else [])
        ],
        "acts": [{"value": act, "label": remedies.ACTS[act][0]} for act in acts],
        "form": form,
        "crumbs": [{"text": "好差评", "url": reverse("applications:ratings")}, {"text": found.application.number}],
    }
    return render(request, "applications/staff/rating.html", context, status=422 if form.errors else 200)


def _get(actor: Actor, uid: uuid.UUID) -> Rating:
    rows = queries.visible_to(actor).select_related("remedy", "application__matter", "application__department")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def _remedy(found: Rating) -> Remedy | None:
    return getattr(found, "remedy", None)


def _left(remedy: Remedy | None, today: Any, days: Any) -> int | None:
    return clocks.days_left(today, remedy.due, days) if remedy and remedy.is_open else None
