"""Writing a package: its texts, its members and their order."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from identity.models import Department, Role
from matters import editors, queries, search
from matters.joint import publishing
from matters.joint.forms import PackageForms
from matters.joint.publishing import JointMoved
from matters.models import JointMatter, JointVersion, Matter
from matters.views.staff.access import keeper
from matters.views.staff.joint import crumbs
from matters.views.staff.joint_access import get_draft, seen_by

FOUND = 10
# Best finds among which this person's own are looked for.
LOOKED_THROUGH = 300
MOVED = "这份草稿在您打开之后被别人修改过。您填的内容都在下面，没有丢；请核对后再保存一次。"


def edit(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """GET the page; any button keeps what was typed, then finds or adds matters where it says so."""
    joint, version = get_draft(request, uid)
    if request.method != "POST":
        return _page(request, joint, version, PackageForms(version.parsed, _leads(request, joint)))
    sent = PackageForms(version.parsed, _leads(request, joint), request.POST)
    if not sent.is_valid():
        return _page(request, joint, version, sent, status=422)
    values = sent.values(version.parsed)
    if code := request.POST.get("add", ""):
        values["members"].append({"code": code, "stage": _next_stage(values["members"])})
    try:
        publishing.save(version, values, by=keeper(request), seen=seen_by(request))
    except JointMoved as moved:
        messages.warning(request, MOVED)
        return _page(request, joint, moved.version, sent, status=409)
    except ValueError as wrong:
        sent.content.add_error(None, str(wrong))
        return _page(request, joint, version, sent, status=422)
    return _onwards(request, joint)


def _onwards(request: HttpRequest, joint: JointMatter) -> HttpResponse:
    if "merge" in request.POST:
        return redirect("catalogue:joint-merge", joint.uid)
    address = reverse("catalogue:joint-edit", args=[joint.uid])
    # The Enter key presses the first button, which has no name: with something to find it means to find it.
    by_enter = "save" not in request.POST and request.POST.get("q")
    if "find" in request.POST or "add" in request.POST or by_enter:
        asked = {name: request.POST[name] for name in ("q", "mine") if request.POST.get(name)}
        return HttpResponseRedirect(f"{address}?{urlencode(asked)}#members")
    messages.success(request, "已保存。")
    return HttpResponseRedirect(address)


def _next_stage(members: Sequence[dict[str, Any]]) -> int:
    return max((member["stage"] for member in members), default=1)


def _page(
    request: HttpRequest, joint: JointMatter, version: JointVersion, sent: PackageForms, status: int = 200
) -> HttpResponse:
    asked = request.GET if request.method == "GET" else request.POST
    standing = publishing.standing(version)
    listed = Matter.objects.filter(code__in=[row["code"].value() for row in sent.members]).select_related("department")
    context = {
        "joint": joint,
        "version": version,
        "forms": sent,
        "package": standing.package,
        "problems": _by_field(standing.problems),
        "matters": {matter.code: matter for matter in listed},
        "found": _found(request, asked, {matter.code for matter in listed}),
        "asked": asked,
        "crumbs": crumbs(joint, "编辑"),
    }
    return render(request, "matters/staff/joint/edit.html", context, status=status)


def _found(request: HttpRequest, asked: QueryDict, already: set[str]) -> list[Matter]:
    """Published matters to add: by name, or this person's own when nothing is asked for."""
    text, mine = asked.get("q", "").strip(), asked.get("mine")
    if not text and not mine:
        return []
    kept = set(editors.departments_for(keeper(request)).values_list("pk", flat=True)) if mine else set()
    if text:
        best = search.Matters(search.find(text))[:LOOKED_THROUGH]
        found = [matter for matter in best if not mine or matter.department_id in kept]
    else:
        found = list(queries.published().filter(department__in=kept)[: FOUND + len(already)])
    return [matter for matter in found if matter.code not in already][:FOUND]


def _by_field(problems: Sequence[Any]) -> dict[str, list[str]]:
    """Messages by the path that they belong to, and by its first word."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        for key in dict.fromkeys([problem.path, problem.field]):
            found.setdefault(key, []).append(problem.message)
    return found


def _leads(request: HttpRequest, joint: JointMatter) -> list[Department]:
    own = editors.departments_for(keeper(request), Role.EDITOR)
    return list(Department.objects.filter(pk__in=[joint.lead_id]) | own)
