"""Begin an application: in whose name, and whether there is a draft already."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import drafts, licence_filing, opening
from applications.drafts import Applicant
from applications.errors import NotPossible
from applications.models import Application
from applications.states import OPEN
from applications.views.applicant.access import applicant_of
from applications.views.applicant.names import Name, names_of, usual
from identity import acting
from matters import questioning, situations
from matters.models import Matter
from matters.narrowing import narrow
from matters.situations import Answers


def start(request: HttpRequest, code: str) -> HttpResponse:
    """Explain what is coming, let the person choose a name, and begin or continue the draft."""
    me = applicant_of(request)
    code = code.replace("\0", "")  # PostgreSQL cannot even compare with it
    matter = get_object_or_404(Matter.objects.select_related("current", "department"), code=code)
    closed = opening.closed_because(matter, timezone.now())
    if closed:
        return render(request, "applications/applicant/closed.html", {"matter": matter, "reason": closed})
    assert matter.current is not None
    known = questioning.given_in(matter.current.scenario, request.GET)
    if situations.stop_of(matter.current.scenario, known):
        return redirect(f"{reverse('matters:situation', args=[matter.code])}?{situations.query(known)}")
    names = names_for(me, matter)
    if request.method == "POST":
        return _begin(request, matter, names, known)
    return _page(request, matter, names, known, chosen=usual(names, me))


def names_for(me: Applicant, matter: Matter) -> list[Name[Application]]:
    """The names that this matter could be applied for in, each with what speaks against it."""
    assert matter.current is not None
    header, today = matter.current.header, timezone.localdate()

    def unfit(one: Applicant) -> str:
        return opening.unfit_because(header, one) or licence_filing.barred_sentence(_identifier(one), matter, today)

    return names_of(me, unfit=unfit, draft=lambda one: drafts.existing(one, matter))


def _identifier(applicant: Applicant) -> str:
    return applicant.enterprise.uscc if applicant.enterprise else applicant.person.id_number


def _begin(request: HttpRequest, matter: Matter, names: list[Name[Application]], known: Answers) -> HttpResponse:
    chosen = next((name for name in names if name.value == request.POST.get("name")), None)
    if chosen is None or chosen.unfit:
        error = chosen.unfit if chosen else "请选择以谁的名义申请。"
        return _page(request, matter, names, known, chosen=request.POST.get("name", ""), error=error)
    acting.choose(request, chosen.applicant.enterprise)
    try:
        if "again" in request.POST:
            draft, is_new = drafts.begin(chosen.applicant, matter, known), True
        else:
            draft, is_new = drafts.begin_once(chosen.applicant, matter, known)
    except NotPossible as refused:  # withdrawn between the page and the click
        return render(request, "applications/applicant/closed.html", {"matter": matter, "reason": refused.message})
    if is_new:
        return redirect("applications:task-list", uid=draft.uid)
    return render(
        request,
        "applications/applicant/draft_exists.html",
        {"matter": matter, "name": chosen, "draft": draft, "known": _answered_otherwise(draft, known)},
    )


def _answered_otherwise(draft: Application, known: Answers) -> str:
    """The answers just given, as an address has them, when the draft holds others; empty otherwise."""
    return situations.query(known) if known and known != draft.situation else ""


def _page(
    request: HttpRequest,
    matter: Matter,
    names: list[Name[Application]],
    known: Answers,
    *,
    chosen: str,
    error: str = "",
) -> HttpResponse:
    assert matter.current is not None
    content = matter.current.parsed
    guide = narrow(content, known).guide
    context: dict[str, Any] = {
        "matter": matter,
        "names": names,
        "chosen": chosen,
        "errors": [{"message": error, "href": "#name"}] if error else [],
        "can_apply": any(not name.unfit for name in names),
        "materials": [
            one for one in guide.materials if one.necessity == "必要" and one.kind != "form" and not one.shared_data
        ],
        "answers": situations.words(content.scenario, known),
        "asks_situation": not situations.is_complete(content.scenario, known),
        "known": situations.query(known),
        "questions": [one for one in guide.conditions if one.question],
        "running": _running(names, matter),
        "crumbs": [{"text": matter.name, "url": reverse("matters:guide", args=[matter.code])}, {"text": "在线申请"}],
    }
    return render(request, "applications/applicant/start.html", context)


def _running(names: list[Name[Application]], matter: Matter) -> list[Application]:
    """Applications for the same matter that are under way: perhaps this one is not needed."""
    mine = Application.objects.filter(matter=matter, state__in=OPEN)
    enterprises = [name.applicant.enterprise for name in names if name.applicant.enterprise]
    user = names[0].applicant.user
    return list((mine.filter(owner=user, enterprise=None) | mine.filter(enterprise__in=enterprises))[:3])
