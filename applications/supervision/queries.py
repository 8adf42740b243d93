"""The supervisor's view: every open case by colour, department and step; and the alerts that a person is told of."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from applications import queries
from applications.actors import Actor
from applications.models import Alert, Application, RouteStep
from applications.models.progress import StepStanding
from applications.supervision.colours import COLOURS, coloured
from applications.supervision.rules import HANDLER, INSPECTOR, LEADER, RULES, codes_for
from matters.workdays import Calendar

ROLES = ("approver", "inspector")
MUST_EXPLAIN = [rule.code for rule in RULES if rule.must_explain]


def may_supervise(actor: Actor) -> bool:
    """Leaders and inspectors."""
    return bool(actor.departments_as(*ROLES))


def supervised(actor: Actor) -> QuerySet[Application]:
    """The cases of the departments that this person leads or inspects, and those that have a step there."""
    departments = actor.departments_as(*ROLES)
    steps = RouteStep.objects.filter(department__in=departments).values("application")
    return queries.visible_to(actor).filter(Q(department__in=departments) | Q(pk__in=steps))


def matrix(rows: QuerySet[Application], today: date, days: Calendar) -> list[dict[str, Any]]:
    """Department by department how many open cases have which colour, the reddest first. One query."""
    found = (
        coloured(rows, today, days)
        .order_by()
        .values("department_id", "department__code", "department__name", "colour")
        .annotate(number=Count("pk"))
    )
    table: dict[int, dict[str, Any]] = {}
    for row in found:
        line = table.setdefault(
            row["department_id"],
            {"code": row["department__code"], "name": row["department__name"], **dict.fromkeys(COLOURS, 0)},
        )
        line[row["colour"]] = row["number"]
    lines = [line | {"total": sum(line[colour] for colour in COLOURS)} for line in table.values()]
    return sorted(lines, key=lambda line: (-line["red"], -line["yellow"], -line["total"], line["name"]))


def steps(rows: QuerySet[Application], today: date) -> list[dict[str, Any]]:
    """Where the open cases are: step by step, how many, and how many of them are over the step's limit. One query."""
    current = RouteStep.objects.filter(standing=StepStanding.CURRENT, application__in=rows.values("pk"))
    found = current.order_by().values("name", "department__name")
    counted = found.annotate(number=Count("pk"), late=Count("pk", filter=Q(due__lt=today)))
    return [dict(row) for row in counted.order_by("-late", "-number", "name")[:50]]


def listed(
    rows: QuerySet[Application], today: date, days: Calendar, *, colour: str, department: str, step: str
) -> QuerySet[Any]:
    """The open cases of one cell, soonest limit first; empty words do not narrow."""
    found = coloured(rows, today, days)
    if colour:
        found = found.filter(colour=colour)
    if department:
        found = found.filter(department__code=department)
    if step:
        at = RouteStep.objects.filter(standing=StepStanding.CURRENT, name=step)
        found = found.filter(pk__in=at.values("application"))
    return found.select_related("matter", "department", "handler").order_by("next_due", "pk")


def unexplained(actor: Actor) -> QuerySet[Alert]:
    """Overruns of these departments that nobody has explained yet."""
    return Alert.objects.filter(
        application__in=supervised(actor).values("pk"), rule__in=MUST_EXPLAIN, explained_at=None
    )


def told(actor: Actor) -> QuerySet[Alert]:
    """The alerts that stand and that this person was told of: as handler, as leader, as inspector (rules.py)."""
    mine = Q(application__handler=actor.user_id)
    mine |= Q(application__handler=None, department__in=actor.departments_as("clerk", "reviewer"))
    leads = Q(rule__in=codes_for(LEADER), department__in=actor.departments_as("approver"))
    inspects = Q(rule__in=codes_for(INSPECTOR), department__in=actor.departments_as("inspector"))
    return Alert.objects.filter(Q(mine, rule__in=codes_for(HANDLER)) | leads | inspects, ended_on=None)


def alerts_visible_to(actor: Actor) -> QuerySet[Alert]:
    """The alerts a member of staff is told of: of a case that one may open, or of a step of one's department."""
    departments = actor.departments_as(*queries.CASEWORK)
    cases = queries.visible_to(actor).values("pk")
    return Alert.objects.filter(Q(department__in=departments) | Q(application__in=cases))
