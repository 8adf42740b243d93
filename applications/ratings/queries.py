"""Reading ratings: the office's list, and the figures of the public."""

from datetime import date

from django.db.models import Count, F, Q, QuerySet

from applications import queries
from applications.actors import Actor
from applications.models import Rating
from applications.models.rating import OPEN_STANDINGS, Grade, Remedy

TABS = ("open", "late", "bad", "all")


def visible_to(actor: Actor) -> QuerySet[Rating]:
    """The ratings of the cases this member of staff may open."""
    return Rating.objects.filter(application__in=queries.visible_to(actor).values("pk"))


def listed(actor: Actor, tab: str, today: date) -> QuerySet[Rating]:
    """One of ``TABS``, the most urgent first; ``all`` newest first."""
    rows = visible_to(actor).filter(_of(tab, today))
    order = ("-given_at", "-pk") if tab in ("bad", "all") else ("remedy__due", "pk")
    return rows.select_related("remedy", "application__matter", "application__department").order_by(*order)


def counts(actor: Actor, today: date) -> dict[str, int]:
    """How many rows each tab has, in one query."""
    return visible_to(actor).aggregate(**{tab: Count("pk", filter=_of(tab, today)) for tab in TABS})


def _of(tab: str, today: date) -> Q:
    waits = Q(remedy__standing__in=OPEN_STANDINGS)
    return {
        "open": waits,
        "late": waits & Q(remedy__due__lt=today),
        "bad": Q(grade__gte=Grade.BAD),
        "all": Q(),
    }[tab]


def counted() -> QuerySet[Rating]:
    """The ratings that count: one that the inspector set aside as untrue does not."""
    return Rating.objects.exclude(remedy__standing=Remedy.Standing.SET_ASIDE)


def distribution(rows: QuerySet[Rating] | None = None) -> list[dict[str, object]]:
    """The five grades with their numbers and shares in percent, the best first."""
    rows = counted() if rows is None else rows
    found = dict(rows.order_by().values_list("grade").annotate(number=Count("pk")))
    total = sum(found.values())
    return [
        {
            "grade": grade.value,
            "label": grade.label,
            "number": found.get(grade.value, 0),
            "share": round(100 * found.get(grade.value, 0) / total, 1) if total else None,
        }
        for grade in Grade
    ]


def satisfied_by_department() -> dict[int, tuple[int, int]]:
    """Department id → (ratings that are not bad, all that count)."""
    rows = counted().order_by().values(department=F("application__department_id"))
    found = rows.annotate(total=Count("pk"), good=Count("pk", filter=Q(grade__lt=Grade.BAD)))
    return {row["department"]: (row["good"], row["total"]) for row in found}
