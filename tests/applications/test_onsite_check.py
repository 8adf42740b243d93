"""C09 双人核查 (行政许可法 34, 55): two named officers; a step that asks for a check passes only with one."""

import pytest

from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.helpers import move


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    """The review asks for a check on site."""
    steps = factories.content(market_bureau)["guide"]["procedure"]
    return factories.matter(market_bureau, procedure=[step | {"onsite": step["kind"] == "review"} for step in steps])


def test_passes_only_with_the_record_of_two(in_review: Application, reviewer: User, clerk: User) -> None:
    """C09."""
    with pytest.raises(NotPossible, match="两名以上"):
        move(in_review, "pass_on", by=reviewer, at="2026-03-04 10:00")
    case = move(in_review, "plan_check", by=reviewer, at="2026-03-04 10:00")
    with pytest.raises(NotPossible, match="两名以上"):
        move(case, "pass_on", by=reviewer, at="2026-03-04 10:00")
    check = case.site_checks.get()
    case = move(case, "record_check", by=reviewer, at="2026-03-05 16:00", check=str(check.uid))
    assert move(case, "pass_on", by=reviewer, at="2026-03-05 17:00").state == "PENDING_DECISION"
    assert check.names == "刘洋、陈静"


@pytest.mark.parametrize("officers", [["liuyang"], ["liuyang", "liuyang"], ["liuyang", "wairen-jg"]])
def test_two_different_ones_of_the_department(
    in_review: Application, reviewer: User, outsider: User, officers: list[str]
) -> None:
    """C09: one, the same twice, and a stranger are refused."""
    with pytest.raises(DataMissing) as refused:
        move(in_review, "plan_check", by=reviewer, at="2026-03-04 10:00", officers=officers)
    assert "officers" in refused.value.fields


def test_not_before_its_day(in_review: Application, reviewer: User, clerk: User) -> None:
    """C09: a check of tomorrow cannot be recorded today."""
    case = move(in_review, "plan_check", by=reviewer, at="2026-03-04 10:00")
    with pytest.raises(DataMissing):
        move(case, "record_check", by=reviewer, at="2026-03-04 11:00", check=str(case.site_checks.get().uid))


def test_only_who_has_the_step(in_review: Application, approver: User, outsider: User) -> None:
    """C09."""
    for person in (approver, outsider):
        with pytest.raises(NotAllowed):
            move(in_review, "plan_check", by=person, at="2026-03-04 10:00")


def test_testers_are_named_within_five_days_of_acceptance(in_review: Application, reviewer: User, clerk: User) -> None:
    """C09, art. 55: a clock of the case that stops when they are named; a check on site pauses nothing."""
    clock = in_review.clocks.get(kind="testing")
    assert clock.due.isoformat() == "2026-03-10"
    case = move(in_review, "plan_check", by=reviewer, at="2026-03-04 10:00", check_kind="testing")
    clock.refresh_from_db()
    assert clock.stopped_on.isoformat() == "2026-03-04"
    assert not case.pauses.exists()
