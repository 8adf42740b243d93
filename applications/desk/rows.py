"""The rows of the work list, in order, without looking at more of them than are shown.

A list is the union of a few branches (my department's window, each of my posts in routes, what I was asked to countersign). Each
branch can be read in the order of an index; the first rows of the whole are among the first rows of the branches. Numbers are
counted up to a bound: nobody pages through ten thousand.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from applications.actors import Actor
from applications.models import Application, Countersign, Message, RouteStep
from applications.models.countersign import Verdict
from applications.models.progress import StepStanding
from applications.states import AT_A_STEP, AT_A_WINDOW, State
from matters.workdays import Calendar

Rows = QuerySet[Application]
CASEWORK = ("clerk", "reviewer", "approver", "inspector")
# What a line of the work list shows; the guide's texts and the encrypted columns stay where they are.
LIST_FIELDS = (
    "number",
    "state",
    "version",
    "purpose",
    "channel",
    "joint_case_id",
    "waits_its_turn",
    "applicant_kind",
    "applicant_name",
    "submitted_at",
    "accepted_on",
    "decided_at",
    "silence_due",
    "intake_due",
    "law_due",
    "promise_due",
    "delivery_due",
    "next_due",
    "sort_due",
    "due_provisional",
    "matter__name",
    "matter__code",
    "department__name",
    "department__short_name",
    "handler__username",
    "handler__display_name",
)
TABS = ("mine", "department", "soon", "overdue", "all")
BOUND = 1000
SOON_WORKDAYS = 2
# A branch may name a case twice (two steps of one post); so many more are read than are wanted.
SPARE = 10


@dataclass(frozen=True)
class Order:
    """How a list is sorted: by a column of the case, and by id among equals."""

    column: str
    descending: bool = False


DUE = Order("sort_due")
FILED, FILED_LAST = Order("submitted_at"), Order("submitted_at", descending=True)
# Of everything that was ever filed, ids run as the days of filing do.
OLDEST, NEWEST = Order("id"), Order("id", descending=True)


def order_of(tab: str, wanted: str) -> Order:
    """How a tab is sorted: as wanted (due, newest, oldest), else soonest limit first, of everything the newest."""
    if tab == "all":
        return {"due": DUE, "oldest": OLDEST}.get(wanted, NEWEST)
    return {"newest": FILED_LAST, "oldest": FILED}.get(wanted, DUE)


@dataclass(frozen=True)
class Branch:
    """Cases that can be read in order; ``due`` and ``pk`` are the columns of the index that has ``sort_due``'s order."""

    rows: Rows
    due: str = "sort_due"
    pk: str = "pk"

    def first(self, order: Order, count: int) -> list[tuple[Any, int]]:
        """(value, id) of the first rows."""
        columns = self._columns(order)
        return list(self.rows.order_by(*_signed(columns, order)).values_list(*columns)[:count])

    def beside(self, order: Order, place: tuple[Any, int], *, before: bool) -> tuple[Any, int] | None:
        """(value, id) of the row next to a place in the order."""
        value, pk = columns = self._columns(order)
        ahead = before != order.descending
        compare = "lt" if ahead else "gt"
        beyond = Q(**{f"{value}__{compare}": place[0]}) | Q(**{value: place[0], f"{pk}__{compare}": place[1]})
        signs = _signed(columns, Order(order.column, descending=ahead))
        return self.rows.filter(beyond).order_by(*signs).values_list(*columns).first()

    def _columns(self, order: Order) -> tuple[str, str]:
        return (self.due if order.column == "sort_due" else order.column, self.pk)


def _signed(columns: tuple[str, str], order: Order) -> list[str]:
    return [f"-{name}" if order.descending else name for name in dict.fromkeys(columns)]


def shown(rows: Rows) -> Rows:
    """The rows with what a line shows, whether the applicant wrote, and the steps they are in as ``steps_now``."""
    unread = Message.objects.filter(application=OuterRef("pk"), from_office=False, read_at=None)
    now = RouteStep.objects.filter(standing=StepStanding.CURRENT)
    lean = rows.select_related("matter", "department", "handler").only(*LIST_FIELDS).order_by()
    lean = lean.annotate(has_letter=Exists(unread))
    return lean.prefetch_related("labels", Prefetch("route_steps", queryset=now, to_attr="steps_now"))


class Listed:
    """What a paginator wants: ``count`` and slices; every slice is read in one query for its columns."""

    def __init__(self, branches: list[Branch], order: Order, *, bound: int | None = BOUND) -> None:
        self.branches, self.order = branches, order
        self.most = None if bound is None else bound + 1

    def count(self) -> int:
        """How many there are, one more than the bound at most."""
        if len(self.branches) == 1:
            return self.branches[0].rows.order_by()[: self.most].count()
        found: set[int] = set()
        for branch in self.branches:
            found.update(branch.rows.order_by().values_list("pk", flat=True)[: self.most])
        return len(found) if self.most is None else min(len(found), self.most)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, wanted: slice) -> list[Application]:
        ids = self.ids(wanted.start or 0, wanted.stop)
        cases = {case.pk: case for case in shown(Application.objects.filter(pk__in=ids))}
        return [cases[pk] for pk in ids if pk in cases]

    def ids(self, start: int, stop: int) -> list[int]:
        """The ids of these places of the list."""
        return list(islice(self._merged(stop + SPARE), start, stop))

    def _merged(self, count: int) -> Iterator[int]:
        firsts = (branch.first(self.order, count) for branch in self.branches)
        seen: set[int] = set()
        for _, pk in heapq.merge(*firsts, reverse=self.order.descending):
            if pk not in seen:
                seen.add(pk)
                yield pk

    def beside(self, case: Application) -> tuple[int | None, int | None]:
        """The ids before and after a case; when it is not in the list (any more), (None, the first)."""
        if not any(branch.rows.filter(pk=case.pk).exists() for branch in self.branches):
            return None, next(self._merged(1), None)
        place = (getattr(case, self.order.column), case.pk)
        around = []
        for before in (True, False):
            found = [row for branch in self.branches if (row := branch.beside(self.order, place, before=before))]
            nearest = (max if before != self.order.descending else min)(found, default=None)
            around.append(nearest[1] if nearest else None)
        return around[0], around[1]


def words_of(count: int) -> str:
    """A number of rows as it is shown: 1000+ beyond the bound."""
    return f"{BOUND}+" if count > BOUND else str(count)


def waiting(actor: Actor) -> list[Branch]:
    """What waits for this person: the windows and the steps of one's posts, and what one was asked to countersign."""
    found = [
        Branch(Application.objects.filter(department=department, desk=AT_A_WINDOW))
        for department in sorted(actor.departments_as("clerk"))
    ]
    for department, role in sorted(actor.posts):
        at = {"standing": StepStanding.CURRENT, "department": department, "role": role}
        rows = Application.objects.filter(desk__gt=0, **{f"route_steps__{name}": value for name, value in at.items()})
        found.append(Branch(rows, due="route_steps__case_due", pk="route_steps__application_id"))
    return [*found, *_asked(actor, Q(verdict=Verdict.OPEN))]


def running(actor: Actor, due: Q | None = None) -> list[Branch]:
    """Open cases of one's departments, and those of others in which they have a step; ``due`` narrows by the limit."""
    found = [
        Branch(Application.objects.filter(due or Q(), department=department, desk=desk))
        for department in sorted(actor.departments_as(*CASEWORK))
        for desk in (AT_A_STEP, AT_A_WINDOW)
    ]
    open_ = Application.objects.filter(due or Q(), desk__gt=0)
    foreign = [Branch(open_.filter(pk__in=steps)) for steps in _foreign_steps(actor)]
    return [*found, *foreign, *_asked(actor, Q(), due or Q())]


def everything(actor: Actor) -> list[Branch]:
    """All cases that were ever filed, of the same."""
    found = [
        Branch(Application.objects.filter(department=department).exclude(state=State.DRAFT))
        for department in sorted(actor.departments_as(*CASEWORK))
    ]
    foreign = [Branch(Application.objects.filter(pk__in=steps)) for steps in _foreign_steps(actor)]
    return [*found, *foreign, *_asked(actor, Q(), is_open=False)]


def of_tab(actor: Actor, tab: str, *, today: date, days: Calendar) -> list[Branch]:
    """The branches of one of the tabs of an officer."""
    if tab == "mine":
        return waiting(actor)
    if tab == "all":
        return everything(actor)
    soon = Q(sort_due__gte=today, sort_due__lte=days.add_workdays(today, SOON_WORKDAYS))
    return running(actor, {"soon": soon, "overdue": Q(sort_due__lt=today)}.get(tab))


def _foreign_steps(actor: Actor) -> list[QuerySet[RouteStep, Any]]:
    """For each department the cases of others in which it has a step."""
    return [
        RouteStep.objects.filter(department=department, is_foreign=True).values("application")
        for department in sorted(actor.departments_as(*CASEWORK))
    ]


def _asked(actor: Actor, which: Q, due: Q | None = None, *, is_open: bool = True) -> list[Branch]:
    asked = Countersign.objects.filter(which, signer=actor.user_id)
    if not asked.exists():
        return []
    rows = Application.objects.filter(due or Q(), pk__in=asked.values("application"))
    return [Branch(rows.filter(desk__gt=0) if is_open else rows)]
