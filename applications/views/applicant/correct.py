"""Answer the correction notice: only what it names is open, and everything is sent at once."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import actors, clocks, corrections, notices_again
from applications.errors import NotPossible
from applications.models import Application
from applications.views import keeping
from applications.views.applicant.access import get_case
from applications.views.applicant.draft import crumbs
from applications.views.applicant.materials import material_rows
from applications.views.correcting import keeping_of
from applications.views.handing_in import hand_in
from applications.views.keeping import AnyForm, Keeping
from identity.acting import signed_in
from matters import calendar
from matters.formdef import Section
from matters.forms import build_form


def correction(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The list of what is to be corrected; POST sends the supplement."""
    case = get_case(request, uid)
    if not corrections.is_open(case):
        return _closed(request, case)
    if request.method == "POST":
        return _send(request, case)
    return _page(request, case)


def _send(request: HttpRequest, case: Application) -> HttpResponse:
    actor = actors.applicant(signed_in(request))
    return hand_in(
        request,
        act=lambda reason: corrections.send(case, actor=actor, reason=reason),
        page=partial(_page, request, case),
        done="补正已送出，待内网处理。窗口核对后，结果会显示在本页。",
        back=reverse("applications:case", args=[case.uid]),
    )


def _page(
    request: HttpRequest, case: Application, problems: dict[str, str] | None = None, reason: str = ""
) -> HttpResponse:
    rows = {row["material"]["key"]: row for row in material_rows(case, {})}
    context = {
        "case": case,
        "items": [_item(case, item, rows) for item in notices_again.items_of(case)],
        "errors": [
            {"message": text, "href": f"#item-{name.replace(':', '-')}"} for name, text in (problems or {}).items()
        ],
        "reason": reason,
        "days_left": clocks.days_left(timezone.localdate(), case.correction_due, calendar.current())
        if case.correction_due
        else None,
        "crumbs": crumbs(case, "补正材料"),
    }
    return render(request, "applications/applicant/correction.html", context)


def _item(case: Application, item: Any, rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "item": item,
        "id": f"item-{item.target.replace(':', '-')}",
        "row": rows.get(item.key) if item.kind == "material" else None,
        "url": reverse("applications:correction-section", args=[case.uid, item.key]) if item.kind == "section" else "",
        "is_ready": not corrections.problem_of(case, item),
    }


def correction_section(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """One part of the form that the notice names."""
    case = get_case(request, uid)
    if not corrections.is_open(case):
        return _closed(request, case)
    part = _part(case, key)
    if request.method == "POST":
        return keeping.save(request, _keeping(request, case, part))
    form = build_form(part, answers=corrections.corrected_answers(case))
    return _section_page(request, case, part, form)


@require_POST
def correction_autosave(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Keep what is typed so far."""
    case = get_case(request, uid)
    return keeping.autosave(request, _keeping(request, case, _part(case, key)))


def _keeping(request: HttpRequest, case: Application, part: Section) -> Keeping:
    return keeping_of(
        case,
        part,
        overview=reverse("applications:correction", args=[case.uid]),
        page=partial(_section_page, request, case, part),
        refuse=partial(_refuse, request, case),
    )


def _refuse(request: HttpRequest, case: Application, refused: NotPossible) -> HttpResponse:
    messages.error(request, refused.message)
    return redirect("applications:case", uid=case.uid)


def _section_page(request: HttpRequest, case: Application, part: Section, form: AnyForm) -> HttpResponse:
    context = {
        "case": case,
        "section": part,
        "item": corrections.part(case, part.key),
        "form": form,
        "errors": keeping.form_errors(form),
        "is_saved": True,
        "back": reverse("applications:correction", args=[case.uid]),
        "autosave_url": reverse("applications:correction-autosave", args=[case.uid, part.key]),
        "crumbs": crumbs(case, "补正"),
    }
    return render(request, "applications/applicant/section.html", context)


def _part(case: Application, key: str) -> Section:
    if corrections.part(case, key) is None:
        raise Http404
    return keeping.find(case.guide_version.form, key)


def _closed(request: HttpRequest, case: Application) -> HttpResponse:
    messages.info(request, "现在没有需要补正的内容，或者补正已经送出。")
    return redirect("applications:case", uid=case.uid)
