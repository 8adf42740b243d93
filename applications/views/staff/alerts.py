"""Alerts: what I am told of, why a limit was overrun, and what the supervisor asks for."""

import uuid

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications import actors
from applications.errors import MoveRefused
from applications.models import Alert
from applications.models.alert import Cause
from applications.supervision import answering, queries
from applications.supervision.rules import BY_CODE
from applications.views.staff.supervision import tabs
from identity.acting import signed_in

ROWS = 50
LISTS = {"mine": "给我的", "open": "本部门未解除", "reasons": "要说明原因", "all": "全部"}


class ExplainForm(forms.Form):
    """The reason of an overrun."""

    cause = forms.ChoiceField(
        label="原因",
        choices=[("", "请选择"), *Cause.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "请选择原因。", "invalid_choice": "请选择原因。"},
    )
    text = forms.CharField(
        label="情况和改进办法",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": "请写明情况和改进办法。", "max_length": "请不要超过 2000 字。"},
    )


class InstructForm(forms.Form):
    """What the department is to do."""

    text = forms.CharField(
        label="督办内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": "请写明督办的内容。", "max_length": "请不要超过 2000 字。"},
    )


def listing(request: HttpRequest) -> HttpResponse:
    """The alerts of my cases and departments, newest first."""
    actor = actors.staff(signed_in(request))
    which = request.GET.get("list", "mine")
    if which not in LISTS:
        raise Http404
    rows = queries.told(actor) if which == "mine" else queries.alerts_visible_to(actor)
    rows = rows.select_related("application__matter", "department")
    page = Paginator(_chosen(rows, which), ROWS).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs(actor, "applications:alerts"),
        "lists": [{"title": title, "url": f"?list={key}", "current": key == which} for key, title in LISTS.items()],
        "page": page,
        "rows": [{"alert": row, "title": BY_CODE[row.rule].title} for row in page.object_list],
        "which": which,
    }
    return render(request, "applications/staff/alerts.html", context)


def _chosen(rows: QuerySet[Alert], which: str) -> QuerySet[Alert]:
    if which == "open":
        return rows.filter(ended_on=None)
    return rows.filter(rule__in=queries.MUST_EXPLAIN, explained_at=None) if which == "reasons" else rows


def alert(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One alert with its rule, the reason given and what was asked for."""
    actor = actors.staff(signed_in(request))
    rows = queries.alerts_visible_to(actor).select_related(
        "application__matter", "application__department", "department"
    )
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404
    rule = BY_CODE[found.rule]
    act = request.POST.get("act", "")
    explain = ExplainForm(request.POST if act == "explain" else None)
    instruct = InstructForm(request.POST if act == "instruct" else None)
    form = {"explain": explain, "instruct": instruct}.get(act)
    if form is not None and form.is_valid():
        try:
            _do(act, found, actor, form.cleaned_data)
        except MoveRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "已经记录。")
            return redirect("applications:alert", uid=uid)
    context = {
        "alert": found,
        "rule": rule,
        "case": found.application,
        "explain": explain if rule.must_explain and answering.may_explain(found, actor) else None,
        "instruct": instruct if answering.may_instruct(found, actor) else None,
        "form": form,
        "crumbs": [{"text": "提醒和督办", "url": reverse("applications:alerts")}, {"text": found.number}],
    }
    return render(request, "applications/staff/alert.html", context, status=422 if form and form.errors else 200)


def _do(act: str, found: Alert, actor: actors.Actor, data: dict[str, str]) -> None:
    if act == "explain":
        answering.explain(found.pk, actor=actor, cause=data["cause"], text=data["text"])
    else:
        answering.instruct(found.pk, actor=actor, text=data["text"])
