"""One part of the form a page: shown, saved as it is typed, judged when the person goes on."""

import uuid
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from applications import drafts
from applications.models import Application
from applications.views import keeping
from applications.views.applicant.access import applicant_of, get_case
from applications.views.applicant.draft import crumbs, refresh
from applications.views.keeping import AnyForm, Keeping
from matters.filling import contradictions, filled
from matters.formdef import Section
from matters.forms import build_form
from matters.prefill import known_facts


def section(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Ask the questions of one part."""
    case = get_case(request, uid)
    if not case.is_draft:
        return _too_late(request, case)
    if request.method == "GET":
        refresh(request, case)
    part = keeping.find(case.guide_version.form, key)
    if request.method == "POST":
        return keeping.save(request, _keeping(request, case, part))
    return _page(request, case, part, _stored_form(request, case, part))


@require_POST
def autosave(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Keep what is typed so far and say when."""
    case = get_case(request, uid)
    return keeping.autosave(request, _keeping(request, case, keeping.find(case.guide_version.form, key)))


def _keeping(request: HttpRequest, case: Application, part: Section) -> Keeping:
    return Keeping(
        part=part,
        answers=case.answers,
        keep=partial(drafts.save_section, case, part.key),
        page=partial(_page, request, case, part),
        finish=partial(_finish, request, case, part),
        overview=reverse("applications:task-list", args=[case.uid]),
        refuse=lambda refused: _too_late(request, case),
        was_complete=part.key in case.sections_done,
    )


def _finish(request: HttpRequest, case: Application, part: Section) -> str:
    """Back to the check page if the person came from there, otherwise the next part that is not done, else the list."""
    _warn_of_contradiction(request, case, part)
    key = keeping.next_open(case.guide_version.form, part, case.sections_done)
    if key and request.GET.get("back") != "check":
        return reverse("applications:section", args=[case.uid, key])
    return _back(case, request)


def _warn_of_contradiction(request: HttpRequest, case: Application, part: Section) -> None:
    """Say at once that the form now says something else than 我的情况; nothing is changed back."""
    for one in contradictions(case.guide_version.parsed, case.situation, case.answers):
        if one.section == part.key:
            messages.warning(
                request,
                f"“{one.label}”现在是“{one.given}”，和“我的情况”里回答的“{one.wanted}”不一致。"
                "请改回来，或者在目录里重新回答“我的情况”，要交的材料会跟着变。",
            )


def _stored_form(request: HttpRequest, case: Application, part: Section) -> AnyForm:
    """Prefilled with what the hall knows and 我的情况 says until the part was saved once; then as it was left."""
    if part.key in case.answers:
        return build_form(part, answers=case.answers)
    facts = known_facts(applicant_of(request).person, case.enterprise)
    answers = filled(case.guide_version.parsed, case.situation) | case.answers
    return build_form(part, answers=answers, prefill=facts)


def _page(request: HttpRequest, case: Application, part: Section, form: AnyForm) -> HttpResponse:
    sections = case.guide_version.form.sections
    context = {
        "case": case,
        "section": part,
        "number": [one.key for one in sections].index(part.key) + 1,
        "total": len(sections),
        "form": form,
        "errors": keeping.form_errors(form),
        "is_prefilled": part.key not in case.answers and any(field.prefilled_from for field in part.fields),
        "from_situation": _from_situation(case, part),
        "contradictions": [
            one
            for one in contradictions(case.guide_version.parsed, case.situation, case.answers)
            if one.section == part.key
        ],
        "is_saved": part.key in case.answers,
        "back": _back(case, request),
        "autosave_url": reverse("applications:autosave", args=[case.uid, part.key]),
        "crumbs": crumbs(case, part.title),
    }
    return render(request, "applications/applicant/section.html", context)


def _from_situation(case: Application, part: Section) -> list[str]:
    """The labels of the fields that the answers about the situation fill in."""
    keys = filled(case.guide_version.parsed, case.situation).get(part.key, {})
    return [field.label for field in part.fields if field.key in keys]


def _back(case: Application, request: HttpRequest) -> str:
    route = "check-answers" if request.GET.get("back") == "check" else "task-list"
    return reverse(f"applications:{route}", args=[case.uid])


def _too_late(request: HttpRequest, case: Application) -> HttpResponse:
    messages.warning(request, "这份申请已经提交，不能再修改。要补充或更正的，请等窗口的补正通知，或拨打咨询电话。")
    return redirect("applications:case", uid=case.uid)
