"""The applicant's notices: the list in the account, and what is to be sent elsewhere."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from applications.errors import DataMissing, NotPossible
from applications.models.notice import Channel
from applications.talking import gateways, inbox, noticing, preferences
from applications.talking.wording import GROUPS
from applications.views.applicant.access import typed
from identity.acting import acting_for, signed_in
from identity.numbers import mask_phone

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; POST marks all as read."""
    user = signed_in(request)
    if request.method == "POST":
        inbox.mark_read(user)
        return redirect("applications:notices")
    page = Paginator(inbox.listed(user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": inbox.with_deliveries(list(page.object_list)),
        "crumbs": [{"text": "通知"}],
    }
    return render(request, "applications/applicant/notices.html", context)


@require_GET
def open_notice(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Mark one as read and go to what it speaks of."""
    notice = get_object_or_404(inbox.listed(signed_in(request)), uid=uid)
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    return redirect(notice.path or reverse("applications:notices"))


@require_http_methods(["GET", "POST"])
def preferences_page(request: HttpRequest) -> HttpResponse:
    """Which events go to the telephone and the mailbox."""
    user = signed_in(request)
    email, problem = typed(request.POST, "email"), ""
    if request.method == "POST":
        try:
            is_new = preferences.save(user, email=email, wanted=request.POST.getlist("wanted"))
        except DataMissing as refused:
            problem = refused.fields["email"]
        else:
            return _saved(request, email, again=is_new or "again" in request.POST)
    return _page(request, email, problem)


def _saved(request: HttpRequest, email: str, *, again: bool) -> HttpResponse:
    user = signed_in(request)
    if email and again and preferences.of(user).email_confirmed_at is None:
        try:
            noticing.ask_to_confirm(user, email)
        except NotPossible as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "设置已经保存。确认邮件已经发往您的邮箱，请在三天内打开里面的网址。")
    else:
        messages.success(request, "设置已经保存。")
    return redirect("applications:notice-settings")


def _page(request: HttpRequest, email: str, problem: str) -> HttpResponse:
    wishes = preferences.of(signed_in(request))
    context = {
        "email": email if problem else wishes.email,
        "is_confirmed": bool(wishes.email and wishes.email_confirmed_at),
        "waits": bool(wishes.email) and wishes.email_confirmed_at is None,
        "problem": problem,
        "errors": [{"message": problem, "href": "#email"}] if problem else [],
        "phone": mask_phone(acting_for(request).person.phone),
        "has_email": gateways.email_is_on(),
        "has_sms": gateways.sms_is_on(),
        "groups": [_group(key, words, wishes.off) for key, words in GROUPS.items()],
        "crumbs": [{"text": "通知", "url": reverse("applications:notices")}, {"text": "通知设置"}],
    }
    return render(request, "applications/applicant/notice_settings.html", context, status=422 if problem else 200)


def _group(key: str, words: str, off: list[str]) -> dict[str, Any]:
    boxes = {channel.value: f"{channel.value}:{key}" for channel in (Channel.SMS, Channel.EMAIL)}
    return {"words": words, "key": key, **boxes, **{f"{name}_on": box not in off for name, box in boxes.items()}}


@require_GET
def confirm(request: HttpRequest) -> HttpResponse:
    """The link of the mail."""
    try:
        preferences.confirm(signed_in(request), request.GET.get("t", ""))
    except NotPossible as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "邮箱已经确认，今后的通知会发到这个邮箱。")
    return redirect("applications:notice-settings")
