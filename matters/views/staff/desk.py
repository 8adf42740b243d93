"""The desk of the catalogue: every guide this person keeps, and what it waits for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from matters import editors
from matters.views.staff.access import keeper

# (route, title) of the parts of the catalogue's desk, in the order of its tabs.
PARTS = (("catalogue:desk", "事项"), ("catalogue:exchange", "导入导出"))


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The parts of the desk for ``components/tabs.html``; the one whose route is asked for is current."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [{"title": title, "url": reverse(route), "current": route == here} for route, title in PARTS]


def desk(request: HttpRequest) -> HttpResponse:
    """The matters of this person's departments."""
    matters = editors.matters_for(keeper(request)).order_by("name", "pk")
    context = {"tabs": tabs(request), "matters": matters[:50], "crumbs": [{"text": "事项管理"}]}
    return render(request, "matters/staff/desk.html", context)
