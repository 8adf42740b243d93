"""What the outer side tells the inner side once a day: what was searched for, and which guides were read how often."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from matters.models import DayTold, Matter, SearchedWord
from matters.searches import KEPT_DAYS
from sync import outbox

SEARCHES_COUNTED = "searches.counted"
VISITS_COUNTED = "visits.counted"
# Words and guides of one fact; the rest of the words is not told, the rest of the guides next day.
MOST_WORDS = 500
MOST_GUIDES = 20_000


def send(today: date) -> int:
    """Tell about every day that has ended and was not told about; returns the number of facts. Twice is as once.

    Counts older than three months are deleted.
    """
    ended = SearchedWord.objects.filter(day__lt=today).order_by("day").values_list("day", flat=True).distinct()
    told = sum(_tell(SEARCHES_COUNTED, day, _words) for day in list(ended))
    told += _tell(VISITS_COUNTED, today - timedelta(days=1), _visits)
    forget(today)
    return told


def forget(today: date) -> None:
    """Delete counts that are older than anybody looks at. Both sides."""
    before = today - timedelta(days=KEPT_DAYS)
    SearchedWord.objects.filter(day__lt=before).delete()
    DayTold.objects.filter(day__lt=before).delete()


@transaction.atomic
def _tell(topic: str, day: date, read: Callable[[date], list[dict[str, Any]]]) -> int:
    _told, is_new = DayTold.objects.get_or_create(topic=topic, day=day)
    rows = read(day) if is_new else []
    if rows:
        outbox.record(topic, f"{topic}:{day}", {"day": str(day), "rows": rows})
    return len(rows) > 0


def _words(day: date) -> list[dict[str, Any]]:
    """Those that found nothing first."""
    words = SearchedWord.objects.filter(day=day).order_by("-missed", "-searches", "text")[:MOST_WORDS]
    return [{"text": word.text, "searches": word.searches, "missed": word.missed} for word in words]


def _visits(day: date) -> list[dict[str, Any]]:
    """How often guides were read so far, of those that were read since they were told of last; notes that they are told."""
    changed = list(Matter.objects.filter(visits__gt=F("visits_told")).order_by("-visits", "pk")[:MOST_GUIDES])
    for matter in changed:
        matter.visits_told = matter.visits
    Matter.objects.bulk_update(changed, ["visits_told"], batch_size=400)
    return [{"matter": str(matter.uid), "total": matter.visits} for matter in changed]
