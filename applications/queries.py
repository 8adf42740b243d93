"""Reading cases: for staff, for the applicant, for the public. Nothing here writes."""

from datetime import date

from django.db.models import Count, F, Q, QuerySet

from applications.actors import Actor
from applications.models import Application, Document, RouteStep
from applications.models.progress import StepStanding
from applications.states import ACCEPTED, DECIDED, OPEN, State
from identity.acting import agencies_of
from identity.models import Enterprise, User
from matters.workdays import Calendar

# Posts that have to do with cases.
CASEWORK = ("clerk", "reviewer", "approver", "inspector")
# The lists of an officer: what waits for me, what my departments have in hand, what is due soon, what is late, all.
TABS = ("mine", "department", "soon", "overdue", "all")
SOON_WORKDAYS = 2

# Which states wait for a window clerk of the responsible department.
CLERK_STATES = (State.SUBMITTED, State.RECEIVED, State.RESUBMITTED, *ACCEPTED, *DECIDED, State.DELIVERED)
# What a line of the work list shows; the guide's texts and the encrypted columns stay where they are.
LIST_FIELDS = (
    "number",
    "state",
    "version",
    "purpose",
    "applicant_kind",
    "applicant_name",
    "submitted_at",
    "accepted_on",
    "decided_at",
    "silence_due",
    "intake_due",
    "law_due",
    "promise_due",
    "delivery_due",
    "next_due",
    "due_provisional",
    "joint_case_id",
    "waits_its_turn",
    "matter__name",
    "matter__code",
    "department__name",
    "department__short_name",
    "handler__username",
    "handler__display_name",
)
# A member's part of a joint draft is reached through the joint draft (applications.joint).
PART_OF_JOINT_DRAFT = Q(state=State.DRAFT, joint_case__isnull=False)
# A member of a later stage of its package, before its turn.
NOT_ITS_TURN = Q(state=State.SUBMITTED, waits_its_turn=True)
LIST_FIELDS_DEFERRED = ("answers", "applicant_id", "contact_phone", "address")


def visible_to(actor: Actor) -> QuerySet[Application]:
    """The cases a member of staff may open: of the departments of their casework posts, or with a step there.

    Who writes guides or runs the site sees no case by that post.
    """
    departments = actor.departments_as(*CASEWORK)
    steps = RouteStep.objects.filter(department__in=departments).values("application")
    return Application.objects.exclude(state=State.DRAFT).filter(Q(department__in=departments) | Q(pk__in=steps))


def case_for(actor: Actor, number: str) -> Application | None:
    """One case with what its page needs; None alike for a foreign case and an unknown number."""
    rows = visible_to(actor).select_related(
        "matter", "department", "guide_version", "handler", "joint_case__version__joint"
    )
    return rows.filter(number=number).first()


def waiting_for(actor: Actor) -> QuerySet[Application]:
    """The cases that wait for this person's posts."""
    desk = Q(department__in=actor.departments_as("clerk"), state__in=CLERK_STATES) & ~NOT_ITS_TURN
    steps = Q(pk__in=[])
    for department, role in actor.posts:
        steps |= Q(department=department, role=role)
    mine = RouteStep.objects.filter(steps, standing=StepStanding.CURRENT).values("application")
    return Application.objects.filter(desk | Q(state__in=OPEN, pk__in=mine))


def work_list(actor: Actor, tab: str, *, today: date, days: Calendar) -> QuerySet[Application]:
    """The rows of one of ``TABS``, soonest limit first; of ``all`` newest first."""
    rows = waiting_for(actor) if tab == "mine" else visible_to(actor)
    if tab in ("department", "soon", "overdue"):
        rows = rows.filter(_due(tab, today, days), state__in=OPEN)
    order = ("-id",) if tab == "all" else (F("next_due").asc(nulls_last=True), "id")
    return rows.select_related("matter", "department", "handler").only(*LIST_FIELDS).order_by(*order)


def counts(actor: Actor, *, today: date, days: Calendar) -> dict[str, int]:
    """How many rows each of ``TABS`` has but ``all``, which only grows: two queries."""
    running = visible_to(actor).filter(state__in=OPEN)
    tabs = ("department", "soon", "overdue")
    found = running.aggregate(**{tab: Count("pk", filter=_due(tab, today, days)) for tab in tabs})
    return {"mine": waiting_for(actor).count()} | found


def _due(tab: str, today: date, days: Calendar) -> Q:
    """Which limits a list is about; every one for ``department``."""
    if tab == "soon":
        return Q(next_due__gte=today, next_due__lte=days.add_workdays(today, SOON_WORKDAYS))
    return Q(next_due__lt=today) if tab == "overdue" else Q()


def beside(rows: QuerySet[Application], case: Application, tab: str) -> tuple[str | None, str | None]:
    """The numbers of the cases before and after ``case`` in a work list; when it is not in it (any more), (None, first)."""
    if not rows.filter(pk=case.pk).exists():
        return None, rows.values_list("number", flat=True).first()
    if tab == "all":
        before, after = Q(pk__gt=case.pk), Q(pk__lt=case.pk)
    elif case.next_due is None:
        before, after = Q(next_due__isnull=False) | Q(pk__lt=case.pk), Q(next_due=None, pk__gt=case.pk)
    else:
        before = Q(next_due__lt=case.next_due) | Q(next_due=case.next_due, pk__lt=case.pk)
        after = Q(next_due__gt=case.next_due) | Q(next_due=case.next_due, pk__gt=case.pk) | Q(next_due=None)
    numbers = rows.values_list("number", flat=True)
    return numbers.filter(before).reverse().first(), numbers.filter(after).first()


def filed_by(user: User, enterprise: Enterprise | None) -> QuerySet[Application]:
    """The applicant's own cases; acting for an enterprise, all cases of that enterprise."""
    mine = Q(enterprise=enterprise) if enterprise else Q(owner=user, enterprise=None)
    return (
        Application.objects.filter(mine)
        .exclude(PART_OF_JOINT_DRAFT)
        .select_related("matter", "department")
        .defer(*LIST_FIELDS_DEFERRED)
    )


def open_to(user: User) -> QuerySet[Application]:
    """Every case the applicant may open: their own, and those of the enterprises they are an active agent of."""
    enterprises = agencies_of(user).values("enterprise")
    mine = Q(owner=user, enterprise=None) | Q(enterprise__in=enterprises)
    return (
        Application.objects.filter(mine)
        .exclude(PART_OF_JOINT_DRAFT)
        .select_related("matter", "department", "guide_version", "enterprise")
    )


def by_number_and_code(number: str, code: str) -> Application | None:
    """The public status query; None alike for a wrong number and a wrong code."""
    return _with_code(code).filter(number=number.strip()).first()


def by_document_and_code(number: str, code: str) -> Application | None:
    """The same by the number of one of its papers (文号), as it is printed."""
    papers = Document.objects.filter(number=number.strip()).exclude(number="")
    return _with_code(code).filter(pk__in=papers.values("application")).first()


def _with_code(code: str) -> QuerySet[Application]:
    rows = Application.objects.filter(query_code=code.strip().upper()).exclude(query_code="").exclude(state=State.DRAFT)
    return rows.select_related("matter", "department", "guide_version")
