"""Reading cases: for staff, for the applicant, for the public. Nothing here writes."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from applications.actors import Actor
from applications.models import Application, RouteStep
from applications.models.progress import StepStanding
from applications.states import ACCEPTED, DECIDED, OPEN, State
from identity.acting import agencies_of
from identity.models import Enterprise, User

# Which states wait for a window clerk of the responsible department.
CLERK_STATES = (State.SUBMITTED, State.RECEIVED, State.RESUBMITTED, *ACCEPTED, *DECIDED, State.DELIVERED)
LIST_FIELDS_DEFERRED = ("answers", "applicant_id", "contact_phone", "address")


def visible_to(actor: Actor) -> QuerySet[Application]:
    """The cases a member of staff may open: of the departments of their posts, or with a step there."""
    departments = {department for department, _ in actor.posts}
    steps = RouteStep.objects.filter(application=OuterRef("pk"), department__in=departments)
    return Application.objects.exclude(state=State.DRAFT).filter(Q(department__in=departments) | Exists(steps))


def waiting_for(actor: Actor) -> QuerySet[Application]:
    """The cases that wait for this person's posts."""
    desk = Q(pk__in=[])
    for department, role in actor.posts:
        if role == "clerk":
            desk |= Q(department=department, state__in=CLERK_STATES)
    steps = Q(pk__in=[])
    for department, role in actor.posts:
        steps |= Q(department=department, role=role)
    mine = RouteStep.objects.filter(steps, application=OuterRef("pk"), standing=StepStanding.CURRENT)
    return Application.objects.filter(desk | (Q(state__in=OPEN) & Exists(mine)))


def work_list(actor: Actor, tab: str, *, today: date, soon: date) -> QuerySet[Application]:
    """The rows of one tab: ``mine``, ``department``, ``soon`` (due from today to ``soon``), ``overdue``, ``all``."""
    rows = waiting_for(actor) if tab == "mine" else visible_to(actor)
    if tab in ("department", "soon", "overdue"):
        rows = rows.filter(state__in=OPEN)
    if tab == "soon":
        rows = rows.filter(next_due__gte=today, next_due__lte=soon)
    if tab == "overdue":
        rows = rows.filter(next_due__lt=today)
    return (
        rows.select_related("matter", "department", "handler")
        .defer(*LIST_FIELDS_DEFERRED)
        .order_by(F("next_due").asc(nulls_last=True), "id")
    )


def filed_by(user: User, enterprise: Enterprise | None) -> QuerySet[Application]:
    """The applicant's own cases; acting for an enterprise, all cases of that enterprise."""
    mine = Q(enterprise=enterprise) if enterprise else Q(owner=user, enterprise=None)
    return Application.objects.filter(mine).select_related("matter", "department").defer(*LIST_FIELDS_DEFERRED)


def open_to(user: User) -> QuerySet[Application]:
    """Every case the applicant may open: their own, and those of the enterprises they are an active agent of."""
    enterprises = agencies_of(user).values("enterprise")
    mine = Q(owner=user, enterprise=None) | Q(enterprise__in=enterprises)
    return Application.objects.filter(mine).select_related("matter", "department", "guide_version", "enterprise")


def by_number_and_code(number: str, code: str) -> Application | None:
    """The public status query; None alike for a wrong number and a wrong code."""
    return (
        Application.objects.filter(number=number.strip(), query_code=code.strip().upper())
        .exclude(query_code="")
        .exclude(state=State.DRAFT)
        .select_related("matter", "department", "guide_version")
        .first()
    )
