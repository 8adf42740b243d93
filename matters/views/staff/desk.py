"""The desk of the catalogue: every guide this person keeps, and what it waits for."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from identity.models import Department
from matters import desk as desks
from matters import editors
from matters.models import Matter
from matters.views.staff.access import keeper
from matters.views.staff.deskform import DeskForm

# (route, title) of the parts of the catalogue's desk, in the order of its tabs.
PARTS = (
    ("catalogue:desk", "事项"),
    ("catalogue:joint", "一件事"),
    ("catalogue:datasets", "查询服务"),
    ("catalogue:words", "搜索词"),
    ("catalogue:exchange", "导入导出"),
)
PAGE = 50
# Where a day begins: what waits for this person before what merely is.
FIRST = ("review", "approved", "draft", "findings", "published")


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The parts of the desk for ``components/tabs.html``; the one whose route is asked for is current."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [{"title": title, "url": reverse(route), "current": route == here} for route, title in PARTS]


def desk(request: HttpRequest) -> HttpResponse:
    """Tabs with counts, a filter that stays in the address, fifty rows a page."""
    listing = Listing(request)
    page = listing.page(request.GET.get("page"))
    teller = desks.Teller(page.object_list, listing.user, listing.keeping, listing.tab)
    context = {
        "tabs": tabs(request),
        "listing": listing,
        "page": page,
        "lines": [teller.line(matter) for matter in page],
        "crumbs": [{"text": "事项管理"}],
    }
    return render(request, "matters/staff/desk.html", context)


class Listing:
    """The tab and the filter of a request, and the matters they choose for this person."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = keeper(request)
        self.keeping = editors.keeping(self.user)
        self.today = timezone.localdate()
        own = (
            Department.objects.all()
            if self.keeping.everywhere
            else Department.objects.filter(pk__in=self.keeping.somewhere)
        )
        self.departments = list(own.order_by("code"))
        self.form = DeskForm(request.GET, departments=self.departments)
        self.wanted: dict[str, Any] = self.form.cleaned_data if self.form.is_valid() else {}
        asked = request.GET.get("tab", "")
        self.tab = asked if asked in desks.TITLES else self._first_tab()

    def _first_tab(self) -> str:
        return next((name for name in FIRST if self.counts[name]), "all")

    @property
    def filters(self) -> dict[str, str]:
        """What is filtered by, as it stands in the address."""
        return {name: value for name, value in self.wanted.items() if value}

    def address(self, tab: str | None = None) -> str:
        """The query of this list, or of another tab with the same filter."""
        return urlencode({"tab": tab or self.tab} | self.filters)

    @cached_property
    def matters(self) -> QuerySet[Matter]:
        """Every matter that this person keeps and that passes the filter."""
        rows = self.keeping.narrow(Matter.objects.all())
        if words := self.wanted.get("q"):
            rows = rows.filter(Q(name__icontains=words) | Q(code__istartswith=words))
        if self.wanted.get("department"):
            rows = rows.filter(department__code=self.wanted["department"])
        if self.wanted.get("type"):
            rows = rows.filter(type_code=self.wanted["type"])
        return rows

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many matters each tab has under this filter."""
        return desks.counts(self.matters, self.user, self.today)

    def tabs(self) -> list[dict[str, Any]]:
        """Every tab with its count and its address."""
        return [
            {"title": title, "url": f"?{self.address(name)}", "count": self.counts[name], "current": name == self.tab}
            for name, title in desks.TITLES.items()
        ]

    def page(self, number: str | None) -> Page[Matter]:
        """One page of fifty, by department and name."""
        rows = self.matters.filter(desks.conditions(self.user, self.today)[self.tab])
        pages = Paginator(desks.with_versions(rows.order_by("department__code", "name", "pk")), PAGE)
        pages.count = self.counts[self.tab]  # a cached property: the tabs have counted already
        return pages.get_page(number)
