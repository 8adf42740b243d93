"""What the front page shows of the catalogue and of the work done: a few small queries, kept for a minute."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from identity import revision
from matters import codes, queries
from matters.joint import queries as joint_queries

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

FREQUENT = 8
WORDS = 6
THEMES = 16
PACKAGES = 3
DEPARTMENTS = 12
SECONDS = 60
NUMBER_DAYS = 90


def front_page() -> dict[str, Any]:
    """``frequent`` matters, ``hot_words`` people search for, ``themes``, ``events`` of persons and of enterprises
    and ``departments`` with counts, ``packages``, ``numbers`` or None."""
    key = f"hall:front-page:{revision.current()}"  # what was published a moment ago is there at once
    found: dict[str, Any] | None = cache.get_or_set(key, _read, SECONDS)
    return found or _read()


def hot_words() -> list[str]:
    """What people call the matters used most."""
    words: list[str] = front_page()["hot_words"]
    return words


def _read() -> dict[str, Any]:
    frequent = list(queries.most_used(FREQUENT))
    return {
        "frequent": frequent,
        "hot_words": [matter.aliases[0] for matter in frequent if matter.aliases][:WORDS],
        "themes": queries.themes()[:THEMES],
        "packages": list(joint_queries.published().order_by("name", "pk")[:PACKAGES]),
        "events": _events(),
        "departments": list(queries.departments()[:DEPARTMENTS]),
        "numbers": _numbers(),
    }


def _events() -> "list[tuple[StrPromise, list[tuple[str, StrPromise]]]]":
    """Life events that have matters: (title, [(code, label)]), persons first, in the order of a life."""
    used = {facet.value for facet in queries.life_events()}
    tables = ((_("人生大事"), codes.PERSON_EVENTS), (_("企业大事"), codes.ENTERPRISE_EVENTS))
    groups = [(title, [(code, label) for code, label in table.items() if code in used]) for title, table in tables]
    return [(title, events) for title, events in groups if events]


def _numbers() -> dict[str, Any] | None:
    """How many matters, how many need no visit, and how decisions of the last 90 days kept the promise."""
    matters = queries.published().aggregate(total=Count("pk"), no_visit=Count("pk", filter=Q(visits_needed=0)))
    if not matters["total"]:
        return None
    since = timezone.now() - timedelta(days=NUMBER_DAYS)
    decided = Application.objects.filter(decided_at__gte=since, promise_due__isnull=False).aggregate(
        decided=Count("pk"), in_time=Count("pk", filter=Q(decided_at__date__lte=F("promise_due")))
    )
    share = round(100 * decided["in_time"] / decided["decided"], 1) if decided["decided"] else None
    return {**matters, **decided, "share": share, "days": NUMBER_DAYS}
