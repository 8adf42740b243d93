"""The main way: filed, accepted, reviewed, granted, delivered, closed."""

import pytest

from applications.models import Application, Event
from applications.states import State
from identity.models import User
from matters.models import Matter
from sync.models import Outbox
from tests import factories
from tests.helpers import move

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]


@pytest.fixture
def matter(market_bureau: object) -> Matter:
    return factories.matter(market_bureau)


def test_a_case_goes_from_receipt_to_licence(
    matter: Matter, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    case = factories.submitted(wang_fang, matter, "2026-03-02 10:00")
    case = move(case, "accept", by=clerk, at="2026-03-03 09:00")
    case = move(case, "pass_on", by=clerk, at="2026-03-03 09:05")
    case = move(case, "pass_on", by=reviewer, at="2026-03-05 10:00")
    assert case.state == State.PENDING_DECISION
    case = move(case, "grant", by=approver, at="2026-03-06 10:00")
    assert (case.licence.name, case.licence.valid_to.isoformat()) == ("小餐饮经营许可证", "2029-03-05")
    case = move(case, "deliver", by=clerk, at="2026-03-06 11:00")
    case = move(case, "close", by=clerk, at="2026-03-06 11:05")
    assert (case.state, case.finish_kind) == (State.CLOSED, "0")
    assert [document.kind for document in case.documents.all()] == [
        "receipt",
        "acceptance",
        "grant",
        "licence",
        "delivery",
    ]


def test_three_clocks_follow_the_facts(matter: Matter, wang_fang: User, clerk: User) -> None:
    case = factories.submitted(wang_fang, matter, "2026-02-13 23:59")
    assert (case.intake_due.isoformat(), case.next_due.isoformat()) == ("2026-02-27", "2026-02-27")
    case = move(case, "accept", by=clerk, at="2026-02-24 09:00")
    assert (case.law_due.isoformat(), case.promise_due.isoformat()) == ("2026-03-23", "2026-03-09")
    assert case.intake_due is None


def test_every_move_leaves_an_event_and_a_fact(matter: Matter, wang_fang: User, clerk: User) -> None:
    case = factories.submitted(wang_fang, matter)
    case = move(case, "accept", by=clerk)
    assert list(Event.objects.filter(application=case).values_list("version", "action")) == [
        (1, "submit"),
        (2, "receive"),
        (3, "accept"),
    ]
    assert Outbox.objects.filter(key=f"application:{case.uid}").count() == 3


def test_opinions_stay_inside(matter: Matter, wang_fang: User, clerk: User, reviewer: User) -> None:
    case = move(move(factories.submitted(wang_fang, matter), "accept", by=clerk), "pass_on", by=clerk)
    move(case, "pass_on", by=reviewer, opinion="内部意见不外传")
    assert not any("内部意见" in row.payload for row in Outbox.objects.all())
    assert Application.objects.get(pk=case.pk).route_steps.first().opinion == "内部意见不外传"
