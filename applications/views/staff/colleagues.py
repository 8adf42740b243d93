"""Colleagues on a case: ask for a countersignature, give it, do without it; hand the case over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from applications import claims, countersigning
from applications.actors import Actor
from applications.errors import DataMissing, MoveRefused
from applications.forms.colleagues import AskForm, HandOverForm, SignForm
from applications.models import Application
from applications.models.countersign import Verdict
from applications.views.staff.access import get_case
from applications.views.staff.case import case_address, crumbs
from applications.views.staff.listing import Listing
from identity.models import User

DONE = {
    "ask": "已经请求会签，对方会在待办里看到。",
    "sign": "会签意见已经记录。",
    "drop": "已经撤回会签。",
    "hand_over": "已经移交给同事，对方会在待办里看到。",
}


def colleagues(request: HttpRequest, number: str) -> HttpResponse:
    """The page with what this person can do here; POST does one thing, named by ``act``."""
    case, actor = get_case(request, number)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    made = _forms(case, actor, request.POST if act else None, act)
    problem = ""
    if act in DONE and (act == "drop" or (act in made and made[act].is_valid())):
        try:
            _do(act, case, actor, made.get(act), request)
        except DataMissing as refused:
            for name, sentence in refused.fields.items():
                made[act].add_error(name if name in made[act].fields else None, sentence)
        except MoveRefused as refused:
            problem = refused.message
        else:
            messages.success(request, DONE[act])
            return redirect(case_address(case, Listing(request, actor)))
    return _page(request, case, actor, made, problem, status=422 if act else 200)


def _forms(case: Application, actor: Actor, data: Any, act: str) -> dict[str, forms.Form]:
    """The forms of what can be done; the one that was sent is filled in."""
    made: dict[str, forms.Form] = {}
    if _my_turn(case, actor):
        made["sign"] = SignForm(case, data if act == "sign" else None)
    if countersigning.may_ask(case, actor):
        made["ask"] = AskForm(case, actor, data if act == "ask" else None)
    if claims.can_work_on(case, actor) and claims.heirs(case, actor):
        made["hand_over"] = HandOverForm(case, actor, data if act == "hand_over" else None)
    return made


def _my_turn(case: Application, actor: Actor) -> bool:
    first = countersigning.turn_of(case)
    return first is not None and first.signer_id == actor.user_id


def _do(act: str, case: Application, actor: Actor, form: forms.Form | None, request: HttpRequest) -> None:
    said = form.cleaned_data if form else {}
    if act == "ask":
        countersigning.ask(case, actor, **said)
    elif act == "sign":
        countersigning.sign(case, actor, **said)
    elif act == "drop":
        wanted = request.POST.get("countersign", "")
        countersigning.drop(case, int(wanted) if wanted.isdecimal() else 0, actor)
    else:
        claims.hand_over(case, actor, User.objects.get(username=said["colleague"]), reason=said["reason"])


def _page(
    request: HttpRequest, case: Application, actor: Actor, made: dict[str, forms.Form], problem: str, *, status: int
) -> HttpResponse:
    listing = Listing(request, actor)
    context = {
        "case": case,
        "countersigns": case.countersigns.select_related("signer"),
        "open": Verdict.OPEN,
        "forms": made,
        "form": next((one for one in made.values() if one.is_bound), None),
        "problem": problem,
        "may_ask": "ask" in made,
        "case_url": case_address(case, listing),
        "place": listing.address(),
        "crumbs": crumbs(listing, case, "会签和移交"),
    }
    return render(request, "applications/staff/colleagues.html", context, status=status)
