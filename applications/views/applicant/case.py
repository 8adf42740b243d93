"""One case of the applicant: where it stands, by when, what happened, what can be done now."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors, corrections, ledger, licence_faces, notices_again, presenting, requests, supplying
from applications.errors import MoveRefused
from applications.models import Application
from applications.models.progress import ClockKind
from applications.models.request import RequestState
from applications.ratings import giving
from applications.requests import label as ask_label
from applications.states import WITHDRAWABLE, State
from applications.talking import inbox, parcels
from applications.views.applicant import hearing
from applications.views.applicant.access import get_case, typed
from applications.views.applicant.draft import crumbs
from applications.views.applicant.mine import now_words, tone_of
from applications.views.applicant.talk import talk
from identity import numbers
from identity.acting import signed_in
from matters import calendar
from matters.formview import answer_rows

# The silence of the office is told on the intake clock: for the applicant they are one limit.
# What is between the organ's own people is not told; until when to ask for a hearing stands with the hearing.
INSIDE_CLOCKS = (ClockKind.SILENCE, ClockKind.HEARING_ASK, ClockKind.TESTING)
SHOWN_CLOCKS = tuple(kind for kind in ClockKind if kind not in INSIDE_CLOCKS)


def case_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything the applicant may know about the case."""
    case = get_case(request, uid)
    if case.is_draft:
        return redirect("applications:task-list", uid=uid)
    inbox.mark_read(signed_in(request), case)
    asked = list(case.requests.all())
    today, days = timezone.localdate(), calendar.current()
    rows = presenting.clock_rows(case, today, days)
    context = {
        "case": case,
        "change_rows": licence_faces.change_rows(case),
        "tone": tone_of(case),
        "next": now_words(case),
        "stages": stages(case),
        "clocks": [row | {"limit_words": f"期限 {row['limit']}"} for row in rows if row["kind"] in SHOWN_CLOCKS],
        "accounts": [one for one in ledger.accounts(case, today, days) if one.kind in SHOWN_CLOCKS],
        "dates": ledger.three_dates(case, days),
        "ledger_url": reverse("applications:ledger", args=[case.uid]),
        "timeline": presenting.timeline(case.events.for_applicant(), inside=False),
        "requests": [{"row": one, "label": ask_label(one.action)} for one in asked],
        "is_waiting": any(one.standing == RequestState.SENT for one in asked),
        "can_correct": corrections.is_open(case),
        "corrections": notices_again.items_of(case),
        "can_supply": supplying.is_open(case),
        "owed_now": supplying.owed_now(case),
        "can_withdraw": can_withdraw(case),
        "hearing": getattr(case, "hearing", None),
        "can_ask_hearing": hearing.can_ask(case),
        "documents": case.documents.order_by("created_at", "pk"),
        "licence": getattr(case, "licence", None),
        "rating": getattr(case, "rating", None),
        "may_rate": not giving.refusal(case),
        "facts": facts(case),
        "situation": [{"label": question, "value": answer} for question, answer in case.situation_words()],
        "sections": [
            {"title": part.title, "rows": [{"label": label, "value": value} for label, value in rows]}
            for part, rows in answer_rows(case.guide_version.form, case.answers, masked=True)
        ],
        "materials": materials(case),
        "parcel": parcels.sent(case),
        "postal_wish": getattr(case, "postal_wish", None),
        "talk": talk(case),
        "crumbs": crumbs(case),
    }
    return render(request, "applications/applicant/case.html", context)


def stages(case: Application) -> list[dict[str, str]]:
    """The way of a case in five words, with where it is now."""
    names = ["提交", "受理", "审查决定", "送达", "办结"]
    done = [
        case.submitted_at is not None,
        case.accepted_on is not None,
        case.decided_at is not None,
        case.delivered_at is not None,
        case.is_ended,
    ]
    current = -1 if case.is_ended else done.index(False)
    if case.is_ended and not all(done):  # ended on the way: show only how far it came
        names = [name for name, is_done in zip(names, done, strict=True) if is_done]
        done = [True] * len(names)
    return [
        {"title": name, "state": "done" if is_done else "current" if place == current else "todo"}
        for place, (name, is_done) in enumerate(zip(names, done, strict=True))
    ]


def facts(case: Application) -> list[dict[str, Any]]:
    """Who asked for what; personal numbers are masked, the applicant knows them."""
    is_person = case.applicant_kind == "person"
    return [
        {"label": "申请编号", "value": case.number},
        {"label": "查询码", "value": case.query_code},
        {"label": "申请人", "value": case.applicant_name},
        {
            "label": "身份证号" if is_person else "统一社会信用代码",
            "value": numbers.mask_id_number(case.applicant_id) if is_person else case.applicant_id,
        },
        {"label": "联系人", "value": f"{case.contact_name}　{numbers.mask_phone(case.contact_phone)}"},
        {"label": "申请渠道", "value": case.get_channel_display()},
        {"label": "承办部门", "value": case.department.name},
    ]


def materials(case: Application) -> list[dict[str, Any]]:
    """What was handed in, by material; replaced files are marked."""
    names = {one.key: one.name for one in case.guide.materials}
    rows: dict[str, list[Any]] = {}
    for file in case.materials.order_by("-round", "id"):
        rows.setdefault(file.key, []).append(file)
    papers: dict[str, list[Any]] = {}
    for paper in case.presented.order_by("-round", "id"):
        if paper.is_paper:
            papers.setdefault(paper.key, []).append(paper)
    return [
        {"name": names.get(key, key), "files": rows.get(key, []), "papers": papers.get(key, [])}
        for key in dict.fromkeys([*rows, *papers])
    ]


def can_withdraw(case: Application) -> bool:
    """Before the decision, unless it was asked for already."""
    sent = case.requests.filter(action="withdraw", standing=RequestState.SENT).exists()
    return case.state in WITHDRAWABLE and case.state != State.DRAFT and not sent


def withdraw(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask the office to take the application back, after saying what that means."""
    case = get_case(request, uid)
    if case.is_draft or not can_withdraw(case):
        messages.info(request, "这件申请现在不能撤回：已经作出决定、已经办结，或者撤回请求已经送出。")
        return redirect("applications:case", uid=uid)
    if request.method != "POST":
        context = {"case": case, "reason": "", "crumbs": crumbs(case, "撤回申请")}
        return render(request, "applications/applicant/withdraw.html", context)
    reason = typed(request.POST, "reason")
    if len(reason) > 500:
        context = {
            "case": case,
            "reason": reason,
            "error": "理由请不要超过 500 字。",
            "crumbs": crumbs(case, "撤回申请"),
        }
        return render(request, "applications/applicant/withdraw.html", context)
    try:
        requests.ask(case, "withdraw", actor=actors.applicant(signed_in(request)), reason=reason)
    except MoveRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "撤回请求已送出，待内网处理。结果会显示在本页。")
    return redirect(reverse("applications:case", args=[uid]))
