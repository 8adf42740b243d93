"""Inner side: who is expected at the counter today, who came, who did not; and how the counter takes appointments."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications import actors
from applications.actors import Actor
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Booking, CounterPlan
from applications.models.booking import Attended, BookingState
from applications.talking import booking as bookings
from applications.talking import facts
from identity.models import Department

COUNTER = ("clerk", "reviewer", "approver")
# Name → (label, least, most).
LIMITS = {"minutes": ("每段分钟数", 10, 240), "capacity": ("每段号数", 1, 50), "days_ahead": ("天数", 1, 60)}


def visible_to(actor: Actor) -> QuerySet[Booking]:
    """The appointments of the departments of this officer's posts of casework."""
    rows = Booking.objects.filter(department__in=actor.departments_as(*COUNTER, "inspector"))
    return rows.select_related("department", "matter", "application")


def expected(actor: Actor, day: date) -> QuerySet[Booking]:
    """Who is expected on ``day``, by the clock; cancelled ones are left out."""
    return visible_to(actor).filter(day=day, standing=BookingState.BOOKED)


def note(pk: int, attended: str, *, actor: Actor, at: datetime | None = None) -> Booking:
    """Note that somebody came or did not. NotPossible before the day or for a cancelled one, NotAllowed without a post."""
    at = at or timezone.now()
    if attended not in Attended.values:
        raise DataMissing({"attended": "请选择已到或者未到。"})
    with transaction.atomic():
        row = _locked(pk)
        if actor.kind == "staff" and not any(actor.holds(role, frozenset({row.department_id})) for role in COUNTER):
            raise NotAllowed("您的岗位不能登记这个预约。")
        if row.standing != BookingState.BOOKED:
            raise NotPossible("这个预约已经取消。")
        if row.day > timezone.localdate(at):
            raise NotPossible("还没有到预约的日期。")
        if row.attended == attended:
            return row
        row.attended, row.attended_at = attended, at
        row.save(update_fields=["attended", "attended_at"])
        if row.application_id:
            case = Application.objects.select_for_update().get(pk=row.application_id)
            bookings.record(case, row, attended, actor, at)
        facts.record_attendance(row)
    return row


def _locked(pk: int) -> Booking:
    return Booking.objects.select_for_update(of=("self",)).get(pk=pk)


def mark_no_shows(now: datetime) -> int:
    """Tick: whoever was expected on a day that is over, and was not noted, did not come. Safe to run twice."""
    over = Booking.objects.filter(
        standing=BookingState.BOOKED, attended="", day__lt=timezone.localdate(now), owner__isnull=True
    )
    pks = list(over.values_list("pk", flat=True))
    for pk in pks:
        note(pk, Attended.NO_SHOW, actor=actors.system(), at=now)
    return len(pks)


def departments_of(actor: Actor) -> QuerySet[Department]:
    """The departments whose plan this officer keeps: as their responsible person."""
    return Department.objects.filter(pk__in=actor.departments_as("approver"))


def keep_plan(department: Department, *, actor: Actor, is_open: bool, **numbers: int) -> CounterPlan:
    """Keep how a counter takes appointments and publish it outside. Places that were given stay given.

    ``minutes``, ``capacity`` and ``days_ahead`` within ``LIMITS``; DataMissing otherwise, NotAllowed for others than approvers.
    """
    if not actor.holds("approver", frozenset({department.pk})):
        raise NotAllowed("只有本部门的审批负责人可以设定窗口预约。")
    wrong = {
        name: f"{label}请填 {least} 到 {most} 之间的整数。"
        for name, (label, least, most) in LIMITS.items()
        if not least <= numbers.get(name, 0) <= most
    }
    if wrong:
        raise DataMissing(wrong)
    with transaction.atomic():
        plan, _ = CounterPlan.objects.update_or_create(
            department=department, defaults={"is_open": is_open, **{name: numbers[name] for name in LIMITS}}
        )
        facts.record_plan(plan)
    return plan
