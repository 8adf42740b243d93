"""Runs on the office's site: open cases with their clocks, none of them due; how long ``tick`` takes over few and over many."""

import json
import os
import statistics
import sys
import uuid
from datetime import timedelta
from typing import Any

import django

from bench import timing

PORTION = 5_000
RUNS = 9


def measure(few: int, many: int) -> dict[str, float]:
    """Medians; the first run after filling notices what is new and is not counted. What was filled in is taken away again."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from applications import tick

    tick.run()  # notices the calendar, before there are cases that it could concern
    seconds, queries, made = {}, {}, 0
    for wanted in (few, many):
        fill(wanted - made)
        made = wanted
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        tick.run()
        seconds[wanted] = statistics.median(timing.seconds(tick.run) for _ in range(RUNS))
        with CaptureQueriesContext(connection) as captured:
            tick.run()
        queries[wanted] = len(captured)
    take_away()
    assert queries[few] == queries[many], queries
    return {"tick_100k_over_1k": seconds[many] / seconds[few]}


def fill(wanted: int) -> None:
    """Cases accepted today, half of them still in intake; without events, since nobody acted."""
    from django.utils import timezone

    from applications.models import Application, Clock
    from matters.models import Matter

    matters = list(Matter.objects.filter(active=True).exclude(current=None)[:10])
    today = timezone.localdate()
    for start in range(0, wanted, PORTION):
        count = min(PORTION, wanted - start)
        cases = Application.objects.bulk_create(_case(matters[n % len(matters)], n, today) for n in range(count))
        Clock.objects.bulk_create(
            Clock(application=case, kind="law", started_on=today, value=20, due=case.next_due or today)
            for case in cases
        )


def _case(matter: Any, index: int, today: Any) -> Any:
    from applications.models import Application

    due = today + timedelta(days=10 + index % 20)
    return Application(
        uid=uuid.uuid4(),
        number=f"bench-{uuid.uuid4()}",
        matter=matter,
        guide_version=matter.current,
        department=matter.department,
        applicant_kind="person",
        applicant_name="王芳",
        state="RECEIVED" if index % 2 else "IN_REVIEW",
        silence_due=due if index % 2 else None,
        next_due=due,
    )


def take_away() -> None:
    """Another measurement may use the site next."""
    from applications.models import Application, Clock

    Clock.objects.filter(application__number__startswith="bench-").delete()
    Application.objects.filter(number__startswith="bench-").delete()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
