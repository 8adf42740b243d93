"""C11, C12 (行政许可法 42): 45 + 15 in joint handling, approved by the government's head; 20 + 10 otherwise."""

import pytest

from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.helpers import move

APPROVED = {"approved_by": "市长何川", "approval_number": "云府批〔2026〕8号"}


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    """A joint matter whose guide writes sixty working days, more than the law gives."""
    return factories.matter(market_bureau, header={"joint": True}, feedback_limit={"value": 60, "unit": "G"})


def test_never_more_than_45_working_days(in_review: Application) -> None:
    """C12: from acceptance on 3 March."""
    assert in_review.clocks.get(kind="law").value == 45


def test_fifteen_more_with_the_governments_approval(in_review: Application, approver: User) -> None:
    """C12: reason and approver are told."""
    case = move(in_review, "extend", by=approver, at="2026-04-01 10:00", **APPROVED)
    assert case.clocks.get(kind="law").extension == 15
    assert "本级人民政府负责人 市长何川" in case.documents.get(kind="extension").content["approver"]


def test_the_organ_cannot_approve_it_itself(in_review: Application, approver: User) -> None:
    """C12."""
    for given in ({}, {"approved_by": "孙立", "approval_number": "1"}, {"approved_by": "市长何川"}):
        with pytest.raises(DataMissing):
            move(in_review, "extend", by=approver, at="2026-04-01 10:00", **given)


def test_once_before_expiry_by_the_approver(in_review: Application, approver: User, reviewer: User) -> None:
    """C11, C12."""
    with pytest.raises(NotAllowed):
        move(in_review, "extend", by=reviewer, at="2026-04-01 10:00", **APPROVED)
    with pytest.raises(NotPossible, match="届满"):
        move(in_review, "extend", by=approver, at="2026-06-01 10:00", **APPROVED)
    case = move(in_review, "extend", by=approver, at="2026-04-01 10:00", **APPROVED)
    with pytest.raises(NotPossible, match="一次"):
        move(case, "extend", by=approver, at="2026-04-02 10:00", **APPROVED)
