"""The task list of a draft, and throwing a draft away."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import drafts, licence_faces, opening, uploads
from applications.errors import NotPossible
from applications.models import Application
from applications.views.applicant.access import get_case
from matters import situations

NOT_BEGUN, SAVED, DONE, TO_MEND = "未开始", "已保存", "已完成", "要处理"
TONES = {NOT_BEGUN: "", SAVED: "blue", DONE: "green", TO_MEND: "amber"}


def task_list(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything that is to be done before the application can be submitted, with its state."""
    case = get_case(request, uid)
    if not case.is_draft:
        return redirect("applications:case", uid=uid)
    refresh(request, case)
    missing = drafts.missing(case)
    context = {
        "case": case,
        "change_rows": licence_faces.change_rows(case),
        "situation": situation_tasks(case, missing),
        "parts": section_tasks(case),
        "files": [materials_task(case, missing)],
        "last": [_check_task(case, missing)],
        "count_done": _count_done(case, missing),
        "closed": opening.closed_because(case.matter, timezone.now()),
        "crumbs": crumbs(case),
    }
    return render(request, "applications/applicant/task_list.html", context)


def refresh(request: HttpRequest, case: Application) -> None:
    """Bring a draft up to date with its guide and with itself, and tell the person when the guide changed."""
    if drafts.renew_guide(case):
        messages.warning(request, "这一事项的办事指南刚刚更新过。您填写的内容都保留着，请按现在的要求再核对一遍。")
    else:
        drafts.recheck(case)


def crumbs(case: Application, *more: str) -> list[dict[str, str]]:
    """我的办件 › the application › the page."""
    mine = [{"text": "我的办件", "url": reverse("applications:mine")}]
    here = {"text": case.guide_version.guide.matter_name}
    if not more:
        return [*mine, here]
    route = "applications:task-list" if case.is_draft else "applications:case"
    return [*mine, here | {"url": reverse(route, args=[case.uid])}, {"text": more[0]}]


def situation_tasks(case: Application, missing: dict[str, str]) -> list[dict[str, Any]]:
    """The row of the scenario's questions; none for a matter without them."""
    if not case.guide_version.scenario.questions:
        return []
    problem = missing.get("situation", "")
    state = (TO_MEND if case.situation else NOT_BEGUN) if problem else DONE
    return [
        {
            "title": "我的情况",
            "hint": problem or situations.in_one_line(case.guide_version.scenario, case.situation),
            "url": reverse("applications:situation", args=[case.uid]),
            "state": state,
            "tone": TONES[state],
            "icon": "check" if state == DONE else "",
        }
    ]


def section_tasks(case: Application) -> list[dict[str, Any]]:
    """A row for each part of the form."""
    rows = []
    for section in case.guide_version.form.sections:
        begun = SAVED if section.key in case.answers else NOT_BEGUN
        state = DONE if section.key in case.sections_done else begun
        rows.append(
            {
                "title": section.title,
                "hint": section.help,
                "url": reverse("applications:section", args=[case.uid, section.key]),
                "state": state,
                "tone": TONES[state],
                "icon": "check" if state == DONE else "",
            }
        )
    return rows


def materials_task(case: Application, missing: dict[str, str]) -> dict[str, Any]:
    """The row of the materials: how many are wanted, how many are there."""
    wanted = uploads.open_materials(case)
    held = uploads.handed_in(case)
    lacking = sum(1 for problem in missing if problem.startswith("material:"))
    state = DONE if not lacking else SAVED if held else NOT_BEGUN
    if not wanted:
        hint = "这一事项不需要上传材料"
    else:
        hint = f"共 {len(wanted)} 项，已传 {len(held)} 项" + (f"，必须上传的还差 {lacking} 项" if lacking else "")
    return {
        "title": "上传材料",
        "hint": hint,
        "url": reverse("applications:materials", args=[case.uid]),
        "state": state,
        "tone": TONES[state],
        "icon": "check" if state == DONE else "",
    }


def _check_task(case: Application, missing: dict[str, str]) -> dict[str, Any]:
    ready = not missing
    return {
        "title": "核对并提交",
        "hint": "提交前把全部内容再看一遍，每一项都可以修改",
        "url": reverse("applications:check-answers", args=[case.uid]),
        "state": "可以提交" if ready else "还不能提交",
        "tone": "blue" if ready else "",
        "icon": "",
    }


def _count_done(case: Application, missing: dict[str, str]) -> dict[str, int]:
    files = 0 if any(problem.startswith("material:") for problem in missing) else 1
    asked = 1 if case.guide_version.scenario.questions else 0
    answered = asked if "situation" not in missing else 0
    return {
        "done": len(case.sections_done) + files + answered,
        "all": len(case.guide_version.form.sections) + 1 + asked,
    }


def delete(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Throw the draft away, after asking."""
    case = get_case(request, uid)
    if not case.is_draft:
        return redirect("applications:case", uid=uid)
    if request.method != "POST":
        context = {"case": case, "crumbs": crumbs(case, "删除草稿")}
        return render(request, "applications/applicant/draft_delete.html", context)
    try:
        drafts.discard(case)
    except NotPossible as refused:
        messages.error(request, refused.message)
        return redirect("applications:case", uid=uid)
    messages.success(request, f"草稿“{case.guide_version.guide.matter_name}”已删除。")
    return redirect("applications:mine")
