"""我的情况 of a draft: the same questions as on the public pages, their answers kept with the draft when the person says so."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from applications import drafts, uploads
from applications.errors import NotPossible
from applications.models import Application
from applications.views.applicant.access import get_case
from applications.views.applicant.draft import crumbs, refresh
from matters import queries, questioning
from matters.narrowing import narrow
from matters.questioning import Turn


def situation(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The next open question, or all answers with what they change; only POST keeps them."""
    case = get_case(request, uid)
    if not case.is_draft:
        return redirect("applications:case", uid=uid)
    refresh(request, case)
    if not case.guide_version.scenario.questions:
        return redirect("applications:task-list", uid=uid)
    turn = questioning.turn(case.guide_version.scenario, request.GET, before=case.situation)
    if request.method == "POST":
        return _keep(request, case, turn)
    if turn.question is not None:
        return render(request, "applications/applicant/situation_question.html", _question_context(case, turn))
    return render(request, "applications/applicant/situation.html", _answers_context(case, turn))


def address(case: Application) -> str:
    """Where a draft's questions are asked."""
    return reverse("applications:situation", args=[case.uid])


def _keep(request: HttpRequest, case: Application, turn: Turn) -> HttpResponse:
    if not turn.is_done:
        return redirect(request.get_full_path())
    try:
        drafts.set_situation(case, turn.situation)
    except NotPossible as refused:
        messages.warning(request, refused.message)
        return redirect("applications:case", uid=case.uid)
    messages.success(request, "“我的情况”已保存，下面是您要填写和上传的内容。")
    return redirect("applications:task-list", uid=case.uid)


def _question_context(case: Application, turn: Turn) -> dict[str, Any]:
    return {
        "case": case,
        "turn": turn,
        "action": address(case),
        "back_url": f"{address(case)}?{turn.back}" if turn.back else reverse("applications:task-list", args=[case.uid]),
        "crumbs": crumbs(case, "我的情况"),
    }


def _answers_context(case: Application, turn: Turn) -> dict[str, Any]:
    content = case.guide_version.parsed
    code = turn.stop.choice.stop_matter if turn.stop else ""
    return {
        "case": case,
        "list_url": reverse("applications:task-list", args=[case.uid]),
        "stop": turn.stop,
        "other": queries.published().filter(code=code).first() if code else None,
        "answers": questioning.rows(content.scenario, turn.situation, address(case)),
        "is_kept": turn.situation == case.situation,
        "materials": [one for one in narrow(content, turn.situation).guide.materials if not one.shared_data],
        "problem": drafts.situation_problem(case) if turn.situation == case.situation and not turn.stop else "",
        "unneeded": uploads.unneeded(case),
        "crumbs": crumbs(case, "我的情况"),
    }
