"""我的情况 of one member of a joint draft: its own questions, its answers kept with its part."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications import uploads
from applications.drafts import situation_problem
from applications.errors import NotPossible
from applications.joint import drafts
from applications.models import Application, JointCase
from applications.views.applicant.joint.access import child_of, crumbs, get_joint, refreshed
from matters import queries, questioning
from matters.narrowing import narrow
from matters.questioning import Turn


def situation(request: HttpRequest, uid: uuid.UUID, code: str) -> HttpResponse:
    """The next open question of the member, or all answers with what they change; only POST keeps them."""
    joint = get_joint(request, uid)
    if not joint.is_draft:
        return redirect("applications:joint-case", uid=uid)
    joint = refreshed(request, joint)
    child = child_of(joint, code)
    if not child.guide_version.scenario.questions:
        return redirect("applications:joint-draft", uid=uid)
    turn = questioning.turn(child.guide_version.scenario, request.GET, before=child.situation)
    if request.method == "POST":
        return _keep(request, joint, child, turn)
    if turn.question is not None:
        return render(request, "applications/applicant/situation_question.html", _question(joint, child, turn))
    return render(request, "applications/applicant/situation.html", _answers(joint, child, turn))


def _address(joint: JointCase, child: Application) -> str:
    return reverse("applications:joint-situation", args=[joint.uid, child.matter.code])


def _keep(request: HttpRequest, joint: JointCase, child: Application, turn: Turn) -> HttpResponse:
    if not turn.is_done:
        return redirect(request.get_full_path())
    try:
        drafts.set_situation(joint, child, turn.situation)
    except NotPossible as refused:
        messages.warning(request, refused.message)
        return redirect("applications:joint-case", uid=joint.uid)
    messages.success(request, "“我的情况”已保存，下面是您要填写和上传的内容。")
    return redirect("applications:joint-draft", uid=joint.uid)


def _shared(joint: JointCase, child: Application) -> dict[str, Any]:
    return {
        "case": child,
        "list_url": reverse("applications:joint-draft", args=[joint.uid]),
        "crumbs": crumbs(joint, f"我的情况：{child.matter.name}"),
    }


def _question(joint: JointCase, child: Application, turn: Turn) -> dict[str, Any]:
    shared, here = _shared(joint, child), _address(joint, child)
    back = f"{here}?{turn.back}" if turn.back else shared["list_url"]
    return {**shared, "turn": turn, "action": here, "back_url": back}


def _answers(joint: JointCase, child: Application, turn: Turn) -> dict[str, Any]:
    content = child.guide_version.parsed
    code = turn.stop.choice.stop_matter if turn.stop else ""
    is_kept = turn.situation == child.situation
    child.answers = drafts.part_of(joint, child)
    return {
        **_shared(joint, child),
        "stop": turn.stop,
        "other": queries.published().filter(code=code).first() if code else None,
        "answers": questioning.rows(content.scenario, turn.situation, _address(joint, child)),
        "is_kept": is_kept,
        "materials": [one for one in narrow(content, turn.situation).guide.materials if not one.shared_data],
        "problem": situation_problem(child) if is_kept and not turn.stop else "",
        "unneeded": uploads.unneeded(child),
    }
