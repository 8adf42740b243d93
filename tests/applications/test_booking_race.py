"""Eight people want the last place in the same moment: exactly one gets it, and the database is what decides."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from applications import actors
from applications.errors import NotPossible
from applications.models import Booking, CounterPlan, Notice
from applications.talking import booking
from identity.models import Department
from sync.models import Outbox
from tests import factories
from tests.applications.test_two_at_once import WORKERS, at_once
from tests.factories import moment
from tests.people import id_number, make_applicant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_outer")]
NOW, DAY = moment("2026-03-03 10:00"), date(2026, 3, 5)


def test_eight_at_once_for_one_place(market_bureau: Department) -> None:
    matter = factories.matter(market_bureau, header={"appointment": True})
    CounterPlan.objects.create(department=market_bureau, capacity=1)
    users = [make_applicant(f"many{n}", "许多", id_number("19900101", 100 + n)) for n in range(WORKERS)]

    def act(user):
        return lambda: booking.book(
            matter, DAY, time(9), user=user, actor=actors.applicant(user), name="许多", phone="13900010001", at=NOW
        )

    results = at_once([act(user) for user in users])
    assert sum(isinstance(result, Booking) for result in results) == 1
    assert all("约满" in result.message for result in results if isinstance(result, NotPossible))
    assert Booking.objects.filter(standing="booked").count() == 1
    assert (Outbox.objects.filter(topic="booking.changed").count(), Notice.objects.count()) == (1, 1)


def test_one_person_eight_times_at_once(market_bureau: Department) -> None:
    matter = factories.matter(market_bureau, header={"appointment": True})
    CounterPlan.objects.create(department=market_bureau, capacity=8)
    user = make_applicant("one", "一人", id_number("19900101", 100))

    def act():
        return booking.book(
            matter, DAY, time(9), user=user, actor=actors.applicant(user), name="一人", phone="13900010001", at=NOW
        )

    results = at_once([act] * WORKERS)
    assert sum(isinstance(result, Booking) for result in results) == 1


def test_the_database_refuses_a_second_booking_of_a_place(market_bureau: Department) -> None:
    matter = factories.matter(market_bureau, header={"appointment": True})
    first, second = (make_applicant(f"two{n}", "两人", id_number("19900101", 100 + n)) for n in range(2))
    made = booking.book(
        matter, DAY, time(9), user=first, actor=actors.applicant(first), name="两人", phone="13900010001", at=NOW
    )
    made.pk, made.uid, made.owner = None, "11111111-2222-4333-8444-555555555555", second  # type: ignore[assignment]
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)
