"""The one joint limit: from the day the last member is accepted, with what pauses out, once longer."""

from datetime import date

import pytest

from applications.actors import staff
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.joint import dates, extending, papers, sync_handlers
from applications.joint.dates import JointDates
from applications.models import JointCase
from identity.models import User
from matters import calendar
from tests.applications.joint.conftest import FIRE, FOOD, LAND, child
from tests.applications.test_crossing import facts
from tests.factories import moment
from tests.helpers import move

pytestmark = pytest.mark.django_db
GIVEN = {"reason": "需要专家论证", "approved_by": "何市长", "approval_number": "云府办批〔2026〕3号"}


def now(joint: JointCase, day: str = "2026-03-10") -> JointDates:
    fresh = JointCase.objects.get(pk=joint.pk)
    return dates.dates_of(fresh, papers.children_of(fresh), date.fromisoformat(day), calendar.current())


@pytest.fixture
def accepted(arrived: JointCase, clerk: User, housing_clerk: User, hr_clerk: User) -> JointCase:
    """All accepted, the last on 5 March."""
    move(child(arrived, FOOD), "accept", by=clerk)
    move(child(arrived, LAND), "accept", by=hr_clerk)
    assert now(arrived).started_on is None
    move(child(arrived, FIRE), "accept", by=housing_clerk, at="2026-03-05 10:00")
    return arrived


def test_it_runs_from_the_last_acceptance(accepted: JointCase) -> None:
    found = now(accepted)
    assert (found.started_on, found.limit.value) == (date(2026, 3, 5), 10)
    assert found.promise is not None
    assert found.promise.on == date(2026, 3, 19)
    assert found.law is not None
    assert found.law.on > found.promise.on
    assert found.is_running
    assert found.days_left == 7


def test_a_member_that_ended_in_intake_is_not_waited_for(
    arrived: JointCase, clerk: User, housing_clerk: User, hr_clerk: User
) -> None:
    move(child(arrived, FOOD), "accept", by=clerk)
    move(child(arrived, LAND), "accept", by=hr_clerk)
    move(child(arrived, FIRE), "tell_not_required", by=housing_clerk)
    assert now(arrived).started_on == date(2026, 3, 3)


def test_a_special_procedure_of_one_member_is_out_of_the_joint_time(
    accepted: JointCase, clerk: User, reviewer: User
) -> None:
    case = move(child(accepted, FOOD), "pass_on", by=clerk, at="2026-03-05 11:00")
    case = move(case, "pause", by=reviewer, at="2026-03-06 10:00")
    move(case, "resume", by=reviewer, at="2026-03-10 10:00")
    found = now(accepted)
    assert found.promise is not None
    assert found.promise.on == date(2026, 3, 23)


def test_it_is_made_longer_once_with_the_governments_approval(accepted: JointCase, approver: User) -> None:
    before = now(accepted).law
    extending.extend(accepted, actor=staff(approver), at=moment("2026-03-10 10:00"), **GIVEN)
    after = now(accepted).law
    assert before is not None
    assert after is not None
    assert after.on > before.on
    for one in accepted.children.all():
        assert one.events.filter(action="extend_joint", note=GIVEN["reason"]).count() == 1
    with pytest.raises(NotPossible, match="一次"):
        extending.extend(accepted, actor=staff(approver), at=moment("2026-03-11 10:00"), **GIVEN)
    JointCase.objects.filter(pk=accepted.pk).update(extended_on=None)
    sync_handlers.extended(facts("joint.extended")[0])
    assert JointCase.objects.get(pk=accepted.pk).extended_on == date(2026, 3, 10)


def test_only_the_lead_department_enters_an_approval_that_is_whole(
    accepted: JointCase, approver: User, housing_approver: User
) -> None:
    with pytest.raises(NotAllowed):
        extending.extend(accepted, actor=staff(housing_approver), **GIVEN)
    with pytest.raises(DataMissing):
        extending.extend(accepted, actor=staff(approver), **{**GIVEN, "approval_number": " "})
    with pytest.raises(DataMissing):
        extending.extend(accepted, actor=staff(approver), **{**GIVEN, "approved_by": "孙立"})
