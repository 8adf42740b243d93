"""One part of the joint form a page: the same manner as for one matter (``views.applicant.section``)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.errors import NotPossible
from applications.joint import drafts
from applications.models import JointCase
from applications.views.applicant.access import applicant_of
from applications.views.applicant.joint.access import crumbs, get_joint, refreshed
from applications.views.applicant.section import AnyForm, form_errors, is_whole, kept, with_row
from matters.formdef import Section
from matters.forms import build_form, wants_row
from matters.joint.guide import distinct, member_of
from matters.prefill import known_facts


def section(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Ask the questions of one part. Only the button ``go`` judges; every other way keeps what was typed."""
    joint = get_joint(request, uid)
    if not joint.is_draft:
        return _too_late(request, joint)
    if request.method == "GET":
        joint = refreshed(request, joint)
    part = _find(joint, key)
    if request.method == "POST":
        return _save(request, joint, part)
    return _page(request, joint, part, _stored_form(request, joint, part))


@require_POST
def autosave(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Keep what is typed so far and say when; a part that was complete and no longer is, is open again."""
    joint = get_joint(request, uid)
    if not joint.is_draft:
        return JsonResponse({"code": "not_possible", "message": "这份申请已经提交，不能再修改。"}, status=409)
    part = _find(joint, key)
    form = build_form(part, request.POST, answers=joint.answers)
    if not is_whole(form):
        return JsonResponse({"code": "bad_request", "message": "页面不完整，请刷新后重新填写。"}, status=400)
    is_complete = part.key in joint.sections_done and form.is_valid()
    try:
        drafts.save_section(joint, part.key, kept(form, is_complete), complete=is_complete)
    except NotPossible as refused:
        return JsonResponse({"code": refused.code, "message": refused.message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime(joint.saved_at).strftime("%H:%M")})


def _find(joint: JointCase, key: str) -> Section:
    try:
        return joint.package.form.section(key)
    except KeyError as error:
        raise Http404 from error


def _save(request: HttpRequest, joint: JointCase, part: Section) -> HttpResponse:
    form = build_form(part, request.POST, answers=joint.answers)
    if not is_whole(form):
        messages.error(request, "页面不完整，这次的修改没有保存。请重新填写。")
        return redirect(request.get_full_path())
    goes_on = "go" in request.POST
    is_complete = goes_on and form.is_valid()
    content = kept(form, is_complete) if goes_on else with_row(part, request, form)
    try:
        drafts.save_section(joint, part.key, content, complete=is_complete)
    except NotPossible:
        return _too_late(request, joint)
    if is_complete:
        return redirect(_next(joint, part, request))
    if goes_on:
        return _page(request, joint, part, form)
    if "leave" in request.POST:
        return redirect("applications:joint-draft", uid=joint.uid)
    return redirect(f"{request.get_full_path()}#rows-end" if wants_row(part, request.POST) else request.get_full_path())


def _stored_form(request: HttpRequest, joint: JointCase, part: Section) -> AnyForm:
    """Prefilled with what the hall knows and the situations say until the part was saved once; then as it was left."""
    if part.key in joint.answers:
        return build_form(part, answers=joint.answers)
    facts = known_facts(applicant_of(request).person, joint.enterprise)
    return build_form(part, answers=drafts.prefilled(joint) | joint.answers, prefill=facts)


def _page(request: HttpRequest, joint: JointCase, part: Section, form: AnyForm) -> HttpResponse:
    sections = joint.package.form.sections
    context: dict[str, Any] = {
        "joint": joint,
        "section": part,
        "number": [one.key for one in sections].index(part.key) + 1,
        "total": len(sections),
        "form": form,
        "errors": form_errors(form) if form.is_bound else [],
        "askers": askers(joint, part),
        "is_prefilled": part.key not in joint.answers and any(field.prefilled_from for field in part.fields),
        "is_saved": part.key in joint.answers,
        "back": reverse(f"applications:{_from(request)}", args=[joint.uid]),
        "autosave_url": reverse("applications:joint-autosave", args=[joint.uid, part.key]),
        "crumbs": crumbs(joint, part.title),
    }
    return render(request, "applications/applicant/joint/section.html", context)


def askers(joint: JointCase, part: Section) -> list[str]:
    """The members that ask something in this part; empty when all do."""
    places = [f"{part.key}.{field.key}" for field in part.fields]
    codes = distinct(member_of(ref) for place in places for ref in joint.package.mapping[place])
    return [joint.facts_of(code).name for code in codes] if len(codes) < len(joint.codes) else []


def _from(request: HttpRequest) -> str:
    return "joint-check" if request.GET.get("back") == "check" else "joint-draft"


def _next(joint: JointCase, part: Section, request: HttpRequest) -> str:
    """Back to the check page if the person came from there, otherwise the next part that is not done, else the list."""
    if request.GET.get("back") == "check":
        return reverse("applications:joint-check", args=[joint.uid])
    keys = [one.key for one in joint.package.form.sections]
    later = [key for key in keys[keys.index(part.key) + 1 :] if key not in joint.sections_done]
    if later:
        return reverse("applications:joint-section", args=[joint.uid, later[0]])
    return reverse("applications:joint-draft", args=[joint.uid])


def _too_late(request: HttpRequest, joint: JointCase) -> HttpResponse:
    messages.warning(request, "这份联合申请已经提交，不能再修改。要补充或更正的，请等窗口的补正通知，或拨打咨询电话。")
    return redirect("applications:joint-case", uid=joint.uid)
