"""What lateness makes necessary to say: same-day refusals (C02), the promise that was not kept (C25), a pause too late (C14)."""

import pytest

from applications.errors import DataMissing
from applications.models import Application
from identity.models import User
from tests.helpers import DATA, move


def test_not_this_organ_is_said_at_once_or_explained(received: Application, clerk: User) -> None:
    """C02: received on Monday 2 March at ten."""
    said = {name: value for name, value in DATA["refuse_intake"].items() if name != "late_reason"}
    with pytest.raises(DataMissing, match="当日"):
        move(received, "refuse_intake", by=clerk, at="2026-03-03 10:00", **said | {"late_reason": ""})
    case = move(received, "refuse_intake", by=clerk, at="2026-03-02 16:00")
    data = case.events.get(action="refuse_intake").data
    assert data["same_day"] is True
    assert "late_reason" not in data


def test_the_reason_for_lateness_is_on_the_paper(received: Application, clerk: User) -> None:
    """C02."""
    case = move(received, "tell_not_required", by=clerk, at="2026-03-03 10:00")
    assert case.documents.get(kind="intake_refusal").content["late_reason"] == "收到时窗口停电。"


def test_an_overrun_promise_is_explained_in_public(awaiting_decision: Application, approver: User) -> None:
    """C25: promised by 17 March."""
    with pytest.raises(DataMissing, match="超过承诺"):
        move(awaiting_decision, "grant", by=approver, at="2026-03-20 10:00", overrun_reason=" ")
    case = move(awaiting_decision, "publish_overrun", by=approver, at="2026-03-19 10:00")
    assert case.overrun_explained_on.isoformat() == "2026-03-19"
    assert move(case, "grant", by=approver, at="2026-03-20 10:00", overrun_reason="").state == "GRANTED"


def test_a_pause_after_the_deadline_cures_nothing(in_review: Application, reviewer: User) -> None:
    """C14: the law's limit was 31 March."""
    due = in_review.law_due
    case = move(in_review, "pause", by=reviewer, at="2026-04-01 10:00")
    assert case.pauses.get().too_late is True
    assert case.law_due == due


def test_a_pause_in_time_moves_the_limit(in_review: Application, reviewer: User) -> None:
    """C14."""
    due = in_review.law_due
    case = move(in_review, "pause", by=reviewer, at="2026-03-04 10:00")
    assert case.pauses.get().too_late is False
    assert case.law_due > due
