"""The window: find the matter, check who came, begin."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import opening
from applications.counter import filing
from applications.errors import MoveRefused
from applications.forms.counter import AGENT_NUMBER, IdentityForm
from applications.models import Application
from applications.models.application import ApplicantKind
from applications.models.counter import Capacity
from applications.views.applicant.access import typed
from applications.views.staff.counter.access import clerk_of, crumbs, get_draft
from identity.acting import signed_in
from matters import search
from matters.models import Matter

WINDOW = "counter_window"
SHOWN = 30
KINDS = ((ApplicantKind.PERSON, "个人来办"), (ApplicantKind.ENTERPRISE, "单位来办"))


def desk(request: HttpRequest) -> HttpResponse:
    """The matters this clerk takes in, found by words; what was begun and what was filed today."""
    actor = clerk_of(request)
    words = typed(request.GET, "q")[:100]
    mine = filing.matters_for(actor)
    found = _found(words, mine) if words else list(mine.order_by("-visits", "name")[:SHOWN])
    context = {
        "words": words,
        "rows": [{"matter": one, "ways": _ways(one)} for one in found],
        "drafts": filing.open_drafts(actor)[:SHOWN],
        "filed": filing.filed_today(actor, timezone.now())[:SHOWN],
        "crumbs": crumbs(),
    }
    return render(request, "applications/staff/counter/desk.html", context)


def _found(words: str, mine: Any) -> list[Matter]:
    """Best first, as on the public pages, but only of these departments; a code or a part of the name is always found."""
    by_pk = {matter.pk: matter for matter in mine}
    hits = [hit.matter.pk for hit in search.find(words)[: SHOWN * 10]]
    plain = [pk for pk, matter in by_pk.items() if words.casefold() in f"{matter.name}{matter.code}".casefold()]
    return [by_pk[pk] for pk in dict.fromkeys([*plain, *hits]) if pk in by_pk][:SHOWN]


def _ways(matter: Matter) -> list[dict[str, str]]:
    """In whose name it can be begun: a link for each kind of applicant the guide knows."""
    if matter.current is None or opening.closed_at_window(matter, timezone.localdate()):
        return []
    address = reverse("applications:counter-begin", args=[matter.code])
    header = matter.current.header
    return [
        {"label": label, "url": f"{address}?kind={kind}"}
        for kind, label in KINDS
        if not opening.unfit_kind(header, is_enterprise=kind == ApplicantKind.ENTERPRISE)
    ]


def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Check who came; then the draft."""
    actor, kind = clerk_of(request), request.GET.get("kind", ApplicantKind.PERSON)
    matter = filing.matters_for(actor).filter(code=code.replace("\0", "")).first()
    if matter is None or kind not in ApplicantKind.values:
        raise Http404("没有找到这一事项，或者它不由您的窗口收件。")
    if request.method != "POST":
        initial = {"window": request.session.get(WINDOW, "")}
        return _page(request, matter, IdentityForm(kind, initial=initial))
    form = IdentityForm(kind, _plain(request))
    if not form.is_valid():
        return _page(request, matter, form, status=422)
    try:
        case = filing.begin(signed_in(request), matter, form.visitor())
    except MoveRefused as refused:
        form.add_error(None, refused.message)
        return _page(request, matter, form, status=409)
    request.session[WINDOW] = form.cleaned_data["window"]
    return redirect("applications:counter-draft", uid=case.uid)


def identity(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Correct who came, before it is filed."""
    case = get_draft(request, uid)
    if request.method != "POST":
        return _page(request, case.matter, IdentityForm(case.applicant_kind, initial=_typed_before(case)), case)
    form = IdentityForm(case.applicant_kind, _plain(request))
    if not form.is_valid():
        return _page(request, case.matter, form, case, status=422)
    try:
        filing.identify(case, form.visitor(), signed_in(request))
    except MoveRefused as refused:
        form.add_error(None, refused.message)
        return _page(request, case.matter, form, case, status=409)
    messages.success(request, "来人的身份已经保存。")
    return redirect("applications:counter-draft", uid=case.uid)


def _plain(request: HttpRequest) -> dict[str, str]:
    """What was typed, without the NUL that PostgreSQL cannot hold."""
    return {name: value.replace("\0", "") for name, value in request.POST.items() if isinstance(value, str)}


def _typed_before(case: Application) -> dict[str, Any]:
    filing_row = case.counter
    initial = {
        "name": case.applicant_name,
        "number": case.applicant_id,
        "document": filing_row.document,
        "capacity": filing_row.capacity,
        "has_authority": filing_row.has_authority,
        "phone": case.contact_phone,
        "address": case.address,
        "window": filing_row.window,
    }
    if filing_row.capacity == Capacity.SELF:
        return initial
    return initial | {
        "agent_name": filing_row.presenter_name,
        AGENT_NUMBER: filing_row.presenter_id,
        "agent_document": filing_row.presenter_document,
    }


def _page(
    request: HttpRequest, matter: Matter, form: IdentityForm, case: Application | None = None, status: int = 200
) -> HttpResponse:
    back = reverse("applications:counter-draft", args=[case.uid]) if case else reverse("applications:counter")
    path = crumbs(case, "核验身份") if case else [*crumbs(), {"text": "核验身份"}]
    if case is None:
        path[0]["url"] = reverse("applications:counter")
    context = {"matter": matter, "case": case, "form": form, "back": back, "crumbs": path}
    response = render(request, "applications/staff/counter/identity.html", context, status=status)
    response["Cache-Control"] = (
        "private, no-store"  # the numbers are shown whole while they are compared with the papers
    )
    return response
