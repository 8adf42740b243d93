"""Reading licences: for staff, for the holder. Nothing here writes."""

from datetime import date, timedelta

from django.db.models import Case, F, IntegerField, Q, QuerySet, When

from applications import queries
from applications.actors import Actor
from applications.licence_terms import REMINDERS
from applications.models import Licence
from applications.models.licence import LicenceState
from identity.acting import agencies_of
from identity.models import Enterprise, User

TABS = ("valid", "expiring", "expired", "ended", "all")


def visible_to(actor: Actor) -> QuerySet[Licence]:
    """The licences of the departments in which a member of staff has a casework post."""
    return Licence.objects.filter(application__department__in=actor.departments_as(*queries.CASEWORK))


def in_tab(rows: QuerySet[Licence], tab: str, today: date) -> QuerySet[Licence]:
    """The licences of one of ``TABS``; what expires first comes first where it matters."""
    if tab == "all":
        return rows.order_by("-id")
    if tab == "ended":
        return rows.exclude(standing=LicenceState.VALID).order_by("-changed_on", "-id")
    return rows.filter(in_standing(tab, today)).order_by("valid_to", "id")


def in_standing(tab: str, today: date) -> Q:
    """Which licences a tab is about."""
    valid = Q(standing=LicenceState.VALID)
    if tab == "expired":
        return valid & Q(valid_to__lt=today)
    running = valid & (Q(valid_to=None) | Q(valid_to__gte=today))
    return running & Q(valid_to__lte=today + timedelta(days=max(REMINDERS))) if tab == "expiring" else running


def soonest_first(rows: QuerySet[Licence], today: date) -> QuerySet[Licence]:
    """What can be relied on first, by its last day, those without end after them; then what is over."""
    is_over = Case(When(in_standing("valid", today), then=0), default=1, output_field=IntegerField())
    return rows.order_by(is_over, F("valid_to").asc(nulls_last=True), "-id")


def matching(rows: QuerySet[Licence], words: str) -> QuerySet[Licence]:
    """Those whose number begins with, or whose holder or name contains, the words."""
    if not words:
        return rows
    return rows.filter(
        Q(number__istartswith="".join(words.split())) | Q(holder__icontains=words) | Q(name__icontains=words)
    )


def held_by(user: User, enterprise: Enterprise | None) -> QuerySet[Licence]:
    """The licences that the person, or the enterprise they act for, applied for and was granted."""
    mine = (
        Q(application__enterprise=enterprise)
        if enterprise
        else Q(application__owner=user, application__enterprise=None)
    )
    return Licence.objects.filter(mine).select_related("application__matter", "application__department")


def open_to(user: User) -> QuerySet[Licence]:
    """Every licence the applicant may open: their own, and those of the enterprises they are an active agent of."""
    enterprises = agencies_of(user).values("enterprise")
    mine = Q(application__owner=user, application__enterprise=None) | Q(application__enterprise__in=enterprises)
    return Licence.objects.filter(mine).select_related(
        "application__matter", "application__department", "application__enterprise", "application__owner", "document"
    )
