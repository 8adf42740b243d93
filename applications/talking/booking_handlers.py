"""Appointments cross: who comes when goes in, whether they came and how the counter works goes out."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from applications.actors import Actor
from applications.models import Application, Booking, CounterPlan
from applications.models.booking import Attended, BookingState
from applications.talking import booking as bookings
from identity.models import Department
from matters.models import Matter
from sync.registry import Fact, Reject, handles


@handles("booking.changed", from_side="outer")
def booking_changed(fact: Fact) -> None:
    """Inner: an appointment was made, moved or given back. A copy without account: places are given outside alone."""
    keep_booking(fact.payload)


def keep_booking(payload: Mapping[str, Any], **columns: Any) -> Booking:
    """The appointment as the fact tells it, and on the record of its case; ``columns`` beside those of the payload."""
    matter = Matter.objects.filter(code=payload["matter"]).first()
    if matter is None:
        raise Reject(f"本地没有事项 {payload['matter']}。")
    case = Application.objects.select_for_update(of=("self",)).filter(uid=payload["application"]).first()
    changed_at = datetime.fromisoformat(payload["changed_at"])
    row, _ = Booking.objects.update_or_create(
        uid=payload["uid"],
        defaults={
            "department": _department(payload["department"]),
            "matter": matter,
            "application": case,
            "name": payload["name"],
            "phone": payload["phone"],
            "day": date.fromisoformat(payload["day"]),
            "starts": time.fromisoformat(payload["starts"]),
            "minutes": payload["minutes"],
            "place": payload["place"],
            "standing": BookingState(payload["standing"]),
            "changes": payload["changes"],
            "attended": "",  # what was noted of a slot that was given back or moved in time is void
            "attended_at": None,
            "made_at": datetime.fromisoformat(payload["made_at"]),
            "changed_at": changed_at,
            **columns,
        },
    )
    if case is not None:
        what = "booking_cancelled" if row.standing == BookingState.CANCELLED else "booked"
        bookings.record(case, row, what, Actor("applicant", payload["name"]), changed_at)
    return row


@handles("booking.attended", from_side="inner")
def booking_attended(fact: Fact) -> None:
    """Outer: the counter noted whether the person came; one that was given back in time stays given back."""
    payload = fact.payload
    row = Booking.objects.select_for_update(of=("self",)).filter(uid=payload["uid"]).first()
    if row is None:
        raise Reject(f"本地没有预约 {payload['uid']}。")
    if payload["changes"] < row.changes:
        return  # moved or given back in time; the note was about what it was before
    row.attended = Attended(payload["attended"])
    row.attended_at = datetime.fromisoformat(payload["at"])
    row.save(update_fields=["attended", "attended_at"])


@handles("counter.published", from_side="inner")
def counter_published(fact: Fact) -> None:
    """Outer: how a counter takes appointments from now on."""
    payload = fact.payload
    names = ("is_open", "minutes", "capacity", "days_ahead")
    CounterPlan.objects.update_or_create(
        department=_department(payload["department"]), defaults={name: payload[name] for name in names}
    )


def _department(code: str) -> Department:
    found = Department.objects.filter(code=code).first()
    if found is None:
        raise Reject(f"本地没有部门 {code}。")
    return found
