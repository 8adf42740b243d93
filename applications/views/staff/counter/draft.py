"""A draft at the window: what is to be done, the situation, the form, throwing it away."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import drafts, opening, uploads
from applications.counter import filing, papers, visitors
from applications.errors import NotPossible
from applications.models import Application
from applications.views import keeping
from applications.views.applicant.draft import DONE, NOT_BEGUN, SAVED, TO_MEND, TONES, refresh
from applications.views.keeping import AnyForm, Keeping
from applications.views.staff.counter.access import crumbs, get_draft
from identity.numbers import mask_id_number
from matters import questioning, situations
from matters.filling import contradictions, filled
from matters.formdef import Section
from matters.forms import build_form


def task_list(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything that is to be done before it can be filed, with its state."""
    case = get_draft(request, uid)
    refresh(request, case)
    missing = drafts.missing(case)
    context = {
        "case": case,
        "who": [_identity_task(case)],
        "situation": _situation_tasks(case, missing),
        "parts": _section_tasks(case),
        "files": [_materials_task(case, missing)],
        "last": [
            _task("核对并提交", "提交后立即收件，打印回执", "check", "可以提交" if not missing else "还不能提交", case)
        ],
        "running": filing.running(case),
        "closed": opening.closed_at_window(case.matter, timezone.localdate()),
        "crumbs": crumbs(case),
    }
    return render(request, "applications/staff/counter/draft.html", context)


def _task(title: str, hint: str, route: str, state: str, case: Application, *more: str) -> dict[str, str]:
    return {
        "title": title,
        "hint": hint,
        "url": reverse(f"applications:counter-{route}", args=[case.uid, *more]),
        "state": state,
        "tone": TONES.get(state, "blue" if state == "可以提交" else ""),
        "icon": "check" if state == DONE else "",
    }


def _identity_task(case: Application) -> dict[str, str]:
    row = case.counter
    number = mask_id_number(case.applicant_id) if case.applicant_kind == "person" else case.applicant_id
    hint = f"{case.applicant_name} {number}；来人：{row.presenter_name}（{row.get_capacity_display()}）"
    return _task("核验身份", hint, "identity", DONE, case)


def _situation_tasks(case: Application, missing: dict[str, str]) -> list[dict[str, str]]:
    scenario = case.guide_version.scenario
    if not scenario.questions:
        return []
    problem = missing.get("situation", "")
    state = (TO_MEND if case.situation else NOT_BEGUN) if problem else DONE
    return [
        _task("申请人的情况", problem or situations.in_one_line(scenario, case.situation), "situation", state, case)
    ]


def _section_tasks(case: Application) -> list[dict[str, str]]:
    rows = []
    for part in case.guide_version.form.sections:
        begun = SAVED if part.key in case.answers else NOT_BEGUN
        state = DONE if part.key in case.sections_done else begun
        rows.append(_task(part.title, part.help, "section", state, case, part.key))
    return rows


def _materials_task(case: Application, missing: dict[str, str]) -> dict[str, str]:
    wanted = papers.wanted(case)
    held = {*uploads.handed_in(case), *papers.presented(case)}
    lacking = sum(1 for name in missing if name.startswith("material:"))
    state = DONE if not lacking else SAVED if held else NOT_BEGUN
    hint = f"共 {len(wanted)} 项，已收 {len(held)} 项" + (f"，还有 {lacking} 项要处理" if lacking else "")
    return _task("收材料", hint if wanted else "这一事项不需要材料", "materials", state, case)


def situation(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The next open question, or all answers; only POST keeps them."""
    case = get_draft(request, uid)
    refresh(request, case)
    scenario = case.guide_version.scenario
    list_url = reverse("applications:counter-draft", args=[uid])
    if not scenario.questions:
        return redirect(list_url)
    turn = questioning.turn(scenario, request.GET, before=case.situation)
    here = reverse("applications:counter-situation", args=[uid])
    context: dict[str, Any] = {"case": case, "turn": turn, "action": here, "list_url": list_url}
    context["crumbs"] = crumbs(case, "申请人的情况")
    if request.method == "POST" and turn.is_done:
        try:
            drafts.set_situation(case, turn.situation)
        except NotPossible as refused:
            messages.error(request, refused.message)
        return redirect(list_url)
    if turn.question is not None:
        context["back_url"] = f"{here}?{turn.back}" if turn.back else list_url
    else:
        context["answers"] = questioning.rows(scenario, turn.situation, here)
        context["is_kept"] = turn.situation == case.situation
        context["problem"] = drafts.situation_problem(case) if context["is_kept"] and not turn.stop else ""
    return render(request, "applications/staff/counter/situation.html", context)


def section(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Ask the questions of one part."""
    case = get_draft(request, uid)
    if request.method == "GET":
        refresh(request, case)
    part = keeping.find(case.guide_version.form, key)
    if request.method == "POST":
        return keeping.save(request, _keeping(request, case, part))
    return _section_page(request, case, part, _stored_form(case, part))


@require_POST
def autosave(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """Keep what is typed so far and say when."""
    case = get_draft(request, uid)
    return keeping.autosave(request, _keeping(request, case, keeping.find(case.guide_version.form, key)))


def _keeping(request: HttpRequest, case: Application, part: Section) -> Keeping:
    return Keeping(
        part=part,
        answers=case.answers,
        keep=partial(drafts.save_section, case, part.key),
        page=partial(_section_page, request, case, part),
        finish=partial(_next, case, part),
        overview=reverse("applications:counter-draft", args=[case.uid]),
        refuse=partial(_refuse, request),
        was_complete=part.key in case.sections_done,
    )


def _refuse(request: HttpRequest, refused: NotPossible) -> HttpResponse:
    messages.error(request, refused.message)
    return redirect("applications:counter")


def _stored_form(case: Application, part: Section) -> AnyForm:
    """Prefilled with what the papers say and the situation answers until the part was saved once; then as it was left."""
    if part.key in case.answers:
        return build_form(part, answers=case.answers)
    answers = filled(case.guide_version.parsed, case.situation) | case.answers
    return build_form(part, answers=answers, prefill=visitors.known_facts(case))


def _next(case: Application, part: Section) -> str:
    """The next part that is not done, else the list."""
    key = keeping.next_open(case.guide_version.form, part, case.sections_done)
    if key:
        return reverse("applications:counter-section", args=[case.uid, key])
    return reverse("applications:counter-draft", args=[case.uid])


def _section_page(request: HttpRequest, case: Application, part: Section, form: AnyForm) -> HttpResponse:
    found = contradictions(case.guide_version.parsed, case.situation, case.answers)
    context = {
        "case": case,
        "section": part,
        "form": form,
        "errors": keeping.form_errors(form),
        "contradictions": [one for one in found if one.section == part.key],
        "is_saved": part.key in case.answers,
        "back": reverse("applications:counter-draft", args=[case.uid]),
        "autosave_url": reverse("applications:counter-autosave", args=[case.uid, part.key]),
        "crumbs": crumbs(case, part.title),
    }
    return render(request, "applications/staff/counter/section.html", context)


def delete(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Throw the draft away, after asking."""
    case = get_draft(request, uid)
    if request.method == "POST":
        try:
            drafts.discard(case)
        except NotPossible as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"“{case.title}”的草稿已删除。")
        return redirect("applications:counter")
    return render(request, "applications/staff/counter/delete.html", {"case": case, "crumbs": crumbs(case, "删除草稿")})
