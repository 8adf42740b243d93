"""How long cases of a matter really take: the third date beside law and promise on the guide page."""

from datetime import date, timedelta
from math import ceil
from statistics import median

from django.core.cache import cache

from applications.effects import day_of
from applications.models import Application
from matters import calendar
from matters.models import Matter
from matters.services import note_usual_days

LOOK_BACK_DAYS = 365
LEAST_CASES = 3  # fewer say nothing, and could point at one person
LEAST_FOR_TENTHS = 10


def refresh(today: date) -> int:
    """Note P50 and P90 of the working days from acceptance to decision of each matter, once a day; how many were noted."""
    if not cache.add(f"usual-days-{today.isoformat()}", True, timeout=24 * 3600):
        return 0
    return note_all(today)


def half(counts: list[int]) -> int:
    """P50 of working days: the median."""
    return round(median(counts))


def nine_in_ten(counts: list[int]) -> int | None:
    """P90 of working days: the least number within which nine of ten cases were decided; None for fewer than ten."""
    if len(counts) < LEAST_FOR_TENTHS:
        return None
    return sorted(counts)[ceil(len(counts) * 0.9) - 1]


def note_all(today: date) -> int:
    """Note them now. Days of special procedures count: the applicant waited them out."""
    days = calendar.current()
    taken: dict[int, list[int]] = {}
    since = today - timedelta(days=LOOK_BACK_DAYS)
    rows = Application.objects.filter(decided_at__date__gte=since).exclude(accepted_on=None)
    for matter, accepted_on, decided_at in rows.values_list("matter_id", "accepted_on", "decided_at"):
        if accepted_on is not None and decided_at is not None:
            taken.setdefault(matter, []).append(days.count_workdays(accepted_on, day_of(decided_at)))
    found = {
        matter: (half(counts), nine_in_ten(counts)) for matter, counts in taken.items() if len(counts) >= LEAST_CASES
    }
    matters = Matter.objects.in_bulk(found)
    for pk, (usual, slow) in found.items():
        if (matters[pk].usual_days, matters[pk].slow_days) != (usual, slow):
            note_usual_days(matters[pk], usual, slow)
    return len(found)
