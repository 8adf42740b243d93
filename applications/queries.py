"""Reading cases: for staff, for the applicant, for the public. Nothing here writes."""

from django.db.models import Q, QuerySet

from applications.actors import Actor
from applications.desk.rows import CASEWORK
from applications.models import Application, Countersign, Document, RouteStep
from applications.models.application import Channel
from applications.states import State
from identity.acting import agencies_of
from identity.models import Enterprise, User

# A member's part of a joint draft is reached through the joint draft (applications.joint).
PART_OF_JOINT_DRAFT = Q(state=State.DRAFT, joint_case__isnull=False)
LIST_FIELDS_DEFERRED = ("answers", "applicant_id", "contact_phone", "address")


def visible_to(actor: Actor) -> QuerySet[Application]:
    """The cases a member of staff may open: of the departments of their casework posts, or with a step there.

    Who writes guides or runs the site sees no case by that post.
    """
    departments = actor.departments_as(*CASEWORK)
    steps = RouteStep.objects.filter(department__in=departments).values("application")
    asked = Countersign.objects.filter(signer=actor.user_id).values("application")
    mine = Q(department__in=departments) | Q(pk__in=steps) | Q(pk__in=asked)
    return Application.objects.exclude(state=State.DRAFT).filter(mine)


def counter_drafts(actor: Actor) -> QuerySet[Application]:
    """What window clerks of these departments have begun for somebody and not yet filed, newest first."""
    rows = Application.objects.filter(channel=Channel.COUNTER, state=State.DRAFT)
    return rows.filter(department__in=actor.departments_as("clerk")).order_by("-id")


def case_for(actor: Actor, number: str) -> Application | None:
    """One case with what its page needs; None alike for a foreign case and an unknown number."""
    rows = visible_to(actor).select_related(
        "matter", "department", "guide_version", "handler", "joint_case__version__joint"
    )
    return rows.filter(number=number).first()


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
