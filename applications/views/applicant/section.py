"""One part of the form a page: shown, saved as it is typed, judged when the person goes on."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import drafts
from applications.errors import NotPossible
from applications.models import Application
from applications.views.applicant.access import applicant_of, get_case
from applications.views.applicant.draft import crumbs, refresh
from matters.filling import contradictions, filled
from matters.formdef import Section
from matters.forms import SectionForm, SectionRows, build_form, wants_row
from matters.prefill import known_facts

AnyForm = SectionForm | SectionRows


def section(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Ask the questions of one part. Only the button ``go`` judges; every other way keeps what was typed."""
    case = get_case(request, uid)
    if not case.is_draft:
        return _too_late(request, case)
    if request.method == "GET":
        refresh(request, case)
    part = find(case, key)
    if request.method == "POST":
        return _save(request, case, part)
    return _page(request, case, part, _stored_form(request, case, part))


@require_POST
def autosave(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Keep what is typed so far and say when; a part that was complete and no longer is, is open again."""
    case = get_case(request, uid)
    if not case.is_draft:
        return JsonResponse({"code": "not_possible", "message": "这份申请已经提交，不能再修改。"}, status=409)
    part = find(case, key)
    form = build_form(part, request.POST, answers=case.answers)
    if not is_whole(form):
        return JsonResponse({"code": "bad_request", "message": "页面不完整，请刷新后重新填写。"}, status=400)
    is_complete = part.key in case.sections_done and form.is_valid()
    try:
        drafts.save_section(case, part.key, kept(form, is_complete), complete=is_complete)
    except NotPossible as refused:
        return JsonResponse({"code": refused.code, "message": refused.message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime(case.saved_at).strftime("%H:%M")})


def find(case: Application, key: str) -> Section:
    """The section of the case's form; 404 when the guide has none of that name."""
    try:
        return case.guide_version.form.section(key)
    except KeyError as error:
        raise Http404 from error


def kept(form: AnyForm, is_complete: bool) -> Any:
    """What is stored: clean answers of a complete part, otherwise what was typed, right or wrong."""
    return form.answers if is_complete else form.typed


def is_whole(form: AnyForm) -> bool:
    """Whether the page sent all of itself; without the row counter a table would seem to be empty."""
    return not isinstance(form, SectionRows) or form.management_form.is_valid()


def form_errors(form: AnyForm) -> list[dict[str, str]]:
    """All messages of a section for the summary on top, each leading to its field."""
    found = []
    if isinstance(form, SectionRows):
        found = [{"message": str(message)} for message in form.non_form_errors()]
    for number, row in enumerate(form.rows, start=1):
        where = f"第 {number} 行，" if isinstance(form, SectionRows) else ""
        for name, texts in row.errors.items():
            if name == "__all__":
                found += [{"message": f"{where}{text}"} for text in texts]
                continue
            field = row[name]
            href = f"#{field.id_for_label or field.auto_id}"
            found += [{"message": f"{where}{field.label}：{text}", "href": href} for text in texts]
    return found


def with_row(part: Section, request: HttpRequest, form: AnyForm) -> Any:
    """What was typed, one empty row more when the person asked for it."""
    rows = form.typed
    return [*rows, {}] if wants_row(part, request.POST) and len(rows) < part.max_rows else rows


def _save(request: HttpRequest, case: Application, part: Section) -> HttpResponse:
    form = build_form(part, request.POST, answers=case.answers)
    if not is_whole(form):
        messages.error(request, "页面不完整，这次的修改没有保存。请重新填写。")
        return redirect(request.get_full_path())
    goes_on = "go" in request.POST
    is_complete = goes_on and form.is_valid()
    content = kept(form, is_complete) if goes_on else with_row(part, request, form)
    try:
        drafts.save_section(case, part.key, content, complete=is_complete)
    except NotPossible:
        return _too_late(request, case)
    if is_complete:
        _warn_of_contradiction(request, case, part)
        return redirect(_next(case, part, request))
    if goes_on:
        return _page(request, case, part, form)
    if "leave" in request.POST:
        return redirect("applications:task-list", uid=case.uid)
    return redirect(f"{request.get_full_path()}#rows-end" if wants_row(part, request.POST) else request.get_full_path())


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
        "errors": form_errors(form) if form.is_bound else [],
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


def _next(case: Application, part: Section, request: HttpRequest) -> str:
    """Back to the check page if the person came from there, otherwise the next part that is not done, else the list."""
    if request.GET.get("back") == "check":
        return reverse("applications:check-answers", args=[case.uid])
    keys = [one.key for one in case.guide_version.form.sections]
    later = [key for key in keys[keys.index(part.key) + 1 :] if key not in case.sections_done]
    if later:
        return reverse("applications:section", args=[case.uid, later[0]])
    return reverse("applications:task-list", args=[case.uid])


def _too_late(request: HttpRequest, case: Application) -> HttpResponse:
    messages.warning(request, "这份申请已经提交，不能再修改。要补充或更正的，请等窗口的补正通知，或拨打咨询电话。")
    return redirect("applications:case", uid=case.uid)
