"""What the front page shows of the catalogue and of the work done: a few small queries, kept for a minute."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q
from django.utils import timezone

from applications.models import Application
from matters.models import Matter, MatterTag

FREQUENT = 8
WORDS = 6
THEMES = 16
SECONDS = 60
NUMBER_DAYS = 90


def front_page() -> dict[str, Any]:
    """``frequent`` matters, ``hot_words`` people search for, ``themes`` with counts, ``numbers`` or None."""
    found: dict[str, Any] = cache.get_or_set("hall:front-page", _read, SECONDS)
    return found


def _read() -> dict[str, Any]:
    rows = _published().order_by("-visits", "name")[:FREQUENT]
    frequent = list(
        rows.values("code", "name", "name_en", "aliases", "case_kind", "promised_value", "visits_needed", "online")
    )
    return {
        "frequent": frequent,
        "hot_words": [row["aliases"][0] for row in frequent if row["aliases"]][:WORDS],
        "themes": themes(),
        "numbers": _numbers(),
    }


def themes() -> list[dict[str, Any]]:
    """The themes that have published matters, the fullest first: ``value`` and ``count``."""
    tags = MatterTag.objects.filter(kind=MatterTag.Kind.THEME, matter__in=_published())
    return list(tags.values("value").annotate(count=Count("pk")).order_by("-count", "value")[:THEMES])


def _published() -> Any:
    return Matter.objects.filter(active=True, current__isnull=False)


def _numbers() -> dict[str, Any] | None:
    """How many matters, how many need no visit, and how decisions of the last 90 days kept the promise."""
    matters = _published().aggregate(
        total=Count("pk"), online=Count("pk", filter=Q(online=True)), no_visit=Count("pk", filter=Q(visits_needed=0))
    )
    since = timezone.now() - timedelta(days=NUMBER_DAYS)
    decided = Application.objects.filter(decided_at__gte=since).aggregate(
        decided=Count("pk"), in_time=Count("pk", filter=Q(decided_at__date__lte=F("promise_due")))
    )
    if not matters["total"]:
        return None
    share = round(100 * decided["in_time"] / decided["decided"], 1) if decided["decided"] else None
    return {**matters, **decided, "share": share, "days": NUMBER_DAYS}
