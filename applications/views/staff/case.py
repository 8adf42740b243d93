"""The case page: facts and materials on the left, clocks, buttons and timeline on the right."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import machine, presenting, queries, services
from applications.actors import Actor
from applications.models import Application
from applications.views.staff.access import get_case
from applications.views.staff.worklist import light_of
from identity import numbers
from matters import calendar
from matters.formview import answer_rows


def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case and exactly the buttons this person has."""
    case, actor = get_case(request, number)
    days, today = calendar.current(), timezone.localdate()
    level, word = light_of(case, today, days)
    events = list(case.events.all())
    context = {
        "case": case,
        "moves": move_buttons(case, actor),
        "light": level,
        "light_word": word,
        "clocks": presenting.clock_rows(case, today, days),
        "pauses": case.pauses.all(),
        "route": presenting.route_rows(case.route_steps.select_related("department")),
        "timeline": presenting.timeline(events, inside=True),
        "facts": _facts(case),
        "sections": answer_rows(case.guide_version.form, case.answers),
        "materials": _materials(case),
        "corrections": case.corrections.all(),
        "documents": case.documents.all(),
        "requests": case.requests.all(),
        "licence": getattr(case, "licence", None),
        "may_revoke": actor.holds("approver", frozenset({case.department_id})),
        "colleague": case.handler if case.handler and case.handler_id != actor.user_id else None,
        "neighbours": _neighbours(case, actor),
        "crumbs": [{"text": "办件工作台", "url": "/work/"}, {"text": case.number}],
    }
    return render(request, "applications/staff/case.html", context)


def move_buttons(case: Application, actor: Actor) -> list[dict[str, Any]]:
    """The moves this person can make now; the likely next one first."""
    names = services.possible_moves(case, actor)
    buttons = [
        {
            "action": name,
            "label": machine.label(name, case.state),
            "primary": machine.custom(name, case.state).get("primary", False),
            "final": machine.custom(name, case.state).get("final", False),
        }
        for name in names
    ]
    return sorted(buttons, key=lambda button: not button["primary"])


def _facts(case: Application) -> list[dict[str, Any]]:
    is_person = case.applicant_kind == "person"
    return [
        {"label": "申请人", "value": case.applicant_name},
        {
            "label": "身份证号" if is_person else "统一社会信用代码",
            "value": numbers.mask_id_number(case.applicant_id) if is_person else case.applicant_id,
        },
        {"label": "联系人", "value": case.contact_name},
        {"label": "联系电话", "value": case.contact_phone},
        {"label": "地址", "value": case.address},
        {"label": "事项", "value": case.guide_version.guide.matter_name},
        {"label": "承办部门", "value": case.department.name},
    ]


def _materials(case: Application) -> list[dict[str, Any]]:
    """Each material of the guide with the files that were handed in, newest round first."""
    files = list(case.materials.order_by("-round", "id"))
    return [
        {
            "name": material.name,
            "necessity": material.necessity,
            "shared": material.shared_data,
            "files": [file for file in files if file.key == material.key],
        }
        for material in case.guide_version.guide.materials
        if material.kind != "form"
    ]


def _neighbours(case: Application, actor: Actor) -> dict[str, str | None]:
    """The case before and after this one among those that wait for this person."""
    waiting = list(queries.waiting_for(actor).order_by("next_due", "id").values_list("number", flat=True)[:200])
    if case.number not in waiting:
        return {"previous": None, "next": waiting[0] if waiting else None}
    here = waiting.index(case.number)
    return {
        "previous": waiting[here - 1] if here > 0 else None,
        "next": waiting[here + 1] if here + 1 < len(waiting) else None,
    }


@require_POST
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Say that I am working on it, or put it back; colleagues see it before they begin."""
    case, actor = get_case(request, number)
    mine = case.handler_id == actor.user_id
    Application.objects.filter(pk=case.pk).update(handler_id=None if mine else actor.user_id)
    return redirect("applications:staff-case", number=number)
