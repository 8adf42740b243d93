"""The monthly report: what the month's cases say, counted from the cases themselves. Page, PDF and workbook show the same."""

from collections import Counter
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from applications.models import Alert, Application
from applications.models.alert import Cause, Level
from applications.months import Month
from applications.states import State
from applications.statistics import IN_TIME, percent
from applications.supervision.rules import BY_CODE
from applications.supervision.timing import STAGES, averages

# Natural days from submission to decision: up to and including.
BUCKETS = ((1, "1 天以内"), (3, "2–3 天"), (7, "4–7 天"), (15, "8–15 天"), (30, "16–30 天"), (10**6, "30 天以上"))


def made(rows: QuerySet[Application], month: Month) -> dict[str, Any]:
    """The report over the cases ``rows`` (those the reader supervises) for a month."""
    rows = rows.exclude(state__in=(State.DRAFT, State.VOIDED))
    decided = rows.filter(month.has("decided_at")).prefetch_related("clocks", "pauses")
    alerts = Alert.objects.filter(
        application__in=rows.values("pk"), raised_on__gte=month.first, raised_on__lt=month.next.first
    )
    return {
        "month": month,
        "totals": _totals(rows, month) | {"late": alerts.filter(rule="H02").count(), "over_law": _over_law(alerts)},
        "departments": _departments(rows, alerts, month),
        "matters": _matters(rows, month),
        "buckets": _buckets(decided),
        "stages": [{"title": title, "days": days} for title, days in _stages(decided)],
        "rules": _rules(alerts),
        "causes": _causes(alerts),
    }


def _totals(rows: QuerySet[Application], month: Month) -> dict[str, Any]:
    found: dict[str, Any] = rows.aggregate(
        filed=Count("pk", filter=month.has("submitted_at")),
        decided=Count("pk", filter=month.has("decided_at")),
        ended=Count("pk", filter=month.has("ended_at")),
        in_time=Count("pk", filter=month.has("decided_at") & IN_TIME),
    )
    return found | {"share": percent(found["in_time"], found["decided"])}


def _over_law(alerts: QuerySet[Alert]) -> int:
    return alerts.filter(rule__in=("R01", "R02")).count()


def _departments(rows: QuerySet[Application], alerts: QuerySet[Alert], month: Month) -> list[dict[str, Any]]:
    found = (
        rows.order_by()
        .values("department_id", name=F("department__name"))
        .annotate(
            filed=Count("pk", filter=month.has("submitted_at")),
            decided=Count("pk", filter=month.has("decided_at")),
            in_time=Count("pk", filter=month.has("decided_at") & IN_TIME),
        )
        .filter(Q(filed__gt=0) | Q(decided__gt=0))
        .order_by("-filed", "name")
    )
    levels = Counter(alerts.order_by().values_list("department_id", "level"))
    return [
        row
        | {"share": percent(row["in_time"], row["decided"])}
        | {level.value: levels[row["department_id"], level.value] for level in Level}
        for row in found
    ]


def _matters(rows: QuerySet[Application], month: Month) -> list[dict[str, Any]]:
    filed = rows.filter(month.has("submitted_at")).order_by()
    counted = filed.values(name=F("matter__name")).annotate(number=Count("pk"))
    return [dict(row) for row in counted.order_by("-number", "name")[:20]]


def _buckets(decided: QuerySet[Application]) -> list[dict[str, Any]]:
    days = [
        (end - start).days
        for start, end in decided.annotate(
            a=TruncDate(Coalesce("turn_at", "submitted_at")), b=TruncDate("decided_at")
        ).values_list("a", "b")
    ]
    counted = Counter(next(label for most, label in BUCKETS if taken <= most) for taken in days)
    return [{"label": label, "number": counted[label]} for _most, label in BUCKETS]


def _stages(decided: QuerySet[Application]) -> list[tuple[str, float | None]]:
    mean = averages(decided)
    return [(title, mean[stage] if mean else None) for stage, title in STAGES.items()]


def _rules(alerts: QuerySet[Alert]) -> list[dict[str, Any]]:
    counted = Counter(alerts.values_list("rule", flat=True))
    return [
        {"code": code, "title": rule.title, "level": rule.level.label, "number": counted[code]}
        for code, rule in BY_CODE.items()
        if counted[code]
    ]


def _causes(alerts: QuerySet[Alert]) -> list[dict[str, Any]]:
    late = alerts.filter(rule__in=[code for code, rule in BY_CODE.items() if rule.must_explain])
    counted = Counter(late.values_list("cause", flat=True))
    rows = [{"title": cause.label, "number": counted[cause.value]} for cause in Cause if counted[cause.value]]
    return [*rows, {"title": "还没有说明", "number": counted[""]}] if counted[""] else rows
