"""我的证照: the holder's licences, how long they are good for, and what can be asked about them."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import (
    actors,
    licence_drafts,
    licence_filing,
    licence_history,
    licence_queries,
    licence_requests,
    licence_terms,
)
from applications.drafts import Applicant
from applications.errors import DataMissing, MoveRefused
from applications.forms.licence import ChangeForm
from applications.models import Licence
from applications.models.application import Purpose
from applications.states import State
from applications.views.applicant.access import applicant_of, typed
from identity.acting import agencies_of, signed_in

PER_PAGE = 20


def get_licence(request: HttpRequest, uid: uuid.UUID) -> Licence:
    """The person's own licence or one of an enterprise they act for; foreign and unknown ones give the same 404."""
    found = licence_queries.open_to(signed_in(request)).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def licences(request: HttpRequest) -> HttpResponse:
    """The licences of the name in which the person works now, those that end first at the top."""
    me = applicant_of(request)
    today = timezone.localdate()
    words = typed(request.GET, "q")
    held = licence_queries.matching(licence_queries.held_by(me.user, me.enterprise), words)
    page = Paginator(licence_queries.soonest_first(held, today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "name": me.enterprise.name if me.enterprise else me.person.name,
        "names": _names(me),
        "words": words,
        "page": page,
        "rows": [row(licence, today) for licence in page],
        "crumbs": [{"text": "我的证照"}],
    }
    return render(request, "applications/applicant/licences.html", context)


def _names(me: Applicant) -> list[dict[str, Any]]:
    """Every name in which the person may work; empty when there is only one."""
    agencies = list(agencies_of(me.user))
    if not agencies:
        return []
    here = str(me.enterprise.uid) if me.enterprise else ""
    names = [("", f"{me.person.name}（我本人）"), *((str(one.enterprise.uid), one.enterprise.name) for one in agencies)]
    return [{"value": value, "label": label, "current": value == here} for value, label in names]


def row(licence: Licence, today: Any) -> dict[str, Any]:
    """One licence as lists show it: state in words, days left, whether renewal should be asked for now."""
    left = licence.days_left(today)
    good = licence.standing == "valid" and not licence.is_expired(today)
    soon = good and left is not None and left <= max(licence_terms.REMINDERS)
    return {
        "licence": licence,
        "standing": licence.standing_words(today),
        "tone": "green" if good and not soon else "amber" if good else "red",
        "left": left if good else None,
        "ask_until": licence_terms.ask_until(licence) if soon else None,
        "late": bool(licence_filing.late_warning(licence, today)),
    }


def licence_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One licence: what it says, until when, what may be asked, and what became of it."""
    return _page(request, get_licence(request, uid))


def _page(request: HttpRequest, licence: Licence, error: str = "", status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    later = licence.later_applications.exclude(state=State.DRAFT).order_by("-id")
    context = {
        **row(licence, today),
        "error": error,
        "errors": [{"message": error, "href": "#actions"}] if error else [],
        "late_warning": licence_filing.late_warning(licence, today) if row(licence, today)["left"] is not None else "",
        "no_renewal": licence_filing.renewal_refusal(licence, today),
        "no_change": licence_filing.change_refusal(licence, today),
        "no_cancel": licence_requests.refusal(licence),
        "waiting": licence_requests.waiting(licence),
        "answered": licence.application.requests.filter(action="cancel_licence", standing="refused").last(),
        "drafts": licence.later_applications.filter(state=State.DRAFT),
        "later": later,
        "history": licence_history.rows(licence),
        "reminders": licence.reminders.order_by("-id")[:1],
        "crumbs": crumbs(licence),
    }
    return render(request, "applications/applicant/licence.html", context, status=status)


def crumbs(licence: Licence, last: str = "") -> list[dict[str, str]]:
    """Home, my licences, this one, and the page within it."""
    here = {"text": licence.name, "url": reverse("applications:licence", args=[licence.uid]) if last else ""}
    path = [{"text": "我的证照", "url": reverse("applications:licences")}, here]
    return [*path, *([{"text": last}] if last else [])]


def _holder(request: HttpRequest, licence: Licence) -> Applicant:
    """In whose name the later application is filed: the holder's, whatever name the person works in now."""
    me = applicant_of(request)
    return Applicant(me.user, me.person, licence.application.enterprise)


@require_POST
def renew(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Begin the renewal, or go on with the draft of it."""
    licence = get_licence(request, uid)
    try:
        draft = licence_drafts.renew(_holder(request, licence), licence)
    except MoveRefused as refused:
        return _page(request, licence, refused.message, 409)
    return redirect("applications:task-list", uid=draft.uid)


def change(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask what should be different, then begin the draft."""
    licence = get_licence(request, uid)
    said = licence_filing.change_refusal(licence, timezone.localdate())
    if said:
        return _page(request, licence, said, 409)
    form = ChangeForm(licence, request.POST if request.method == "POST" else None)
    begun = licence_drafts.existing(licence, Purpose.CHANGE)
    form.initial = {one["field"]: one["new"] for one in begun.change_asked} if begun else {}
    if form.is_valid():
        try:
            draft = licence_drafts.change(_holder(request, licence), licence, form.cleaned_data)
        except DataMissing as refused:
            form.add_error(None, refused.message)
        except MoveRefused as refused:
            return _page(request, licence, refused.message, 409)
        else:
            return redirect("applications:task-list", uid=draft.uid)
    context = {"licence": licence, "form": form, "crumbs": crumbs(licence, "申请变更")}
    return render(request, "applications/applicant/licence_change.html", context, status=422 if form.errors else 200)


def cancel(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask the organ to cancel the licence; GET explains, POST sends."""
    licence = get_licence(request, uid)
    said = licence_requests.refusal(licence)
    if said and not licence_requests.waiting(licence):
        return _page(request, licence, said, 409)
    error = ""
    if request.method == "POST":
        try:
            licence_requests.ask(
                licence, actor=actors.applicant(signed_in(request)), reason=typed(request.POST, "reason")[:500]
            )
        except DataMissing as refused:
            error = refused.message
        except MoveRefused:  # the other click was faster
            return redirect("applications:licence", uid=uid)
        else:
            messages.success(request, "注销申请已经送出，机关处理后会在这里告诉您结果。")
            return redirect("applications:licence", uid=uid)
    context = {
        "licence": licence,
        "error": error,
        "errors": [{"message": error, "href": "#reason"}] if error else [],
        "reason": typed(request.POST, "reason"),
        "crumbs": crumbs(licence, "申请注销"),
    }
    return render(request, "applications/applicant/licence_cancel.html", context, status=422 if error else 200)
