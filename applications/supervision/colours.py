"""The colour of every open case in SQL, so that a supervisor can count and list by colour. Limits by the rules of ``clocks.light``.

red: a limit of the law is over, or silence was acceptance and nobody has begun since (law.md §3.6); yellow: a promised limit or a step's is; amber: one working day or less is left;
grey: paused, waiting for the applicant, or no limit runs; green: the others.
"""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from applications.models import Application, RouteStep
from applications.models.progress import StepStanding
from applications.states import DECIDED, INTAKE, OPEN, State
from applications.supervision.rules import SOON_WORKDAYS
from matters.workdays import Calendar

COLOURS = {"red": "红牌", "yellow": "黄牌", "amber": "预警", "green": "正常", "grey": "不计时"}
PAUSED = (State.SPECIAL, State.CORRECTION)


def coloured(rows: QuerySet[Application], today: date, days: Calendar) -> QuerySet[Any]:
    """The open ones of the rows, each with its ``colour``."""
    undecided = Q(decided_at=None, accepted_on__isnull=False)
    late_step = RouteStep.objects.filter(application=OuterRef("pk"), standing=StepStanding.CURRENT, due__lt=today)
    law = Q(undecided, law_due__lt=today) | Q(state__in=INTAKE, silence_due__lt=today)
    law |= Q(state=State.TACIT_ACCEPTED)
    promise = Q(undecided, promise_due__lt=today) | Q(state__in=INTAKE, intake_due__lt=today)
    promise |= Q(state__in=DECIDED, delivery_due__lt=today)
    soon = Q(next_due__gte=today, next_due__lte=days.add_workdays(today, SOON_WORKDAYS))
    return rows.filter(state__in=OPEN).annotate(
        colour=Case(
            When(Q(state__in=PAUSED) | Q(next_due=None), then=Value("grey")),
            When(law, then=Value("red")),
            When(promise | Q(Exists(late_step)), then=Value("yellow")),
            When(soon, then=Value("amber")),
            default=Value("green"),
            output_field=CharField(),
        )
    )
