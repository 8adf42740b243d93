"""The task list of a joint draft, which members it has, and throwing it away."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications.drafts import Applicant
from applications.errors import NotPossible
from applications.joint import drafts, filing, opening, papers
from applications.models import JointCase
from applications.views.applicant.access import applicant_of
from applications.views.applicant.draft import DONE, NOT_BEGUN, SAVED, TO_MEND, TONES
from applications.views.applicant.joint.access import closed_sentence, crumbs, get_joint, refreshed
from applications.views.applicant.joint.start import member_rows
from matters import situations

Task = dict[str, Any]


def task_list(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything that is to be done before the package can be submitted, with its state."""
    joint = get_joint(request, uid)
    if not joint.is_draft:
        return redirect("applications:joint-case", uid=uid)
    joint = refreshed(request, joint)
    missing = filing.problems_of(joint, timezone.now())
    tasks = [*situation_tasks(joint, missing), *section_tasks(joint), materials_task(joint, missing)]
    context = {
        "joint": joint,
        "members": _members(joint),
        "members_problem": missing.get("members") or next(_of_members(missing), ""),
        "situation": situation_tasks(joint, missing),
        "parts": section_tasks(joint),
        "files": [materials_task(joint, missing)],
        "last": [_check_task(joint, missing)],
        "count_done": {"done": sum(task["state"] == DONE for task in tasks), "all": len(tasks)},
        "closed": closed_sentence(joint),
        "crumbs": crumbs(joint),
    }
    return render(request, "applications/applicant/joint/task_list.html", context)


def _of_members(missing: dict[str, str]) -> Any:
    return (sentence for name, sentence in missing.items() if name.startswith("member:"))


def _members(joint: JointCase) -> list[Any]:
    return [joint.facts_of(code) for code in joint.codes]


def _task(title: str, hint: str, url: str, state: str) -> Task:
    icon = "check" if state == DONE else ""
    return {"title": title, "hint": hint, "url": url, "state": state, "tone": TONES.get(state, ""), "icon": icon}


def situation_tasks(joint: JointCase, missing: dict[str, str]) -> list[Task]:
    """A row for every member that asks about the applicant's situation."""
    rows = []
    for child in papers.children_of(joint):
        scenario = child.guide_version.scenario
        if scenario.questions:
            problem = missing.get(f"situation:{child.matter.code}", "")
            state = (TO_MEND if child.situation else NOT_BEGUN) if problem else DONE
            hint = problem or situations.in_one_line(scenario, child.situation)
            url = reverse("applications:joint-situation", args=[joint.uid, child.matter.code])
            rows.append(_task(f"我的情况：{child.matter.name}", hint, url, state))
    return rows


def section_tasks(joint: JointCase) -> list[Task]:
    """A row for each part of the joint form."""
    return [
        _task(
            section.title,
            section.help,
            reverse("applications:joint-section", args=[joint.uid, section.key]),
            DONE if section.key in joint.sections_done else SAVED if section.key in joint.answers else NOT_BEGUN,
        )
        for section in joint.package.form.sections
    ]


def materials_task(joint: JointCase, missing: dict[str, str]) -> Task:
    """The row of the materials: how many are wanted, how many are there."""
    wanted = papers.papers(joint)
    held = sum(bool(one.files()) for one in wanted)
    lacking = sum(name.startswith("material:") for name in missing)
    state = DONE if not lacking else SAVED if held else NOT_BEGUN
    hint = f"共 {len(wanted)} 项，已传 {held} 项" + (f"，必须上传的还差 {lacking} 项" if lacking else "")
    url = reverse("applications:joint-materials", args=[joint.uid])
    return _task("上传材料", hint if wanted else "这个“一件事”不需要上传材料", url, state)


def _check_task(joint: JointCase, missing: dict[str, str]) -> Task:
    url = reverse("applications:joint-check", args=[joint.uid])
    hint = "提交前把全部内容再看一遍，每一项都可以修改"
    return _task("核对并提交", hint, url, "还不能提交" if missing else "可以提交") | {"tone": "" if missing else "blue"}


def members(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Choose again which members are applied for; what was filled in for those that stay is kept."""
    joint = get_joint(request, uid)
    if not joint.is_draft:
        return redirect("applications:joint-case", uid=uid)
    joint = refreshed(request, joint)
    if request.method != "POST":
        return _members_page(request, joint, joint.codes)
    wanted = {*request.POST.getlist("member"), *opening.obligatory(joint.version.package)}
    error = _refusal(joint, wanted)
    if not error:
        try:
            drafts.set_members(joint, _applicant(request, joint), wanted)
        except NotPossible as refused:
            error = refused.message
    if error:
        return _members_page(request, joint, list(wanted), error)
    messages.success(request, "要办的事项已保存，下面是要填写和上传的内容。")
    return redirect("applications:joint-draft", uid=uid)


def _refusal(joint: JointCase, wanted: set[str]) -> str:
    return next(
        (sentence for one in opening.members(wanted) if (sentence := opening.closed_member(one, timezone.now()))), ""
    )


def _applicant(request: HttpRequest, joint: JointCase) -> Applicant:
    """The draft's own name, whatever name the person works in now."""
    me = applicant_of(request)
    return Applicant(me.user, me.person, joint.enterprise)


def _members_page(request: HttpRequest, joint: JointCase, chosen: list[str], error: str = "") -> HttpResponse:
    context = {
        "joint": joint,
        "members": member_rows(joint.version.package, chosen),
        "errors": [{"message": error, "href": "#members"}] if error else [],
        "field_errors": {"members": error} if error else {},
        "crumbs": crumbs(joint, "要办的事项"),
    }
    return render(request, "applications/applicant/joint/members.html", context)


def delete(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Throw the joint draft away, after asking."""
    joint = get_joint(request, uid)
    if not joint.is_draft:
        return redirect("applications:joint-case", uid=uid)
    if request.method != "POST":
        context = {"joint": joint, "crumbs": crumbs(joint, "删除草稿")}
        return render(request, "applications/applicant/joint/delete.html", context)
    try:
        drafts.discard(joint)
    except NotPossible as refused:
        messages.error(request, refused.message)
        return redirect("applications:joint-case", uid=uid)
    messages.success(request, f"草稿“{joint.title}”已删除。")
    return redirect("applications:mine")
