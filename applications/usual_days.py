"""How long cases of a matter really take: the third date beside law and promise on the guide page."""

from datetime import date, timedelta
from statistics import median

from django.core.cache import cache

from applications.effects import day_of
from applications.models import Application
from matters import calendar
from matters.models import Matter
from matters.services import note_usual_days

LOOK_BACK_DAYS = 365
LEAST_CASES = 3  # fewer say nothing, and could point at one person


def refresh(today: date) -> int:
    """Note the median working days from acceptance to decision of each matter, once a day; how many were noted."""
    if not cache.add(f"usual-days-{today.isoformat()}", True, timeout=24 * 3600):
        return 0
    return note_all(today)


def note_all(today: date) -> int:
    """Note them now. Days of special procedures count: the applicant waited them out."""
    days = calendar.current()
    taken: dict[int, list[int]] = {}
    since = today - timedelta(days=LOOK_BACK_DAYS)
    rows = Application.objects.filter(decided_at__date__gte=since).exclude(accepted_on=None)
    for matter, accepted_on, decided_at in rows.values_list("matter_id", "accepted_on", "decided_at"):
        if accepted_on is not None and decided_at is not None:
            taken.setdefault(matter, []).append(days.count_workdays(accepted_on, day_of(decided_at)))
    found = {matter: round(median(counts)) for matter, counts in taken.items() if len(counts) >= LEAST_CASES}
    matters = Matter.objects.in_bulk(found)
    for pk, usual in found.items():
        if matters[pk].usual_days != usual:
            note_usual_days(matters[pk], usual)
    return len(found)
