"""The work list: what needs me today, and by when."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from applications import actors, clocks, queries
from applications.forms.worklist import FilterForm
from applications.models import Application
from applications.states import ENDED
from matters import calendar
from matters.workdays import Calendar

TABS = {"mine": "待我办理", "department": "本部门在办", "soon": "临近期限", "overdue": "已超期限", "all": "全部"}
PAGE = 50
SOON_WORKDAYS = 2


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to show."""

    case: Application
    light: str
    word: str
    days_left: int | None


def work_list(request: HttpRequest) -> HttpResponse:
    """Tabs with counts, a filter that stays in the address, fifty rows a page."""
    actor = actors.staff(request.user)  # type: ignore[arg-type]
    tab = request.GET.get("tab", "mine")
    tab = tab if tab in TABS else "mine"
    days, today = calendar.current(), timezone.localdate()
    soon = days.add_workdays(today, SOON_WORKDAYS)
    lists = {name: queries.work_list(actor, name, today=today, soon=soon) for name in TABS}
    form = FilterForm(request.GET or None)
    rows = _filtered(lists[tab], form)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "tabs": _tabs(lists, tab, form),
        "tab": tab,
        "form": form,
        "page": page,
        "rows": [_row(case, today, days) for case in page],
        "filtered": bool(form.is_bound and any(form.cleaned_data.values())) if form.is_valid() else False,
        "crumbs": [{"text": "办件工作台"}],
    }
    return render(request, "applications/staff/worklist.html", context)


def _filtered(rows: QuerySet[Application], form: FilterForm) -> QuerySet[Application]:
    if not form.is_bound or not form.is_valid():
        return rows
    wanted = form.cleaned_data
    if wanted["q"]:
        rows = rows.filter(
            Q(number__startswith=wanted["q"])
            | Q(applicant_name__contains=wanted["q"])
            | Q(matter__name__contains=wanted["q"])
        )
    if wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    return rows


def _tabs(lists: dict[str, QuerySet[Application]], current: str, form: FilterForm) -> list[dict[str, Any]]:
    kept = {name: value for name, value in form.data.items() if name in ("q", "state") and value}
    return [
        {
            "title": title,
            "url": "?" + urlencode({"tab": name, **kept}),
            "count": lists[name].count() if name != "all" else None,
            "current": name == current,
        }
        for name, title in TABS.items()
    ]


def _row(case: Application, today: date, days: Calendar) -> Row:
    level, word = light_of(case, today, days)
    left = clocks.days_left(today, case.next_due, days) if case.next_due and case.state not in ENDED else None
    return Row(case, level, word, left)


def light_of(case: Application, today: date, days: Calendar) -> tuple[str, str]:
    """Colour and word of the case's light (law.md §3.6); grey where no limit runs."""
    if case.state in ENDED or case.next_due is None:
        return "grey", "不计时"
    if case.state == "SPECIAL":
        return "grey", "特别程序中"
    running_law = case.law_due if case.decided_at is None else case.delivery_due
    running_promise = case.promise_due if case.decided_at is None else None
    if case.accepted_on is None:
        running_law, running_promise = case.silence_due, case.intake_due
    level = clocks.light(today, running_law, running_promise, days)
    word = {"green": "正常", "amber": "即将到期", "yellow": "超承诺", "red": "超法定"}[level]
    return {"amber": "yellow"}.get(level, level), word
