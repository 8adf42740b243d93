"""The list an officer works from: which tab, which filter. Every page of a case carries it on in its address."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from applications import clocks, presenting, queries
from applications.actors import Actor
from applications.desk import finding
from applications.desk import rows as desk_rows
from applications.forms.worklist import FilterForm
from applications.models import Application, Label
from applications.states import State
from identity.models import Department
from matters import calendar
from matters.models import JointMatter
from matters.workdays import Calendar

PAGE = 50
TITLES = {"mine": "待我办理", "department": "在办", "soon": "临近期限", "overdue": "已超期限", "all": "全部"}

# Colours of the states that wait for somebody else; the others are blue, ended ones grey.
TONES = {State.CORRECTION: "amber", State.SPECIAL: "amber", State.GRANTED: "green", State.DELIVERED: "green"}


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to show."""

    case: Application
    light: str
    word: str
    days: str
    step: str
    tone: str
    has_letter: bool


class Listing:
    """The tab, the filter and the order of a request, and the cases they choose for this officer."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self.actor = actor
        self.today = timezone.localdate()
        self.days: Calendar = calendar.current()
        self.departments = list(Department.objects.filter(pk__in=actor.departments_as(*queries.CASEWORK)))
        self.form = FilterForm(request.GET, departments=self.departments)
        self.wanted: dict[str, Any] = self.form.cleaned_data if self.form.is_valid() else {}
        asked = request.GET.get("tab", "")
        self.tab = asked if asked in TITLES else self._first_tab()

    def _first_tab(self) -> str:
        """An inspector has nothing to do and much to watch."""
        return "mine" if self.actor.departments_as("clerk", "reviewer", "approver") else "department"

    @property
    def filters(self) -> dict[str, str]:
        """What is filtered by and how it is sorted, as it stands in the address."""
        return {name: value for name, value in self.wanted.items() if value}

    def address(self, tab: str | None = None) -> str:
        """The query of this list, or of another tab with the same filter."""
        return urlencode({"tab": tab or self.tab} | self.filters)

    @cached_property
    def rows(self) -> desk_rows.Listed:
        """The cases of this tab that pass the filter, in order."""
        order = desk_rows.order_of(self.tab, self.wanted.get("sort") or "")
        narrow = self._filter()
        found = desk_rows.of_tab(self.actor, self.tab, today=self.today, days=self.days)
        branches = [replace(branch, rows=branch.rows.filter(narrow)) for branch in found]
        return desk_rows.Listed(branches, order)

    def _filter(self) -> Q:
        narrow = Q()
        if words := self.wanted.get("q"):
            narrow &= finding.matching(words)
        if self.wanted.get("state"):
            narrow &= Q(state=self.wanted["state"])
        if self.wanted.get("department"):
            narrow &= Q(department__code=self.wanted["department"])
        if self.wanted.get("label"):
            narrow &= Q(
                pk__in=Label.cases.through.objects.filter(label__uid=self.wanted["label"]).values("application")
            )
        return narrow

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cases each tab has, without the filter, up to the bound; ``all`` only grows and is not counted."""
        made = {}
        for tab in TITLES:
            if tab != "all":
                branches = desk_rows.of_tab(self.actor, tab, today=self.today, days=self.days)
                made[tab] = desk_rows.Listed(branches, desk_rows.DUE).count()
        return made

    @property
    def leads_packages(self) -> bool:
        """Whether one of this officer's departments leads a package (一件事)."""
        return JointMatter.objects.filter(lead__in=self.departments).exists()

    def tabs(self) -> list[dict[str, Any]]:
        """Every tab with its count and its address."""
        return [
            {
                "title": title,
                "url": f"?{self.address(name)}",
                "count": desk_rows.words_of(self.counts[name]) if name in self.counts else None,
                "current": name == self.tab,
            }
            for name, title in TITLES.items()
        ]

    def page(self, number: str | None) -> Page[Application]:
        """One page of fifty; a tab that was counted already is not counted again."""
        pages: Paginator[Application] = Paginator(self.rows, PAGE)  # type: ignore[arg-type]
        if not set(self.filters) - {"sort"} and self.tab in self.counts:
            pages.count = self.counts[self.tab]  # a cached property
        return pages.get_page(number)

    def line(self, case: Application) -> Row:
        """One case of ``page`` as a line."""
        level, word = presenting.light_of(case, self.today, self.days)
        steps = list(dict.fromkeys(step.name for step in case.steps_now))  # type: ignore[attr-defined]
        tone = "" if case.is_ended else TONES.get(case.state, "blue")
        letter: bool = case.has_letter  # type: ignore[attr-defined]
        return Row(case, level, word, self._days_of(case), "、".join(steps), tone, letter)

    def _days_of(self, case: Application) -> str:
        if case.is_ended or case.next_due is None:
            return ""
        left = clocks.days_left(self.today, case.next_due, self.days)
        return f"剩 {left} 天" if left > 0 else "今天到期" if left == 0 else f"超 {-left} 天"

    def beside(self, case: Application) -> dict[str, str | None]:
        """The numbers of the case before and the case after this one."""
        before, after = self.rows.beside(case)
        numbers = dict(Application.objects.filter(pk__in=[before, after]).values_list("pk", "number"))
        return {"previous": numbers.get(before or 0), "next": numbers.get(after or 0)}
