"""The counter's side of appointments: today's list, who came, no-shows by tick, and how places are given."""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from applications import actors, tick
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Booking, CounterPlan, Event
from applications.talking import attending, booking, booking_handlers
from identity.models import Department, User
from matters.models import Matter
from sync.registry import Fact, Reject
from tests import factories
from tests.applications.test_crossing import facts
from tests.conftest import switch_side
from tests.factories import moment
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office_hours", "no_rendering")]
SAMPLES = Path(__file__).parents[1] / "sync" / "samples"
NOW = moment("2026-03-03 10:00")


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    return factories.matter(market_bureau, header={"appointment": True})


def fact(topic: str, payload: dict[str, Any]) -> Fact:
    return Fact(topic, 1, f"booking:{payload.get('uid')}", 1, 1, payload, [], NOW)


@pytest.fixture
def arrived(on_inner: str, matter: Matter) -> Booking:
    """An appointment for today at half past nine that came with the batch of the evening."""
    payload = json.loads((SAMPLES / "booking.changed.v1.json").read_text())
    payload |= {"department": matter.department.code, "matter": matter.code}
    booking_handlers.booking_changed(fact("booking.changed", payload))
    return Booking.objects.get()


def test_the_list_of_today(arrived: Booking, clerk: User, outsider: User) -> None:
    page = login(clerk).get("/bookings/").content.decode()
    assert "09:30" in page
    assert "王芳" in page
    assert "王芳" not in login(outsider).get("/bookings/").content.decode()
    assert "这一天没有预约" in login(clerk).get("/bookings/?day=2026-03-04").content.decode()
    assert login(clerk).get("/bookings/?day=never").status_code == 200


def test_the_clerk_notes_who_came(arrived: Booking, clerk: User, outsider: User) -> None:
    address = f"/bookings/{arrived.uid}/"
    assert login(outsider).post(address, {"attended": "came"}).status_code == 404
    login(clerk).post(address, {"attended": "came"})
    arrived.refresh_from_db()
    assert (arrived.attended, arrived.standing_words) == ("came", "已到")
    told = facts("booking.attended")[0].payload
    assert (told["uid"], told["attended"]) == (str(arrived.uid), "came")
    login(clerk).post(address, {"attended": "came"})
    assert len(facts("booking.attended")) == 1


def test_an_inspector_looks_and_notes_nothing(arrived: Booking, inspector: User) -> None:
    with pytest.raises(NotAllowed):
        attending.note(arrived.pk, "came", actor=actors.staff(inspector), at=NOW)


def test_nobody_has_come_before_the_day(arrived: Booking, clerk: User) -> None:
    with pytest.raises(NotPossible, match="还没有到"):
        attending.note(arrived.pk, "came", actor=actors.staff(clerk), at=moment("2026-03-02 10:00"))
    with pytest.raises(DataMissing):
        attending.note(arrived.pk, "late", actor=actors.staff(clerk), at=NOW)


def test_tick_marks_no_shows_when_the_day_is_over(arrived: Booking) -> None:
    assert tick.run(moment("2026-03-03 23:00")).no_shows == 0
    assert tick.run(moment("2026-03-04 00:10")).no_shows == 1
    assert tick.run(moment("2026-03-04 00:20")).no_shows == 0
    arrived.refresh_from_db()
    assert arrived.attended == "no_show"


def test_tick_outside_marks_nobody(arrived: Booking, settings: Any) -> None:
    switch_side(settings, "outer")
    tick.run(moment("2026-03-04 00:10"))
    arrived.refresh_from_db()
    assert arrived.attended == ""


def test_giving_back_in_time_that_arrives_late_is_no_no_show(arrived: Booking, settings: Any) -> None:
    tick.run(moment("2026-03-04 00:10"))
    payload = json.loads((SAMPLES / "booking.changed.v1.json").read_text())
    payload |= {"department": arrived.department.code, "matter": arrived.matter.code}
    payload |= {"standing": "cancelled", "changes": 1}
    booking_handlers.booking_changed(fact("booking.changed", payload))
    arrived.refresh_from_db()
    assert (arrived.standing, arrived.attended) == ("cancelled", "")
    switch_side(settings, "outer")
    booking_handlers.booking_attended(facts("booking.attended")[0])  # it was about what had been before
    arrived.refresh_from_db()
    assert arrived.attended == ""


def test_the_applicant_hears_that_nobody_came(arrived: Booking, wang_fang: User, settings: Any) -> None:
    tick.run(moment("2026-03-04 00:10"))
    Booking.objects.update(attended="", attended_at=None, owner=wang_fang)
    switch_side(settings, "outer")
    booking_handlers.booking_attended(facts("booking.attended")[0])
    assert "未到" in login(wang_fang).get(f"/my/bookings/{arrived.uid}/").content.decode()


def test_a_visit_for_a_case_is_recorded_inside_too(on_inner: str, matter: Matter, wang_fang: User, clerk: User) -> None:
    case = factories.submitted(wang_fang, matter)
    payload = json.loads((SAMPLES / "booking.changed.v1.json").read_text())
    payload |= {"department": matter.department.code, "matter": matter.code, "application": str(case.uid)}
    booking_handlers.booking_changed(fact("booking.changed", payload))
    attending.note(Booking.objects.get().pk, "came", actor=actors.staff(clerk), at=NOW)
    events = Event.objects.filter(application=case, action="appointment")
    assert [event.data["what"] for event in events] == ["booked", "came"]
    assert case.number in login(clerk).get("/bookings/").content.decode()


def test_two_copies_on_one_place_are_kept_inside(arrived: Booking) -> None:
    """The place is given outside; a fact that overtakes another must not stop."""
    payload = json.loads((SAMPLES / "booking.changed.v1.json").read_text())
    payload |= {"department": arrived.department.code, "matter": arrived.matter.code}
    payload["uid"] = "11111111-2222-4333-8444-555555555555"
    booking_handlers.booking_changed(fact("booking.changed", payload))
    assert Booking.objects.count() == 2


def test_the_plan_crosses_and_gives_the_places(
    on_inner: str, matter: Matter, approver: User, clerk: User, settings: Any
) -> None:
    code = matter.department.code
    body = {"department": code, "is_open": "on", "minutes": "60", "capacity": "3", "days_ahead": "3"}
    assert "您没有可以设定的部门" in login(clerk).get("/bookings/plan/").content.decode()
    wrong = login(approver).post("/bookings/plan/", body | {"capacity": "0"})
    assert (wrong.status_code, CounterPlan.objects.count()) == (422, 0)
    assert login(approver).post("/bookings/plan/", body).status_code == 302
    told = facts("counter.published")[0]
    CounterPlan.objects.all().delete()
    switch_side(settings, "outer")
    booking_handlers.counter_published(told)
    days = booking.free(matter, date(2026, 3, 3))
    assert [day for day, _ in days] == [date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)]
    assert (days[0][1][1].starts, days[0][1][0].left) == (time(10), 3)


def test_only_the_departments_approver_keeps_the_plan(on_inner: str, matter: Matter, clerk: User) -> None:
    numbers = {"minutes": 30, "capacity": 1, "days_ahead": 7}
    with pytest.raises(NotAllowed):
        attending.keep_plan(matter.department, actor=actors.staff(clerk), is_open=True, **numbers)


def test_the_interface_of_the_counter(arrived: Booking, clerk: User, approver: User) -> None:
    kind = "application/json"
    rows = login(clerk).get("/api/v1/staff/bookings/?day=2026-03-03").json()
    assert [row["name"] for row in rows] == ["王芳"]
    assert login(clerk).get("/api/v1/staff/bookings/?day=x").status_code == 422
    address = f"/api/v1/staff/bookings/{arrived.uid}/attendance/"
    assert login(clerk).post(address, {"attended": "no_show"}, kind).json()["attended"] == "no_show"
    plan = {"department": arrived.department.code, "is_open": False, "minutes": 20, "capacity": 4, "days_ahead": 7}
    assert login(clerk).put("/api/v1/staff/bookings/plan/", plan, kind).status_code == 404
    assert login(approver).put("/api/v1/staff/bookings/plan/", plan, kind).json() == plan
    assert login(approver).get("/api/v1/staff/bookings/plan/").json() == [plan]


@pytest.mark.parametrize("topic", ["booking.changed", "booking.attended", "counter.published"])
def test_facts_of_the_first_version_are_read_for_ever(
    arrived: Booking, clerk: User, approver: User, topic: str
) -> None:
    attending.note(arrived.pk, "came", actor=actors.staff(clerk), at=NOW)
    numbers = {"minutes": 30, "capacity": 1, "days_ahead": 7}
    attending.keep_plan(arrived.department, actor=actors.staff(approver), is_open=True, **numbers)
    from applications.talking import facts as writing

    writing.record_booking(arrived)
    sample = json.loads((SAMPLES / f"{topic}.v1.json").read_text())
    assert set(facts(topic)[-1].payload) == set(sample)
    sample |= {"department": arrived.department.code, "matter": arrived.matter.code}
    handler = {
        "booking.changed": booking_handlers.booking_changed,
        "booking.attended": booking_handlers.booking_attended,
        "counter.published": booking_handlers.counter_published,
    }[topic]
    handler(fact(topic, sample))


def test_what_is_unknown_here_is_rejected(arrived: Booking) -> None:
    payload = json.loads((SAMPLES / "booking.changed.v1.json").read_text())
    with pytest.raises(Reject, match="事项"):
        booking_handlers.booking_changed(fact("booking.changed", payload | {"matter": "NO"}))
    with pytest.raises(Reject, match="部门"):
        booking_handlers.booking_changed(
            fact("booking.changed", payload | {"matter": arrived.matter.code, "department": "NO"})
        )
    with pytest.raises(Reject, match="预约"):
        booking_handlers.booking_attended(
            fact("booking.attended", {"uid": "11111111-2222-4333-8444-555555555555", "changes": 0})
        )
