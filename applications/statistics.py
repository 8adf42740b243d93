"""The figures the hall publishes of its own work, each counted from the cases themselves.

Kept for an hour: over years of cases a recount costs seconds, and figures of yesterday are fresh enough.
"""

from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from applications.models import Application
from applications.months import Month, last_months
from applications.ratings import queries as ratings
from applications.states import ENDED, State

MONTHS = 12
MATTERS = 15
SECONDS = 3600
SERVED = ~Q(state__in=(State.DRAFT, State.VOIDED))
IN_TIME = Q(decided_at__date__lte=F("promise_due"))


def published(today: date | None = None) -> dict[str, Any]:
    """The figures of the last twelve months, as the statistics page shows them."""
    today = today or timezone.localdate()
    found: dict[str, Any] = cache.get_or_set(f"statistics:{today.isoformat()}", lambda: count(today), SECONDS) or {}
    return found


def count(today: date) -> dict[str, Any]:
    """Count now. ``since`` is the first day of the twelfth month back; shares are percent, days natural days."""
    shown = last_months(today, MONTHS)[::-1]
    since = shown[0].first
    rows = Application.objects.filter(SERVED, submitted_at__date__gte=since)
    return {
        "since": since,
        "counted_at": timezone.now(),
        "totals": totals(rows, since),
        "months": months(rows, shown),
        "departments": departments(rows),
        "matters": matters(rows),
        "grades": ratings.distribution(),
        "satisfied": satisfied(),
    }


def totals(rows: Any, since: date) -> dict[str, Any]:
    """Filed, ended, decided, granted, refused, in time and the share that is."""
    found: dict[str, Any] = rows.aggregate(
        filed=Count("pk"),
        ended=Count("pk", filter=Q(state__in=ENDED)),
        decided=Count("pk", filter=Q(decided_at__isnull=False)),
        promised=Count("pk", filter=Q(decided_at__isnull=False, promise_due__isnull=False)),
        in_time=Count("pk", filter=IN_TIME),
    )
    return found | {"share": percent(found["in_time"], found["promised"])}


def months(rows: Any, shown: list[Month]) -> list[dict[str, Any]]:
    """Filed and decided in each of the months; those without any are there with noughts."""
    filed = _by_month(rows, "submitted_at")
    since = shown[0].first
    decided = _by_month(Application.objects.filter(SERVED, decided_at__date__gte=since), "decided_at")
    return [
        {"month": one.first, "filed": filed.get(one.first, 0), "decided": decided.get(one.first, 0)} for one in shown
    ]


def _by_month(rows: Any, column: str) -> dict[date, int]:
    found = rows.order_by().annotate(month=TruncMonth(column)).values_list("month").annotate(number=Count("pk"))
    return {timezone.localtime(month).date(): number for month, number in found if month is not None}


def departments(rows: Any) -> list[dict[str, Any]]:
    """Each department's filed and decided cases, days taken, share in time and of satisfied raters; the busiest first."""
    good = ratings.satisfied_by_department()
    return [
        row | {"satisfied": percent(*good.get(row["department_id"], (0, 0)))}
        for row in _grouped(rows, "department_id", "department__name")
    ]


def matters(rows: Any) -> list[dict[str, Any]]:
    """The matters asked for most."""
    return _grouped(rows, "matter__uid", "matter__name", "matter__code")[:MATTERS]


def _grouped(rows: Any, *names: str) -> list[dict[str, Any]]:
    taken = ExpressionWrapper(F("decided_at") - Coalesce(F("turn_at"), F("submitted_at")), output_field=DurationField())
    found = (
        rows.order_by()
        .values(*names)
        .annotate(
            filed=Count("pk"),
            decided=Count("pk", filter=Q(decided_at__isnull=False)),
            promised=Count("pk", filter=Q(decided_at__isnull=False, promise_due__isnull=False)),
            in_time=Count("pk", filter=IN_TIME),
            taken=Avg(taken, filter=Q(decided_at__isnull=False)),
        )
        .order_by("-filed", names[1])
    )
    return [row | {"share": percent(row["in_time"], row["promised"]), "days": _days(row["taken"])} for row in found]


def _days(taken: timedelta | None) -> float | None:
    return None if taken is None else round(taken.total_seconds() / 86400, 1)


def satisfied() -> float | None:
    """The share of raters who were at least basically satisfied."""
    rows = ratings.satisfied_by_department().values()
    return percent(sum(good for good, _ in rows), sum(total for _, total in rows))


def percent(part: int, whole: int) -> float | None:
    """A share in percent with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None
