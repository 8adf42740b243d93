"""Licences inside: the list, one licence with its history, ending it, answering its holder."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import actors, bars, grounds, licence_history, licence_queries, licence_requests, licences
from applications.actors import Actor
from applications.errors import DataMissing, MoveRefused
from applications.forms.licence import AnswerForm, EndForm
from applications.models import Licence
from applications.states import State
from applications.views.applicant.access import typed
from applications.views.applicant.licences import row
from applications.views.tabs import tab_rows
from identity.acting import signed_in

ROWS = 50
TAB_WORDS = {
    "valid": "有效",
    "expiring": "90 天内届满",
    "expired": "已过有效期",
    "ended": "已撤销、撤回、注销",
    "all": "全部",
}
ACTS = {"revoke": grounds.REVOKE, "withdraw": grounds.WITHDRAW, "cancel": grounds.CANCEL}


def get_licence(request: HttpRequest, uid: uuid.UUID) -> tuple[Licence, Actor]:
    """The licence and the officer. A foreign licence and an unknown one give the same 404."""
    actor = actors.staff(signed_in(request))
    rows = licence_queries.visible_to(actor).select_related(
        "document", "application__department", "application__matter", "application__guide_version"
    )
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404("没有找到这份证照，或者它不由您的部门颁发。")
    return found, actor


def listing(request: HttpRequest) -> HttpResponse:
    """One of the tabs, found by number, holder or name."""
    actor, today = actors.staff(signed_in(request)), timezone.localdate()
    tab, words = request.GET.get("tab", "valid"), typed(request.GET, "q")
    if tab not in licence_queries.TABS:
        raise Http404
    rows = licence_queries.matching(licence_queries.visible_to(actor), words)
    shown = licence_queries.in_tab(rows, tab, today).select_related("application__department")
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    context = {
        "tabs": _tabs(rows, tab, words, today),
        "tab": tab,
        "words": words,
        "page": page,
        "rows": [row(licence, today) for licence in page],
    }
    return render(request, "applications/staff/licences.html", context)


def _tabs(rows: Any, current: str, words: str, today: Any) -> list[dict[str, Any]]:
    """The tabs with how many each has, in one query."""
    which = {tab: licence_queries.in_standing(tab, today) for tab in ("valid", "expiring", "expired")}
    counts = rows.order_by().aggregate(all=Count("pk"), **{tab: Count("pk", filter=one) for tab, one in which.items()})
    counts["ended"] = counts["all"] - counts["valid"] - counts["expired"]
    return tab_rows(TAB_WORDS, counts, current, words)


def licence_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What the licence says, what became of it, what is asked about it, and the acts this person has."""
    licence, actor = get_licence(request, uid)
    return _page(request, licence, actor, AnswerForm())


def _page(
    request: HttpRequest, licence: Licence, actor: Actor, form: AnswerForm, status: int = 200, error: str = ""
) -> HttpResponse:
    case = licence.application
    context = {
        **row(licence, timezone.localdate()),
        "case": case,
        "error": error,
        "acts": acts_of(licence, actor),
        "asked": licence_requests.waiting(licence),
        "may_answer": actor.holds("approver", case.responsible_departments()),
        "form": form,
        "later": licence.later_applications.exclude(state=State.DRAFT).order_by("-id"),
        "papers": case.documents.filter(kind__in=("licence_end", "bar")).order_by("-id"),
        "bars": case.bars.select_related("matter"),
        "may_bar": actor.holds("approver", case.responsible_departments()) and bool(bars.possible(case)),
        "history": licence_history.rows(licence),
        "crumbs": [{"text": "证照", "url": reverse("applications:staff-licences")}, {"text": licence.number}],
    }
    return render(request, "applications/staff/licence.html", context, status=status)


def acts_of(licence: Licence, actor: Actor) -> list[dict[str, str]]:
    """The ends this person can bring about now."""
    if not actor.holds("approver", licence.application.responsible_departments()):
        return []
    return [
        {
            "label": f"{grounds.ACT_WORDS[act]}证照",
            "url": reverse("applications:staff-licence-end", args=[licence.uid, name]),
        }
        for name, act in ACTS.items()
        if not licences.refusal(licence, act) and licences.open_grounds(licence, act)
    ]


def end(request: HttpRequest, uid: uuid.UUID, act: str) -> HttpResponse:
    """GET the form; POST asks once more; POST with ``confirmed`` ends it; POST with ``edit`` goes back to the form."""
    licence, actor = get_licence(request, uid)
    if act not in ACTS:
        raise Http404
    form = EndForm(licence, ACTS[act], request.POST if request.method == "POST" else None)
    try:
        licences.check(licence, ACTS[act], actor)
        if form.is_valid() and "confirmed" in request.POST:
            licences.end(licence.pk, ACTS[act], actor=actor, **form.cleaned_data)
            messages.success(request, f"已经{grounds.ACT_WORDS[ACTS[act]]}《{licence.name}》{licence.number}。")
            return redirect("applications:staff-licence", uid=uid)
    except DataMissing as refused:
        for field, sentence in refused.fields.items():
            form.add_error(field, sentence)
    except MoveRefused as refused:
        return refused_page(request, licence, f"{grounds.ACT_WORDS[ACTS[act]]}证照", refused)
    return _end_page(request, licence, act, form)


def _end_page(request: HttpRequest, licence: Licence, act: str, form: EndForm) -> HttpResponse:
    asks_again = form.is_valid() and "edit" not in request.POST
    word = grounds.ACT_WORDS[ACTS[act]]
    context = {
        "licence": licence,
        "form": form,
        "act": act,
        "word": word,
        "asks_again": asks_again,
        "ground_words": grounds.ground_words(ACTS[act], form.cleaned_data["ground"]) if asks_again else "",
        "crumbs": [
            {"text": "证照", "url": reverse("applications:staff-licences")},
            {"text": licence.number, "url": reverse("applications:staff-licence", args=[licence.uid])},
            {"text": f"{word}证照"},
        ],
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "applications/staff/licence_end.html", context, status=status)


def refused_page(request: HttpRequest, licence: Licence, label: str, refused: MoveRefused) -> HttpResponse:
    """What cannot be done, and why; 403 for the wrong person, 409 for the wrong moment."""
    context = {
        "case": licence.application,
        "label": label,
        "detail": refused.message,
        "case_url": reverse("applications:staff-licence", args=[licence.uid]),
        "place": "",
        "crumbs": [{"text": "证照", "url": reverse("applications:staff-licences")}, {"text": licence.number}],
    }
    status = 403 if refused.code == "not_allowed" else 409
    return render(request, "applications/staff/refused.html", context, status=status)


@require_POST
def answer(request: HttpRequest, uid: uuid.UUID, asked: uuid.UUID) -> HttpResponse:
    """Cancel as the holder asked, or say why not."""
    licence, actor = get_licence(request, uid)
    wanted = get_object_or_404(licence.application.requests, uid=asked, action="cancel_licence")
    form = AnswerForm(request.POST)
    try:
        if "agree" in request.POST:
            licence_requests.agree(licence, wanted, actor=actor)
            messages.success(request, f"已经注销《{licence.name}》{licence.number}。")
        elif form.is_valid():
            licence_requests.decline(licence, wanted, actor=actor, answer=form.cleaned_data["answer"])
            messages.success(request, "已经答复持证人。")
        else:
            return _page(request, licence, actor, form, 422)
    except MoveRefused as refused:
        return refused_page(request, licence, "答复注销申请", refused)
    return redirect("applications:staff-licence", uid=uid)
