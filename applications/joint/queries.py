"""Reading joint cases: for the applicant, for the public, for the lead department. Nothing here writes."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from applications.actors import Actor
from applications.models import Application, JointCase, RouteStep
from applications.models.progress import StepStanding
from applications.queries import CASEWORK
from applications.states import ENDED
from identity.acting import agencies_of
from identity.models import Enterprise, User


def open_to(user: User) -> QuerySet[JointCase]:
    """Every joint case the applicant may open: their own, and those of the enterprises they are an active agent of."""
    mine = Q(owner=user, enterprise=None) | Q(enterprise__in=agencies_of(user).values("enterprise"))
    return JointCase.objects.filter(mine).select_related("version__joint__current", "enterprise")


def filed_by(user: User, enterprise: Enterprise | None) -> QuerySet[JointCase]:
    """The applicant's joint cases in one name, drafts among them, newest first, as lists show them."""
    mine = Q(enterprise=enterprise) if enterprise else Q(owner=user, enterprise=None)
    return in_lists(JointCase.objects.filter(mine))


def open_now(rows: QuerySet[JointCase]) -> QuerySet[JointCase]:
    """Only those of which a member has not ended."""
    running = Application.objects.exclude(state__in=ENDED).filter(joint_case=OuterRef("pk"))
    return rows.filter(Exists(running))


def by_number_and_code(number: str, code: str) -> JointCase | None:
    """The public status query by the joint number; None alike for a wrong number and a wrong code."""
    rows = JointCase.objects.exclude(submitted_at=None).exclude(query_code="")
    return with_children(rows).filter(number=number.strip(), query_code=code.strip().upper()).first()


def led_by(actor: Actor) -> QuerySet[JointCase]:
    """What the lead departments of this officer's casework posts see as a whole, newest first."""
    rows = JointCase.objects.exclude(submitted_at=None)
    return rows.filter(version__joint__lead__in=actor.departments_as(*CASEWORK)).order_by("-pk")


def in_lists(rows: QuerySet[JointCase]) -> QuerySet[JointCase]:
    """With the children as lists show them, and without the texts of the packages."""
    return with_children(rows).defer("answers", "version__content")


def with_children(rows: QuerySet[JointCase]) -> QuerySet[JointCase]:
    """With the children as lists show them, so that the number of queries does not grow with the rows."""
    now = RouteStep.objects.filter(standing=StepStanding.CURRENT).select_related("department")
    children = (
        Application.objects.select_related("matter", "department", "handler")
        .defer("answers", "applicant_id", "contact_phone", "address")
        .prefetch_related("pauses", "requests", Prefetch("route_steps", queryset=now, to_attr="steps_now"))
        .order_by("pk")
    )
    return rows.select_related("version__joint__lead").prefetch_related(Prefetch("children", queryset=children))
