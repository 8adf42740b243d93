"""Finding a matter without knowing its name: by audience, theme, life event, department, type, level and depth."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from identity.models import Department
from matters import codes, queries
from matters.models import Matter
from matters.search import Found
from matters.views.finding import asked, listing
from matters.views.pages import public_page

# A department's matters stand on one page, so that every guide is three clicks away: home, department, guide. Of a
# department with more, the list of departments leads to each page.
DEPARTMENT_ROWS = 200
TOGETHER = 12


@public_page
def browse(request: HttpRequest) -> HttpResponse:
    """The list of all guides, narrowed."""
    shown = listing(request, hidden="audience")
    chosen = asked(request.GET)
    is_used = shown.text or any(value for name, value in chosen.items() if name != "audience")
    context = {
        "listing": shown,
        "page": shown.page,
        "audience": codes.AUDIENCES.get(chosen["audience"], ""),
        "life": codes.LIFE_EVENTS.get(chosen["life"], ""),
        "tabs": _tabs(chosen["audience"], shown.answer.found),
        "clear_url": f"{reverse('matters:browse')}?audience={chosen['audience']}" if is_used else "",
        "crumbs": [{"text": _("办事指南")}],
    }
    return render(request, "matters/browse.html", context)


def _tabs(chosen: str, found: Found) -> list[dict[str, Any]]:
    counts = found.counts("audience")
    url = reverse("matters:browse")
    tabs: list[dict[str, Any]] = [{"title": _("全部"), "url": url, "current": chosen not in codes.AUDIENCES}]
    for value, label in codes.AUDIENCES.items():
        tabs.append(
            {
                "title": label,
                "url": f"{url}?audience={value}",
                "count": counts.get(value, 0),
                "current": value == chosen,
            }
        )
    return tabs


@public_page
def departments(request: HttpRequest) -> HttpResponse:
    """Every department that offers something, with a link to each page of its matters."""
    context = {
        "departments": [(department, _pages(department.matter_count)) for department in queries.departments()],
        "crumbs": [{"text": _("办事指南"), "url": reverse("matters:browse")}, {"text": _("部门")}],
    }
    return render(request, "matters/departments.html", context)


def _pages(count: int) -> list[dict[str, int]]:
    """The pages of a department that needs more than one: number, first and last matter."""
    if count <= DEPARTMENT_ROWS:
        return []
    starts = range(0, count, DEPARTMENT_ROWS)
    return [
        {"number": number, "first": start + 1, "last": min(start + DEPARTMENT_ROWS, count)}
        for number, start in enumerate(starts, 1)
    ]


@public_page
def department(request: HttpRequest, code: str) -> HttpResponse:
    """One department: where it is, whom to call, and its matters by theme."""
    found = Department.objects.prefetch_related("offices").filter(code=code).first()
    if found is None:
        raise Http404(_("没有找到这个部门。请从部门列表里重新查找。"))
    matters = queries.narrowed(queries.published(), department=code).order_by("-visits", "name", "pk")
    page = Paginator(matters, DEPARTMENT_ROWS).get_page(request.GET.get("page"))
    context = {
        "department": found,
        "offices": [office for office in found.offices.all() if office.phone],
        "page": page,
        "groups": _by_theme(page),
        "crumbs": [
            {"text": _("办事指南"), "url": reverse("matters:browse")},
            {"text": _("部门"), "url": reverse("matters:departments")},
            {"text": found.name},
        ],
    }
    return render(request, "matters/department.html", context)


def _by_theme(matters: Iterable[Matter]) -> list[tuple[str, list[Matter]]]:
    """Matters by their first theme, the largest theme first; those without a theme last. Few stay together."""
    matters = list(matters)
    if len(matters) <= TOGETHER:
        return [("", matters)]
    by_theme = sorted(matters, key=_theme)  # stable: the most visited stay in front
    groups = [(theme, list(some)) for theme, some in groupby(by_theme, _theme)]
    return sorted(groups, key=lambda group: (not group[0], -len(group[1])))


def _theme(matter: Matter) -> str:
    return matter.themes[0] if matter.themes else ""
