"""Appointments at the counter: free slots from the guide's hours, one person a place, changed and given back in time."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from applications import actors, tick
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Booking, CounterPlan, Event, Notice
from applications.talking import booking, slots
from identity.models import Department, User
from matters.guide import AcceptanceWindow
from matters.models import Matter
from matters.workdays import Calendar
from tests import factories
from tests.applications.test_crossing import facts
from tests.factories import moment
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office_hours", "no_rendering")]
NOW = moment("2026-03-03 10:00")  # a Tuesday
DAY = date(2026, 3, 5)
WINDOW = AcceptanceWindow.model_validate(
    {
        "weekly_hours": [
            {"days": [1, 2, 3, 4, 5], "open": "09:00", "close": "11:40"},
            {"days": [1, 3], "open": "14:00", "close": "15:00"},
            {"days": [6], "open": "09:00", "close": "10:00"},
        ]
    }
)


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    """Open Monday to Friday from nine to five, with appointments."""
    return factories.matter(market_bureau, header={"appointment": True})


@pytest.fixture
def outer(on_outer: str, matter: Matter) -> Matter:
    return matter


def book(matter: Matter, user: User, day: date = DAY, starts: time = time(9), **more: Any) -> Booking:
    who = {"name": "王芳", "phone": "13900010001"} | more
    return booking.book(matter, day, starts, user=user, actor=actors.applicant(user), at=NOW, **who)


def test_slots_are_cut_from_the_hours_of_the_day() -> None:
    days = Calendar()
    wednesday, thursday = date(2026, 3, 4), date(2026, 3, 5)
    assert [f"{one:%H:%M}" for one in slots.slots_of(WINDOW, thursday, 40, days)] == [
        "09:00",
        "09:40",
        "10:20",
        "11:00",
    ]
    assert [one.hour for one in slots.slots_of(WINDOW, wednesday, 60, days)] == [9, 10, 14]
    assert slots.slots_of(WINDOW, date(2026, 3, 8), 30, days) == []  # Sunday


def test_no_slots_on_holidays_and_on_weekends_only_where_the_guide_says_so() -> None:
    days = Calendar()
    assert slots.slots_of(WINDOW, date(2026, 2, 17), 30, days) == []  # 春节
    assert slots.slots_of(WINDOW, date(2026, 3, 7), 30, days) == [time(9), time(9, 30)]
    assert slots.slots_of(WINDOW, date(2026, 5, 2), 30, days) == []  # the Saturday of 五一
    season = WINDOW.model_copy(update={"season_from": "06-01", "season_to": "06-30"})
    assert slots.slots_of(season, DAY, 30, days) == []


def test_hours_that_cannot_be_read_give_no_slots() -> None:
    odd = AcceptanceWindow.model_validate({"weekly_hours": [{"days": [4], "open": "上午", "close": "12:00"}]})
    assert slots.slots_of(odd, DAY, 30, Calendar()) == []


def test_everybody_sees_what_is_free_from_tomorrow_on(outer: Matter, wang_fang: User) -> None:
    book(outer, wang_fang)
    page = Client().get(f"/book/{outer.code}/").content.decode()
    assert f"/book/{outer.code}/2026-03-04/0900/" in page
    assert f"/book/{outer.code}/2026-03-03/" not in page
    found = dict(booking.free(outer, NOW.date()))
    assert (found[DAY][0].left, found[DAY][1].left, f"{found[DAY][0].ends:%H:%M}") == (1, 2, "09:30")
    english = Client().get(f"/book/{outer.code}/", HTTP_ACCEPT_LANGUAGE="en", headers={"cookie": "hall_language=en"})
    assert english.status_code == 200
    rows = Client().get(f"/api/v1/public/matters/{outer.code}/slots/").json()
    assert rows[0] == {"day": "2026-03-04", "starts": "09:00", "ends": "09:30", "left": 2}


def test_a_place_is_taken_with_its_fact_and_its_notice(outer: Matter, wang_fang: User) -> None:
    client, address = login(wang_fang), f"/book/{outer.code}/2026-03-05/0930/"
    assert "确认预约" in client.get(address).content.decode()
    answer = client.post(address, {"name": "王芳", "phone": "13900010001"}, follow=True)
    assert "预约成功" in answer.content.decode()
    made = Booking.objects.get()
    assert (made.day, made.starts, made.place, made.minutes) == (DAY, time(9, 30), 1, 30)
    told = facts("booking.changed")[0].payload
    assert (told["day"], told["starts"], told["standing"]) == ("2026-03-05", "09:30", "booked")
    notice = Notice.objects.get()
    assert (notice.event, "3月5日 9:30" in notice.body) == ("booked", True)
    assert "3月5日" in client.get(f"/my/bookings/{made.uid}/").content.decode()
    assert f"/my/bookings/{made.uid}/" in client.get("/my/bookings/").content.decode()


def test_an_appointment_needs_somebody_who_is_logged_in(outer: Matter) -> None:
    answer = Client().post(f"/book/{outer.code}/2026-03-05/0930/", {"name": "王芳", "phone": "13900010001"})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("wrong", [{"name": " "}, {"phone": ""}, {"phone": "12"}])
def test_who_comes_must_be_said(outer: Matter, wang_fang: User, wrong: dict[str, str]) -> None:
    with pytest.raises(DataMissing):
        book(outer, wang_fang, **wrong)
    body = {"name": "王芳", "phone": "13900010001"} | wrong
    assert login(wang_fang).post(f"/book/{outer.code}/2026-03-05/0930/", body).status_code == 422


@pytest.mark.parametrize(
    ("day", "starts"),
    [
        (date(2026, 3, 3), time(15)),  # today: the counter would not know
        (date(2026, 3, 5), time(9, 10)),
        (date(2026, 3, 5), time(17)),
        (date(2026, 3, 8), time(9)),
        (date(2026, 3, 18), time(9)),
    ],
)
def test_only_slots_that_are_offered(outer: Matter, wang_fang: User, day: date, starts: time) -> None:
    with pytest.raises(NotPossible, match="没有这个时段"):
        book(outer, wang_fang, day, starts)


def test_a_matter_without_appointments(on_outer: str, market_bureau: Department, wang_fang: User) -> None:
    plain = factories.matter(market_bureau)
    with pytest.raises(NotPossible, match="不用预约"):
        book(plain, wang_fang)
    assert "不用预约" in Client().get(f"/book/{plain.code}/").content.decode()
    assert Client().get(f"/api/v1/public/matters/{plain.code}/slots/").status_code == 409


def test_a_closed_counter_takes_nobody(outer: Matter, wang_fang: User) -> None:
    CounterPlan.objects.create(department=outer.department, is_open=False)
    with pytest.raises(NotPossible, match="不接受预约"):
        book(outer, wang_fang)


def test_a_full_slot_says_so(outer: Matter, wang_fang: User, stranger: User, zhao_min: User) -> None:
    book(outer, wang_fang)
    book(outer, stranger)
    with pytest.raises(NotPossible, match="约满"):
        book(outer, zhao_min)
    assert sorted(Booking.objects.values_list("place", flat=True)) == [1, 2]
    client = login(zhao_min)
    body = {"name": "赵敏", "phone": "13900010003"}
    answer = client.post(f"/book/{outer.code}/2026-03-05/0900/", body, follow=True)
    assert "约满" in answer.content.decode()


def test_one_person_keeps_few_places(outer: Matter, wang_fang: User) -> None:
    book(outer, wang_fang)
    with pytest.raises(NotPossible, match="已经有一个预约"):
        book(outer, wang_fang)
    book(outer, wang_fang, starts=time(10))
    book(outer, wang_fang, starts=time(11))
    with pytest.raises(NotPossible, match="最多同时有 3 个"):
        book(outer, wang_fang, starts=time(12))


def test_moving_frees_the_old_place(outer: Matter, wang_fang: User, stranger: User) -> None:
    CounterPlan.objects.create(department=outer.department, capacity=1)
    made = book(outer, wang_fang)
    client = login(wang_fang)
    page = client.get(f"/book/{outer.code}/?move={made.uid}").content.decode()
    assert f"/2026-03-05/0930/?move={made.uid}" in page
    answer = client.post(f"/book/{outer.code}/2026-03-06/0930/?move={made.uid}", follow=True)
    assert "预约已改为" in answer.content.decode()
    made.refresh_from_db()
    assert (made.day, made.starts, made.changes) == (date(2026, 3, 6), time(9, 30), 1)
    assert book(outer, stranger).place == 1
    assert set(Notice.objects.filter(recipient=wang_fang).values_list("event", flat=True)) == {
        "booked",
        "booking_moved",
    }


def test_a_move_to_a_full_slot_changes_nothing(outer: Matter, wang_fang: User, stranger: User) -> None:
    CounterPlan.objects.create(department=outer.department, capacity=1)
    made = book(outer, wang_fang)
    book(outer, stranger, starts=time(10))
    with pytest.raises(NotPossible, match="约满"):
        booking.move(made, DAY, time(10), user=wang_fang, actor=actors.applicant(wang_fang), at=NOW)
    made.refresh_from_db()
    assert (made.starts, made.changes) == (time(9), 0)


def test_giving_back_until_it_begins(outer: Matter, wang_fang: User, stranger: User) -> None:
    made = book(outer, wang_fang)
    assert login(stranger).post(f"/my/bookings/{made.uid}/").status_code == 404
    with pytest.raises(NotPossible, match="已经开始"):
        booking.cancel(made, actor=actors.applicant(wang_fang), at=moment("2026-03-05 09:00"))
    assert "已经取消" in login(wang_fang).post(f"/my/bookings/{made.uid}/", follow=True).content.decode()
    made.refresh_from_db()
    assert made.standing == "cancelled"
    assert facts("booking.changed")[-1].payload["standing"] == "cancelled"
    with pytest.raises(NotPossible, match="已经取消"):
        booking.cancel(made, actor=actors.applicant(wang_fang), at=NOW)


def test_a_visit_for_a_case_is_on_its_record(outer: Matter, wang_fang: User) -> None:
    case = factories.file_draft(factories.draft(wang_fang, outer), wang_fang)
    body = {"name": "王芳", "phone": "13900010001", "case": str(case.uid)}
    login(wang_fang).post(f"/book/{outer.code}/2026-03-05/0930/", body)
    event = Event.objects.get(application=case, action="appointment")
    assert (event.data["what"], event.data["day"], event.data["at"]) == ("booked", "2026-03-05", "09:30")
    assert Booking.objects.get().application == case


def test_a_foreign_case_cannot_be_named(outer: Matter, wang_fang: User, stranger: User) -> None:
    case: Application = factories.file_draft(factories.draft(wang_fang, outer), wang_fang)
    body = {"name": "外人", "phone": "13900010005", "case": str(case.uid)}
    login(stranger).post(f"/book/{outer.code}/2026-03-05/0930/", body)
    assert Booking.objects.get().application is None


def test_a_reminder_the_day_before_once(outer: Matter, wang_fang: User) -> None:
    book(outer, wang_fang)
    tick.run(NOW)
    assert not Notice.objects.filter(event="booking_tomorrow").exists()
    for hour in ("08:30", "09:00"):
        tick.run(moment(f"2026-03-04 {hour}"))
    assert Notice.objects.filter(event="booking_tomorrow").count() == 1


def test_the_interface_of_applicants(outer: Matter, wang_fang: User) -> None:
    client, kind, address = login(wang_fang), "application/json", "/api/v1/applicant/bookings/"
    body = {"matter": outer.code, "day": "2026-03-05", "starts": "09:30", "name": "王芳", "phone": "13900010001"}
    assert client.post(address, body | {"matter": "NO"}, kind).status_code == 422
    made = client.post(address, body, kind)
    assert (made.status_code, made.json()["starts"]) == (201, "09:30")
    assert client.post(address, body, kind).status_code == 409
    one = f"{address}{made.json()['uid']}/"
    assert client.put(one, {"day": "2026-03-05", "starts": "10:00"}, kind).json()["starts"] == "10:00"
    assert client.get(one).json()["standing"] == "booked"
    assert [row["uid"] for row in client.get(address).json()] == [made.json()["uid"]]
    assert client.delete(one).status_code == 204
    assert client.delete(one).status_code == 409


def test_the_guide_leads_to_it(outer: Matter) -> None:
    assert f"/book/{outer.code}/" in Client().get(f"/matters/{outer.code}/").content.decode()
