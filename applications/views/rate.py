"""Rate a case after its end: from the account, or with the number and query code of the receipt."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from applications import actors, public_status
from applications.actors import Actor
from applications.errors import MoveRefused
from applications.forms.rating import RatingForm
from applications.models import Application
from applications.ratings import giving
from applications.views.applicant.access import get_case
from applications.views.public import wait_for
from identity.acting import signed_in
from identity.numbers import mask_name


def mine(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Rate one's own case."""
    case = get_case(request, uid)
    page = reverse("applications:case", args=[uid])
    if sentence := giving.refusal(case):
        messages.info(request, sentence)
        return redirect(page)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _gave(request, case, form, actors.applicant(signed_in(request))):
        return redirect(page)
    path = [{"text": "我的办件", "url": reverse("applications:mine")}, {"text": case.number or "", "url": page}]
    return _page(request, form, case, crumbs=[*path, {"text": "评价"}], back=page)


@never_cache
@require_POST
def by_code(request: HttpRequest) -> HttpResponse:
    """Rate with number and code, both in the body: the first POST, from the status page, shows the form."""
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    if wait_for(request, number):
        return render(request, "429.html", {"detail": gettext("查询次数太多，请过几分钟再试。")}, status=429)
    case = public_status.case_of(number, code)
    if case is None:
        raise Http404
    if sentence := giving.refusal(case):
        messages.info(request, gettext(sentence))
        return redirect("applications:status")
    form = RatingForm(request.POST if "grade" in request.POST or "sent" in request.POST else None)
    if form.is_valid() and _gave(request, case, form, actors.applicant_named(mask_name(case.applicant_name))):
        return redirect("applications:status")
    crumbs = [{"text": gettext("办件进度查询"), "url": reverse("applications:status")}, {"text": gettext("评价")}]
    hidden = {"number": number, "code": code, "sent": "1"}
    return _page(request, form, case, crumbs=crumbs, back=reverse("applications:status"), hidden=hidden)


def _gave(request: HttpRequest, case: Application, form: RatingForm, actor: Actor) -> bool:
    try:
        giving.give(case, actor=actor, **form.given())
    except MoveRefused as refused:
        form.add_error(None, gettext(refused.message))
        return False
    messages.success(request, gettext("谢谢您的评价，已经送出。"))
    return True


def _page(request: HttpRequest, form: RatingForm, case: Application, **context: Any) -> HttpResponse:
    context = {"form": form, "matter": case.guide_version.guide.matter_name, "number": case.number, **context}
    status = 422 if form.is_bound else 200
    return render(request, "applications/public/rate.html", context, status=status)
