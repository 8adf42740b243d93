"""The applicant asks for a hearing (行政许可法 47): within five working days of being told, free of charge."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from applications import actors, machine, requests
from applications.errors import MoveRefused
from applications.models import Application
from applications.models.request import RequestState
from applications.views.applicant.access import get_case, typed
from applications.views.applicant.draft import crumbs
from identity.acting import signed_in

LONGEST = 500


def can_ask(case: Application) -> bool:
    """Told of the right, in time, and not asked already."""
    case.acting_on = timezone.localdate()
    sent = case.requests.filter(action="ask_hearing", standing=RequestState.SENT).exists()
    return machine.refusal(case, "ask_hearing") is None and not sent


def ask_hearing(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Say what a hearing means; POST sends the request to the office."""
    case = get_case(request, uid)
    if case.is_draft or not can_ask(case):
        messages.info(request, "现在不能申请听证：没有告知过听证权利，期限已过，或者已经申请过。")
        return redirect("applications:case", uid=uid)
    reason = typed(request.POST, "reason") if request.method == "POST" else ""
    too_long = f"理由请不要超过 {LONGEST} 字。" if len(reason) > LONGEST else ""
    if request.method != "POST" or too_long:
        context = {"case": case, "reason": reason, "error": too_long, "crumbs": crumbs(case, "申请听证")}
        return render(request, "applications/applicant/ask_hearing.html", context)
    try:
        requests.ask(case, "ask_hearing", actor=actors.applicant(signed_in(request)), reason=reason)
    except MoveRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "听证请求已送出，待内网处理。结果会显示在本页。")
    return redirect("applications:case", uid=uid)
