"""Outer side: take, change and give back a place at the counter. A place is never given twice: the database refuses it.

Bookings cross with the batches, so the first day that can be booked is tomorrow: the counter must know of it in the morning.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext

from applications import evidence
from applications.actors import Actor
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Booking, CounterPlan
from applications.models.booking import BookingState
from applications.talking import facts, noticing, slots
from identity.models import Department, Person, User
from identity.numbers import clean_callback
from matters import calendar
from matters.models import Matter

MOST_OPEN = 3  # bookings to come of one account
FULL = "这个时段刚刚约满了，请选择其他时段。"


@dataclass(frozen=True)
class Slot:
    """One slot of a day with what is left of it."""

    day: date
    starts: time
    minutes: int
    left: int

    @property
    def ends(self) -> time:
        return (datetime.combine(self.day, self.starts) + timedelta(minutes=self.minutes)).time()

    @property
    def code(self) -> str:
        """The beginning as it stands in addresses: 0930."""
        return f"{self.starts:%H%M}"


def plan_of(department: Department) -> CounterPlan:
    """How the counter takes appointments; the usual values (not stored) where nobody has said."""
    return CounterPlan.objects.filter(department=department).first() or CounterPlan(department=department)


def closed_because(matter: Matter) -> str:
    """Why nobody can make an appointment for this matter; empty when one can."""
    if matter.current is None or not matter.active:
        return gettext("这一事项现在不办理。")
    if not matter.current.header.appointment:
        return gettext("这一事项不用预约，请在受理时间内直接到窗口。")
    if not plan_of(matter.department).is_open:
        return gettext("这个部门的窗口现在不接受预约，请在受理时间内直接到窗口。")
    return ""


def free(matter: Matter, today: date) -> list[tuple[date, list[Slot]]]:
    """The days that can be booked, with all their slots; two queries."""
    if closed_because(matter) or matter.current is None:
        return []
    plan, days = plan_of(matter.department), calendar.current()
    window = matter.current.guide.acceptance_window
    wanted = [today + timedelta(days=ahead) for ahead in range(1, plan.days_ahead + 1)]
    taken = _taken(matter.department, wanted[0], wanted[-1])
    found = []
    for day in wanted:
        starts = slots.slots_of(window, day, plan.minutes, days)
        rows = [Slot(day, at, plan.minutes, max(0, plan.capacity - taken.get((day, at), 0))) for at in starts]
        if rows:
            found.append((day, rows))
    return found


def _taken(department: Department, first: date, last: date) -> dict[tuple[date, time], int]:
    rows = Booking.objects.filter(department=department, standing=BookingState.BOOKED, day__range=(first, last))
    counted = rows.order_by().values_list("day", "starts").annotate(number=Count("pk"))
    return {(day, starts): number for day, starts, number in counted}


def slot_of(matter: Matter, day: date, starts: time, today: date) -> Slot:
    """The slot; NotPossible when there is none then, or it cannot be booked (any more)."""
    sentence = closed_because(matter)
    if sentence:
        raise NotPossible(sentence)
    for known, rows in free(matter, today):
        for row in rows:
            if (known, row.starts) == (day, starts):
                return row
    raise NotPossible("没有这个时段。请从列出的时段里选择；最早可以预约明天的。")


def book(
    matter: Matter,
    day: date,
    starts: time,
    *,
    user: User,
    actor: Actor,
    name: str,
    phone: str,
    case: Application | None = None,
    at: datetime | None = None,
) -> Booking:
    """Take a place. Raises DataMissing for a name or number that is none, NotPossible when the slot is full or not open."""
    at = at or timezone.now()
    name, phone = _who(name, phone)
    with transaction.atomic():
        Person.objects.select_for_update().filter(user=user).first()  # one person's bookings one after the other
        slot = slot_of(matter, day, starts, timezone.localdate(at))
        _check_own(user, slot, at)
        booking = Booking(
            department=matter.department,
            matter=matter,
            application=case,
            owner=user,
            name=name,
            phone=phone,
            day=day,
            starts=starts,
            minutes=slot.minutes,
            made_at=at,
            changed_at=at,
        )
        _take_place(booking)
        _tell(booking, "booked", actor)
    return booking


def _who(name: str, phone: str) -> tuple[str, str]:
    name = name.replace("\0", "").strip()
    wrong = {} if 0 < len(name) <= 100 else {"name": "请填写到窗口办理的人的姓名。"}
    try:
        phone = clean_callback(phone)
    except ValidationError as error:
        wrong["phone"] = error.messages[0]
    else:
        wrong |= {} if phone else {"phone": "请填写联系电话，窗口有变化时好通知您。"}
    if wrong:
        raise DataMissing(wrong)
    return name, phone


def _check_own(user: User, slot: Slot, at: datetime, but: Booking | None = None) -> None:
    to_come = Booking.objects.filter(owner=user, standing=BookingState.BOOKED, day__gte=timezone.localdate(at))
    if but is not None:
        to_come = to_come.exclude(pk=but.pk)
    rows = list(to_come)
    if any((one.day, one.starts) == (slot.day, slot.starts) for one in rows):
        raise NotPossible("您在这个时段已经有一个预约。")
    if len(rows) >= MOST_OPEN:
        raise NotPossible(f"一个账号最多同时有 {MOST_OPEN} 个还没有到期的预约，请先取消不需要的。")


def _take_place(booking: Booking) -> None:
    """Keep the booking on the first place that the database gives it; NotPossible when all are taken."""
    plan = plan_of(booking.department)
    same = Booking.objects.filter(
        department=booking.department, day=booking.day, starts=booking.starts, standing=BookingState.BOOKED
    )
    taken = set(same.exclude(pk=booking.pk).values_list("place", flat=True))
    for place in range(1, plan.capacity + 1):
        if place in taken:
            continue
        booking.place = place
        try:
            with transaction.atomic():
                booking.save()
        except IntegrityError:
            continue  # somebody was quicker between the look and the insert
        return
    raise NotPossible(FULL)


def move(booking: Booking, day: date, starts: time, *, user: User, actor: Actor, at: datetime | None = None) -> Booking:
    """Change to another slot; the old place is free in the same moment. NotPossible leaves everything as it was."""
    at = at or timezone.now()
    with transaction.atomic():
        Person.objects.select_for_update().filter(user=user).first()
        locked = _locked(booking, at)
        slot = slot_of(locked.matter, day, starts, timezone.localdate(at))
        if (locked.day, locked.starts) == (day, starts):
            raise NotPossible("您预约的就是这个时段，没有改动。")
        _check_own(user, slot, at, but=locked)
        locked.day, locked.starts, locked.minutes = day, starts, slot.minutes
        locked.changes, locked.changed_at, locked.reminded_on = locked.changes + 1, at, None
        _take_place(locked)
        _tell(locked, "booking_moved", actor)
    return locked


def cancel(booking: Booking, *, actor: Actor, at: datetime | None = None) -> Booking:
    """Give the place back; NotPossible once the slot has begun or it was given back already."""
    at = at or timezone.now()
    with transaction.atomic():
        locked = _locked(booking, at)
        locked.standing = BookingState.CANCELLED
        locked.changes, locked.changed_at = locked.changes + 1, at
        locked.save()
        _tell(locked, "booking_cancelled", actor)
    return locked


def is_changeable(booking: Booking, at: datetime) -> bool:
    """Whether it stands and has not begun."""
    return booking.standing == BookingState.BOOKED and begin_of(booking) > at


def begin_of(booking: Booking) -> datetime:
    """The moment at which the slot begins."""
    return timezone.make_aware(datetime.combine(booking.day, booking.starts))


def _locked(booking: Booking, at: datetime) -> Booking:
    rows = Booking.objects.select_for_update(of=("self",)).select_related("matter__current", "department")
    locked = rows.get(pk=booking.pk)
    if not is_changeable(locked, at):
        raise NotPossible("这个预约已经取消，或者已经开始，不能再改。")
    return locked


def _tell(booking: Booking, event: str, actor: Actor) -> None:
    """Record it with the case it is about, send the fact, and write the notices: with the booking or not at all."""
    if booking.application_id:
        case = Application.objects.select_for_update().get(pk=booking.application_id)
        record(case, booking, event, actor, booking.changed_at)
    facts.record_booking(booking)
    notify(booking, event, booking.changed_at)


def record(case: Application, booking: Booking, what: str, actor: Actor, at: datetime) -> None:
    """Put it on the record of the (locked) case."""
    data = {"booking": str(booking.uid), "what": what, "day": booking.day.isoformat(), "at": f"{booking.starts:%H:%M}"}
    evidence.record_act(case, "appointment", actor=actor, at=at, data=data)


def notify(booking: Booking, event: str, at: datetime) -> None:
    """Tell the account that made it; once for each change."""
    if booking.owner is None:
        return
    words: dict[str, Any] = {
        "when": noticing.cn_moment(begin_of(booking)),
        "organ": booking.department.name,
        "matter": booking.matter.name,
        "place": place_of(booking),
    }
    key = f"booking:{booking.uid}:{booking.changes}:{event}"
    noticing.tell(booking.owner, event, key, words, path=noticing.page("booking", booking.uid), at=at)


def place_of(booking: Booking) -> str:
    """Where to go, in the words of the guide."""
    current = booking.matter.current
    where = current.guide.service_address if current else None
    parts = (where.hall_name, where.window_no, where.address) if where else ()
    return " ".join(part for part in parts if part) or booking.department.address or booking.department.name


def remind(now: datetime) -> int:
    """Tick: tell whoever has an appointment tomorrow; once, whatever the number of runs."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    due = Booking.objects.filter(standing=BookingState.BOOKED, day=tomorrow, reminded_on=None, owner__isnull=False)
    pks = list(due.values_list("pk", flat=True))
    for pk in pks:
        with transaction.atomic():
            row = Booking.objects.select_for_update(of=("self",)).filter(pk=pk, reminded_on=None).first()
            if row is None:
                continue
            row.reminded_on = timezone.localdate(now)
            row.save(update_fields=["reminded_on"])
            notify(row, "booking_tomorrow", now)
    return len(pks)
