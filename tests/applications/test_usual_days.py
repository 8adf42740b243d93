"""How long it really takes: the median of decided cases, silent where they are too few."""

import pytest

from applications import usual_days
from applications.models import Application
from identity.models import User
from matters.models import Matter
from tests import factories
from tests.factories import moment
from tests.helpers import move

pytestmark = pytest.mark.usefixtures("on_inner")
TODAY = moment("2026-06-01 09:00").date()


def decided(matter: Matter, who: dict[str, User], on: str) -> Application:
    """Accepted on 2 March 2026 and granted on ``on``."""
    case = factories.submitted(who["applicant"], matter)
    case = move(case, "accept", by=who["clerk"], at="2026-03-02 11:00")
    case = move(case, "pass_on", by=who["clerk"], at="2026-03-02 11:01")
    case = move(case, "pass_on", by=who["reviewer"], at=f"{on} 09:00")
    return move(case, "grant", by=who["approver"], at=f"{on} 10:00")


def test_the_median_of_at_least_three(
    matter: Matter, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> None:
    who = {"applicant": wang_fang, "clerk": clerk, "reviewer": reviewer, "approver": approver}
    for day in ("2026-03-03", "2026-03-05"):
        decided(matter, who, day)
    assert usual_days.note_all(TODAY) == 0
    decided(matter, who, "2026-03-13")
    assert usual_days.note_all(TODAY) == 1
    matter.refresh_from_db()
    assert matter.usual_days == 3


def test_nine_in_ten() -> None:
    """P90 by nearest rank; fewer than ten say nothing."""
    assert usual_days.nine_in_ten([1] * 9) is None
    assert usual_days.nine_in_ten([5, 1, 2, 3, 4, 6, 7, 8, 9, 30]) == 9
    assert usual_days.nine_in_ten([2] * 18 + [11, 40]) == 2


def test_once_a_day(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(usual_days, "note_all", lambda today: calls.append(today) or 0)
    usual_days.refresh(TODAY)
    usual_days.refresh(TODAY)
    assert calls == [TODAY]
