"""The coordinator's view: the packages that this officer's departments lead, and one of them as a whole."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from applications import actors
from applications.actors import Actor
from applications.errors import DataMissing, MoveRefused
from applications.forms.joint import ExtendForm
from applications.joint import dates, extending, order, papers, queries, standing
from applications.models import Application, JointCase
from identity.acting import signed_in
from matters import calendar

ROWS = 50
TABS = {"running": "在办", "all": "全部"}


def get_joint(request: HttpRequest, number: str) -> tuple[JointCase, Actor]:
    """The joint case and the officer. One that another department leads and an unknown number give the same 404."""
    actor = actors.staff(signed_in(request))
    rows = queries.led_by(actor).select_related("version__joint__lead")
    joint = rows.filter(number=number).first()
    if joint is None:
        raise Http404("没有找到这件联办件，或者它不由您的部门牵头。")
    return joint, actor


def listing(request: HttpRequest) -> HttpResponse:
    """The joint cases of the lead departments, newest first, each with where its members stand."""
    led = queries.led_by(actors.staff(signed_in(request)))
    tab = request.GET.get("tab", "running")
    if tab not in TABS:
        raise Http404
    rows = queries.open_now(led) if tab == "running" else led
    page = Paginator(queries.in_lists(rows), ROWS).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "tabs": [{"title": title, "url": f"?tab={one}", "current": one == tab} for one, title in TABS.items()],
        "page": page,
        "rows": [_line(joint) for joint in page],
        "crumbs": [{"text": "办件工作台", "url": reverse("applications:worklist")}, {"text": "牵头的联办件"}],
    }
    return render(request, "applications/staff/joint_list.html", context)


def _line(joint: JointCase) -> dict[str, Any]:
    children, today, days = list(joint.children.all()), timezone.localdate(), calendar.current()
    return {
        "joint": joint,
        "name": joint.version.joint.name,
        "state": standing.words(children),
        "tone": standing.tone(children),
        "progress": standing.progress(children),
        "members": standing.lights(children, today, days),
    }


def page(request: HttpRequest, number: str) -> HttpResponse:
    """The whole: every member with state, light and limits, the joint limit; POST enters its extension."""
    joint, actor = get_joint(request, number)
    form = ExtendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            extending.extend(joint, actor=actor, **form.cleaned_data)
        except DataMissing as refused:
            for field, sentence in refused.fields.items():
                form.add_error(field, sentence)
        except MoveRefused as refused:
            messages.error(request, refused.message)
            return redirect("applications:staff-joint", number=number)
        else:
            messages.success(request, "联合办理期限已延长，申请人会看到理由和新的期限。")
            return redirect("applications:staff-joint", number=number)
    return render(request, "applications/staff/joint.html", whole(joint, actor) | {"form": form})


def whole(joint: JointCase, actor: Actor) -> dict[str, Any]:
    """What the page of a joint case shows."""
    children, today, days = papers.children_of(joint), timezone.localdate(), calendar.current()
    found = dates.dates_of(joint, children, today, days)
    return {
        "joint": joint,
        "state": standing.words(children),
        "tone": standing.tone(children),
        "progress": standing.progress(children),
        "dates": found,
        "rows": [row | {"steps": _steps(row["case"])} for row in standing.rows(children, found, today, days)],
        "may_extend": extending.may(joint, actor) and not dates.may_extend(joint, found, today),
        "crumbs": [
            {"text": "办件工作台", "url": reverse("applications:worklist")},
            {"text": "牵头的联办件", "url": reverse("applications:staff-joint-list")},
            {"text": joint.number},
        ],
    }


def _steps(case: Application) -> str:
    """In which steps a case is now."""
    steps = case.route_steps.filter(standing="current").values_list("name", flat=True)
    return "、".join(dict.fromkeys(steps))


def siblings(case: Application, actor: Actor) -> dict[str, Any] | None:
    """What a member's page says of the other members; None for a case that is by itself."""
    joint = case.joint_case
    if joint is None:
        return None
    children, today, days = papers.children_of(joint), timezone.localdate(), calendar.current()
    found = dates.dates_of(joint, children, today, days)
    return {
        "joint": joint,
        "dates": found,
        "rows": standing.rows(children, found, today, days),
        "waits_for": [one for one in order.before(case, children) if one.decided_at is None and not one.is_ended],
        "is_lead": joint.version.joint.lead_id in actor.departments_as("clerk", "reviewer", "approver", "inspector"),
    }
