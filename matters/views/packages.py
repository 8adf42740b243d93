"""The public pages of joint matters (一件事): the list, and one package."""

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from matters import codes
from matters.codes import LIFE_EVENTS
from matters.joint import queries
from matters.joint.reading import Reading
from matters.models import JointMatter
from matters.templatetags.matters_format import matter_title
from matters.views.pages import public_page

ROWS = 20


@public_page
def packages(request: HttpRequest) -> HttpResponse:
    """All packages, by audience and by stage of life."""
    audience, event = request.GET.get("audience", ""), request.GET.get("event", "")
    found = queries.narrowed(queries.published(), audience=audience, life_event=event).order_by("name", "pk")
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "tabs": _tabs(audience),
        "events": _events(audience, event),
        "crumbs": [{"text": _("一件事一次办")}],
    }
    return render(request, "matters/packages.html", context)


def _tabs(chosen: str) -> list[dict[str, Any]]:
    url = reverse("matters:packages")
    tabs: list[dict[str, Any]] = [{"title": _("全部"), "url": url, "current": chosen not in codes.AUDIENCES}]
    return tabs + [
        {"title": label, "url": f"{url}?audience={value}", "current": value == chosen}
        for value, label in codes.AUDIENCES.items()
    ]


def _events(audience: str, chosen: str) -> list[dict[str, Any]]:
    """The stages that have packages for this audience, each with its number."""
    found = queries.narrowed(queries.published(), audience=audience)
    counts = Counter(found.values_list("life_event", flat=True))
    url = f"{reverse('matters:packages')}?audience={audience if audience in codes.AUDIENCES else ''}&event="
    rows = [
        {"title": label, "url": url + value, "count": counts[value], "current": value == chosen}
        for value, label in LIFE_EVENTS.items()
        if counts[value]
    ]
    return [{"title": _("全部阶段"), "url": url, "count": counts.total(), "current": not chosen}, *rows] if rows else []


@public_page
def package(request: HttpRequest, code: str) -> HttpResponse:
    """One package; ``when`` in the address are the situations that the visitor ticked."""
    joint = get_package(code)
    version = joint.current
    assert version is not None  # get_package gives published ones only
    context = {
        "joint": joint,
        "version": version,
        "content": version.parsed,
        "reading": Reading(version.package, request.GET.getlist("when"), narrowing="narrow" in request.GET),
        "changes": queries.changes_of(joint),
        "offered": queries.offered(version.package),
        "crumbs": [
            {"text": _("一件事一次办"), "url": reverse("matters:packages")},
            {"text": matter_title(joint)},
        ],
        "title": matter_title(joint),
    }
    return render(request, "matters/package.html", context)


def get_package(code: str) -> JointMatter:
    """The published package with this code; 404 otherwise."""
    joint = queries.get_published(code)
    if joint is None:
        raise Http404(_("没有找到这个“一件事”：它可能已经撤销，或者地址不完整。请从“一件事一次办”里重新查找。"))
    return joint
