"""The case page: facts, materials and form on the left; clocks, buttons and what happened on the right."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from applications import bars, claims, countersigning, ledger, licence_faces, machine, presenting, services
from applications.actors import Actor
from applications.desk import habits
from applications.files import INLINE
from applications.models import Application, Countersign, Licence
from applications.models.countersign import Verdict
from applications.models.site_check import PaperOf
from applications.states import State
from applications.talking import comparing
from applications.views.staff import joint
from applications.views.staff.access import get_case
from applications.views.staff.counter import correct
from applications.views.staff.listing import Listing
from applications.views.staff.talk import talk
from identity.acting import signed_in
from matters import situations
from matters.filling import contradictions
from matters.formview import answer_rows
from sync import blobs

RECENT = 6
# What browsers' own PDF viewers read: the page as wide as the frame, no list of thumbnails beside it.
PDF_VIEW = "#navpanes=0&view=FitH"
KINDS = ("primary", "secondary", "danger")


def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case and exactly the buttons this person has."""
    case, actor = get_case(request, number)
    listing = Listing(request, actor)
    moves = services.possible_moves(case, actor)
    light, word = presenting.light_of(case, listing.today, listing.days)
    events = list(case.events.all())
    timeline = presenting.timeline(events, inside=True)
    materials = material_rows(case)
    signs = list(case.countersigns.select_related("signer"))
    context = {
        "case": case,
        "moves": move_buttons(case, moves),
        "may_claim": claims.is_desk_work(moves),
        "light": light,
        "light_word": word,
        "clocks": presenting.clock_rows(case, listing.today, listing.days),
        "accounts": ledger.accounts(case, listing.today, listing.days),
        "dates": ledger.three_dates(case, listing.days),
        "ledger_url": reverse("applications:staff-ledger", args=[case.number]),
        "pauses": case.pauses.all(),
        "route": presenting.route_rows(case.route_steps.select_related("department")),
        "recent": timeline[:RECENT],
        "earlier": timeline[RECENT:],
        "sections": answer_rows(case.guide_version.form, case.answers, masked=True),
        "materials": materials,
        "first_file": next((file for row in materials for file in row["files"] if file["shown"]), None),
        "situation": case.situation_words(),
        "asks_situation": not situations.is_complete(case.guide_version.scenario, case.situation),
        "contradictions": contradictions(case.guide_version.parsed, case.situation, case.answers),
        "corrections": case.corrections.all(),
        "owed": case.owed.all(),
        "documents": case.documents.all(),
        "requests": case.requests.all(),
        "countersigns": signs,
        "signs_now": _signs_now(case, actor),
        "awaits_signature": any(one.verdict == Verdict.OPEN for one in signs) and not case.is_ended,
        "may_ask": countersigning.may_ask(case, actor),
        "hearing": getattr(case, "hearing", None),
        "third_parties": case.third_parties.all(),
        "site_checks": case.site_checks.all(),
        "case_papers": case.case_papers.all(),
        "paper_kinds": PaperOf.choices,
        "handed_up": case.state == State.TRANSFERRED_UP,
        "licence": Licence.objects.filter(application=case).first(),
        "may_bar": actor.holds("approver", case.responsible_departments()) and bool(bars.possible(case)),
        "barred": bars.is_barred(case.applicant_id_hash, case.matter, listing.today),
        "was_renewed_by_silence": any(event.action == "deem_renewed" for event in events),
        "change_rows": licence_faces.change_rows(case),
        "in_person": correct.links(case, actor),
        "counter": getattr(case, "counter", None),
        "postal_wish": getattr(case, "postal_wish", None),
        "supplied": comparing.supplied(case),
        "talk": talk(case, actor),
        "joint": joint.siblings(case, actor),
        "colleague": colleague(case, actor),
        "neighbours": listing.beside(case),
        "place": listing.address(),
        "shortcuts": habits.of(signed_in(request)).shortcuts,
        "crumbs": crumbs(listing, case),
    }
    return render(request, "applications/staff/case.html", context)


def _signs_now(case: Application, actor: Actor) -> Countersign | None:
    """The countersignature that waits for this person."""
    first = countersigning.turn_of(case)
    return first if first is not None and first.signer_id == actor.user_id else None


def crumbs(listing: Listing, case: Application, last: str = "") -> list[dict[str, str]]:
    """Home, the list as it was left, the case, and the page within it."""
    path = [{"text": "办件工作台", "url": f"{reverse('applications:worklist')}?{listing.address()}"}]
    here = {"text": case.number or "", "url": case_address(case, listing) if last else ""}
    return [*path, here, *([{"text": last}] if last else [])]


def case_address(case: Application, listing: Listing) -> str:
    """The case page, with the list it was opened from."""
    return f"{reverse('applications:staff-case', args=[case.number])}?{listing.address()}"


def move_buttons(case: Application, moves: list[str]) -> list[dict[str, Any]]:
    """A button for each possible move; the likely next one first."""
    buttons = [
        {
            "action": name,
            "label": machine.label(name, case.state),
            "kind": _kind(machine.custom(name, case.state)),
        }
        for name in moves
    ]
    return sorted(buttons, key=lambda button: KINDS.index(button["kind"]))


def _kind(declared: dict[str, Any]) -> str:
    """The likely next move stands out; one that ends the case without the likely outcome is marked."""
    if declared.get("primary"):
        return "primary"
    return "danger" if declared.get("final") else "secondary"


def colleague(case: Application, actor: Actor) -> str:
    """Who else is working on it at the moment; empty when nobody is."""
    if case.handler is None or case.handler_id == actor.user_id or case.is_ended:
        return ""
    return str(case.handler)


def presented_rows(case: Application) -> dict[str, Any]:
    """Material → what lay on the counter of it last: sheets of paper, level of trust, who judged."""
    return {row.key: row for row in case.presented.order_by("round")}


def material_rows(case: Application) -> list[dict[str, Any]]:
    """Each material of the guide with the files that were handed in, the newest round first."""
    files = list(case.materials.order_by("replaced", "-round", "id"))
    presented = presented_rows(case)
    return [
        {
            "material": material,
            "note": presented.get(material.key),
            "files": [_file_row(case, file) for file in files if file.key == material.key],
            "corrected": any(file.round for file in files if file.key == material.key),
        }
        for material in case.guide.materials
        if material.kind != "form" or material.key in presented
    ]


def _file_row(case: Application, file: Any) -> dict[str, Any]:
    """``arrived`` is whether its bytes have crossed; ``shown`` whether a browser can show them in the page."""
    arrived = blobs.exists(file.sha256)
    return {
        "file": file,
        "url": reverse("applications:staff-material", args=[case.number, file.pk]),
        "arrived": arrived,
        "shown": arrived and file.content_type in INLINE,
        "fragment": PDF_VIEW if file.content_type == "application/pdf" else "",
    }


@require_POST
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Say that I am working on it, or put it back; colleagues see it before they begin."""
    case, actor = get_case(request, number)
    back = redirect(case_address(case, Listing(request, actor)))
    if "put_back" in request.POST:
        claims.put_back(case, actor)
    elif not claims.can_work_on(case, actor):
        messages.error(request, "这件申请现在不由您的岗位办理，不用认领。")
    elif not claims.take(case, actor, shown=_shown_handler(request)):
        case.refresh_from_db(fields=["handler"])
        messages.warning(request, f"{case.handler or '同事'}刚刚认领了这件申请，没有改动。")
    return back


def _shown_handler(request: HttpRequest) -> int | None:
    """Who the page said was working on it."""
    shown = request.POST.get("shown", "")
    return int(shown) if shown.isdecimal() else None
