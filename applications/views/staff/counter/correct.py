"""What the applicant brings or asks in person of a running case: the correction, what is owed, the withdrawal."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import clocks, corrections, notices_again, supplying
from applications.actors import Actor
from applications.counter import asking
from applications.errors import MoveRefused
from applications.forms.counter import WithdrawForm
from applications.models import Application
from applications.states import WITHDRAWABLE
from applications.views import keeping
from applications.views.correcting import keeping_of
from applications.views.handing_in import hand_in
from applications.views.keeping import AnyForm, Keeping
from applications.views.staff.counter.access import crumbs, get_running
from applications.views.staff.counter.materials import material_rows
from matters import calendar
from matters.formdef import Section
from matters.forms import build_form


def links(case: Application, actor: Actor) -> list[dict[str, str]]:
    """What this clerk can take in of the case now, as buttons of its page."""
    if not asking.may_ask(case, actor):
        return []
    possible = [
        ("counter-correct", "来人交补正材料", corrections.is_open(case)),
        ("counter-owed", "来人补交容缺材料", supplying.is_open(case)),
        ("counter-withdraw", "来人撤回申请", case.state in WITHDRAWABLE),
    ]
    return [
        {"label": label, "url": reverse(f"applications:{route}", args=[case.uid])}
        for route, label, is_open in possible
        if is_open
    ]


def correct(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The list of what is to be corrected; POST hands it in."""
    case, actor = get_running(request, uid)
    if not corrections.is_open(case):
        return _closed(request, case)
    if request.method != "POST":
        return _correct_page(request, case)
    return _hand_in(request, case, partial(asking.supplement, case, actor=actor), _correct_page, "补正已收下，请核对。")


def _hand_in(
    request: HttpRequest, case: Application, ask: Callable[..., None], page: Callable[..., HttpResponse], done: str
) -> HttpResponse:
    seen = request.POST.get("seen", "")
    return hand_in(
        request,
        act=lambda reason: ask(seen=seen, reason=reason),
        page=partial(page, request, case),
        done=done,
        back=reverse("applications:staff-case", args=[case.number]),
    )


def _correct_page(
    request: HttpRequest, case: Application, problems: dict[str, str] | None = None, reason: str = ""
) -> HttpResponse:
    rows = {row["material"]["key"]: row for row in material_rows(case, {})}
    items = [
        {
            "label": item.label,
            "problem": item.problem,
            "remedy": item.remedy,
            "id": f"item-{item.target.replace(':', '-')}",
            "row": rows.get(item.key) if item.kind == "material" else None,
            "url": reverse("applications:counter-correct-section", args=[case.uid, item.key])
            if item.kind == "section"
            else "",
            "is_ready": not corrections.problem_of(case, item),
        }
        for item in notices_again.items_of(case)
    ]
    return _list_page(request, case, "来人交补正材料", items, case.correction_due, problems, reason)


def _list_page(
    request: HttpRequest,
    case: Application,
    title: str,
    items: list[dict[str, Any]],
    due: Any,
    problems: dict[str, str] | None,
    reason: str,
) -> HttpResponse:
    context = {
        "case": case,
        "title": title,
        "items": items,
        "due": due,
        "days_left": clocks.days_left(timezone.localdate(), due, calendar.current()) if due else None,
        "reason": reason,
        "errors": [
            {"message": text, "href": f"#item-{name.replace(':', '-')}"} for name, text in (problems or {}).items()
        ],
        "crumbs": crumbs(case, title),
    }
    return render(request, "applications/staff/counter/correct.html", context, status=422 if problems else 200)


def owed(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What is owed and by when; POST hands in what was brought."""
    case, actor = get_running(request, uid)
    if not supplying.is_open(case):
        return _closed(request, case)
    if request.method != "POST":
        return _owed_page(request, case)
    return _hand_in(
        request, case, partial(asking.supply_owed, case, actor=actor), _owed_page, "补交的材料已收下，请核对。"
    )


def _owed_page(
    request: HttpRequest, case: Application, problems: dict[str, str] | None = None, reason: str = ""
) -> HttpResponse:
    rows = {row["material"]["key"]: row for row in material_rows(case, {})}
    items = [
        {
            "label": item.label,
            "problem": item.problem,
            "remedy": "",
            "id": f"item-{item.key}",
            "row": rows.get(item.key),
            "url": "",
            "is_ready": bool(rows.get(item.key)) and not rows[item.key]["problem"],
        }
        for item in supplying.owed_now(case)
    ]
    return _list_page(request, case, "来人补交容缺材料", items, case.owed_due, problems, reason)


def correct_section(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """One part of the form that the notice names."""
    case, _ = get_running(request, uid)
    if not corrections.is_open(case):
        return _closed(request, case)
    item = corrections.part(case, key)
    if item is None:
        raise Http404
    part = keeping.find(case.guide_version.form, key)
    if request.method == "POST":
        return keeping.save(request, _keeping(request, case, part))
    return _section_page(request, case, part, build_form(part, answers=corrections.corrected_answers(case)))


def _keeping(request: HttpRequest, case: Application, part: Section) -> Keeping:
    return keeping_of(
        case,
        part,
        overview=reverse("applications:counter-correct", args=[case.uid]),
        page=partial(_section_page, request, case, part),
        refuse=partial(_refuse, request, case),
    )


def _refuse(request: HttpRequest, case: Application, refused: MoveRefused) -> HttpResponse:
    messages.error(request, refused.message)
    return redirect("applications:staff-case", number=case.number)


def _section_page(request: HttpRequest, case: Application, part: Section, form: AnyForm) -> HttpResponse:
    context = {
        "case": case,
        "section": part,
        "item": corrections.part(case, part.key),
        "form": form,
        "errors": keeping.form_errors(form),
        "back": reverse("applications:counter-correct", args=[case.uid]),
        "crumbs": crumbs(case, "补正"),
    }
    return render(request, "applications/staff/counter/section.html", context)


def withdraw(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The applicant takes the application back in person."""
    case, actor = get_running(request, uid)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            asking.withdraw(case, actor=actor, seen=request.POST.get("seen", ""), reason=form.cleaned_data["reason"])
        except MoveRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "申请已按申请人的要求撤回。")
        return redirect("applications:staff-case", number=case.number)
    context = {"case": case, "form": form, "crumbs": crumbs(case, "来人撤回申请")}
    status = 422 if form.is_bound else 200
    return render(request, "applications/staff/counter/withdraw.html", context, status=status)


def _closed(request: HttpRequest, case: Application) -> HttpResponse:
    messages.info(request, "现在没有需要申请人提交的内容，或者已经交来。")
    return redirect("applications:staff-case", number=case.number)
