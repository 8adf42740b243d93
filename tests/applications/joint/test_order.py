"""A member of a later stage waits until everything before it is decided, and its limits run from its turn."""

import pytest

from applications.actors import staff
from applications.desk import rows
from applications.joint import order
from applications.models import Application, JointCase
from applications.states import State
from identity.models import User
from tests.applications.joint.conftest import FIRE, FOOD, LAND, child
from tests.factories import moment
from tests.helpers import move

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> dict[str, int]:
    """用工 comes after the two others."""
    return {FOOD: 1, FIRE: 1, LAND: 2}


def decide(case: Application, *people: User, refuse: bool = False) -> Application:
    clerk, reviewer, approver = people
    case = move(move(case, "accept", by=clerk), "pass_on", by=clerk)
    case = move(case, "pass_on", by=reviewer)
    return move(case, "refuse" if refuse else "grant", by=approver, at="2026-03-05 15:00")


def test_it_waits_without_any_limit(arrived: JointCase, hr_clerk: User) -> None:
    waiting = child(arrived, LAND)
    assert (waiting.state, waiting.waits_its_turn, waiting.next_due) == (State.SUBMITTED, True, None)
    assert child(arrived, FOOD).state == State.RECEIVED
    assert rows.Listed(rows.waiting(staff(hr_clerk)), rows.DUE).count() == 0
    assert order.receive_due() == ([], [])


def test_it_is_received_when_everything_before_it_is_decided(
    arrived: JointCase,
    clerk: User,
    reviewer: User,
    approver: User,
    housing_clerk: User,
    housing_reviewer: User,
    housing_approver: User,
) -> None:
    decide(child(arrived, FOOD), clerk, reviewer, approver)
    assert order.receive_due() == ([], [])
    decide(child(arrived, FIRE), housing_clerk, housing_reviewer, housing_approver, refuse=True)
    number = child(arrived, LAND).number
    assert order.receive_due() == ([number], [])
    now = child(arrived, LAND)
    assert (now.state, now.turn_at) == (State.RECEIVED, moment("2026-03-05 15:00"))
    assert now.silence_due is not None
    assert now.silence_due.isoformat() == "2026-03-12"
    assert order.receive_due() == ([], [])


def test_it_can_be_received_earlier_by_its_clerk(arrived: JointCase, hr_clerk: User) -> None:
    case = move(child(arrived, LAND), "receive", by=hr_clerk, at="2026-03-04 09:00")
    assert case.silence_due is not None
    assert case.silence_due.isoformat() == "2026-03-11"
