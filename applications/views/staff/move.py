"""One move, in two looks: fill in, see what it will do, confirm. A stale form shows what changed and loses nothing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from applications import claims, machine, presenting, services
from applications.actors import Actor
from applications.desk import habits
from applications.errors import CaseMoved, DataMissing, MoveRefused, NotAllowed
from applications.forms.moves import MoveForm, form_for
from applications.models import Application
from applications.states import State
from applications.views.staff.access import get_case
from applications.views.staff.case import case_address, colleague, crumbs
from applications.views.staff.listing import Listing
from applications.views.staff.preview import preview


class Turn:
    """One person before one move of one case: what all the answers below are made of."""

    def __init__(self, request: HttpRequest, number: str, action: str) -> None:
        self.case, self.actor = get_case(request, number)
        if action not in machine.moves():
            raise Http404("没有这个动作。")
        self.request = request
        self.action = action
        self.listing = Listing(request, self.actor)
        self.label = machine.label(action, self.case.state)

    def refusal(self) -> tuple[str, int] | None:
        """Why this person cannot make this move now, and the status that says so; None when it can be made."""
        return why_not(self.case, self.action, self.actor)

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """A page about this move."""
        context = {
            "case": self.case,
            "action": self.action,
            "label": self.label,
            "opinion_templates": habits.templates_for(self.actor, self.action),
            "place": self.listing.address(),
            "case_url": case_address(self.case, self.listing),
            "crumbs": crumbs(self.listing, self.case, self.label),
            **context,
        }
        return render(self.request, f"applications/staff/{template}.html", context, status=status)


def why_not(case: Application, action: str, actor: Actor) -> tuple[str, int] | None:
    """The law's sentence (409) or the post's (403); None when the move can be made."""
    case.acting_on = timezone.localdate()
    sentence = machine.refusal(case, action)
    if sentence is not None:
        return sentence, 409
    if not machine.permitted(case, action, actor):
        return services.person_refusal(case, action, actor), 403
    return None


def move(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """GET the form; POST shows the preview; POST with ``confirmed`` acts; POST with ``edit`` goes back to the form.

    A move that asks for nothing is shown at once as it would be.
    """
    turn = Turn(request, number, action)
    if request.method == "POST":
        return _posted(turn, form_for(turn.case, action, request.POST), request.POST.get("seen", ""))
    refusal = turn.refusal()
    if refusal:
        return _refused(turn, *refusal)
    form = form_for(turn.case, action)
    return _form(turn, form) if form.fields else _preview(turn, form_for(turn.case, action, {}))


def _posted(turn: Turn, form: MoveForm, seen: str) -> HttpResponse:
    if seen != turn.case.seen:
        return _stale(turn, form, seen)
    refusal = turn.refusal()
    if refusal:
        return _refused(turn, *refusal)
    if "edit" in turn.request.POST:
        return _form(turn, form)
    if not form.is_valid():
        return _form(turn, form, status=422)
    try:
        if "confirmed" not in turn.request.POST:
            return _preview(turn, form)
        moved = services.perform(turn.case.pk, turn.action, actor=turn.actor, seen=seen, **form.move_data())
    except CaseMoved:
        return _stale(turn, form, seen)
    except DataMissing as missing:
        for name, sentence in missing.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return _form(turn, form, status=422)
    except MoveRefused as refused:
        return _refused(turn, refused.message, 403 if isinstance(refused, NotAllowed) else 409)
    return _done(turn, moved)


def _done(turn: Turn, moved: Application) -> HttpResponse:
    claims.settle(moved, turn.actor, before=turn.case.state)
    messages.success(turn.request, f"已经办理：{turn.label}。现在的状态：{moved.state_label}。")
    return redirect(case_address(moved, turn.listing))


def _form(turn: Turn, form: MoveForm, *, status: int = 200) -> HttpResponse:
    return turn.page("move", status, form=form, seen=turn.case.seen, **beside_the_form(turn))


def _preview(turn: Turn, form: MoveForm) -> HttpResponse:
    form.full_clean()
    final = machine.custom(turn.action, turn.case.state).get("final", False)
    shown = preview(turn.case, turn.actor, turn.action, form.move_data())
    typed = form.typed(beside_papers=bool(shown["documents"]))
    return turn.page("move_preview", form=form, seen=turn.case.seen, final=final, preview=shown, typed=typed)


def beside_the_form(turn: Turn) -> dict[str, Any]:
    """What one wants to have before one's eyes while writing: facts, opinions so far, what was asked for."""
    light, word = presenting.light_of(turn.case, turn.listing.today, turn.listing.days)
    steps = turn.case.route_steps.select_related("department")
    return {
        "light": light,
        "light_word": word,
        "opinions": [step for step in steps if step.opinion],
        "corrections": turn.case.corrections.all(),
        "colleague": colleague(turn.case, turn.actor),
    }


def _stale(turn: Turn, form: MoveForm, seen: str) -> HttpResponse:
    """Somebody was faster: show what happened since, keep what was typed."""
    turn.case.refresh_from_db()
    state, _, version = seen.rpartition(".")
    since = int(version) if version.isdecimal() else 0
    return turn.page(
        "stale",
        409,
        form=form,
        seen=turn.case.seen,
        was=State(state).label if state in State.values else "",
        events=presenting.timeline(turn.case.events.filter(version__gt=since), inside=True),
        refusal=turn.refusal(),
    )


def _refused(turn: Turn, sentence: str, status: int) -> HttpResponse:
    return turn.page("refused", status, detail=sentence)
