"""One part of the joint form a page: the same manner as for one matter (``views.applicant.section``)."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from applications.joint import drafts
from applications.models import JointCase
from applications.views import keeping
from applications.views.applicant.access import applicant_of
from applications.views.applicant.joint.access import crumbs, get_joint, refreshed
from applications.views.keeping import AnyForm, Keeping
from matters.formdef import Section
from matters.forms import build_form
from matters.joint.guide import distinct, member_of
from matters.prefill import known_facts


def section(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Ask the questions of one part."""
    joint = get_joint(request, uid)
    if not joint.is_draft:
        return _too_late(request, joint)
    if request.method == "GET":
        joint = refreshed(request, joint)
    part = keeping.find(joint.package.form, key)
    if request.method == "POST":
        return keeping.save(request, _keeping(request, joint, part))
    return _page(request, joint, part, _stored_form(request, joint, part))


@require_POST
def autosave(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Keep what is typed so far and say when."""
    joint = get_joint(request, uid)
    return keeping.autosave(request, _keeping(request, joint, keeping.find(joint.package.form, key)))


def _keeping(request: HttpRequest, joint: JointCase, part: Section) -> Keeping:
    return Keeping(
        part=part,
        answers=joint.answers,
        keep=partial(drafts.save_section, joint, part.key),
        page=partial(_page, request, joint, part),
        finish=partial(_finish, request, joint, part),
        overview=reverse("applications:joint-draft", args=[joint.uid]),
        refuse=lambda refused: _too_late(request, joint),
        was_complete=part.key in joint.sections_done,
    )


def _finish(request: HttpRequest, joint: JointCase, part: Section) -> str:
    """Back to the check page if the person came from there, otherwise the next part that is not done, else the list."""
    key = keeping.next_open(joint.package.form, part, joint.sections_done)
    if key and request.GET.get("back") != "check":
        return reverse("applications:joint-section", args=[joint.uid, key])
    return _back(joint, request)


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
        "errors": keeping.form_errors(form),
        "askers": askers(joint, part),
        "is_prefilled": part.key not in joint.answers and any(field.prefilled_from for field in part.fields),
        "is_saved": part.key in joint.answers,
        "back": _back(joint, request),
        "autosave_url": reverse("applications:joint-autosave", args=[joint.uid, part.key]),
        "crumbs": crumbs(joint, part.title),
    }
    return render(request, "applications/applicant/joint/section.html", context)


def askers(joint: JointCase, part: Section) -> list[str]:
    """The members that ask something in this part; empty when all do."""
    places = [f"{part.key}.{field.key}" for field in part.fields]
    codes = distinct(member_of(ref) for place in places for ref in joint.package.mapping[place])
    return [joint.facts_of(code).name for code in codes] if len(codes) < len(joint.codes) else []


def _back(joint: JointCase, request: HttpRequest) -> str:
    route = "joint-check" if request.GET.get("back") == "check" else "joint-draft"
    return reverse(f"applications:{route}", args=[joint.uid])


def _too_late(request: HttpRequest, joint: JointCase) -> HttpResponse:
    messages.warning(request, "这份联合申请已经提交，不能再修改。要补充或更正的，请等窗口的补正通知，或拨打咨询电话。")
    return redirect("applications:joint-case", uid=joint.uid)
