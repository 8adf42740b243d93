"""C15 听证 (行政许可法 46–48): told, asked for, held, decided on its record."""

import pytest

from applications import actors, requests
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application
from applications.models.request import RequestState
from identity.models import User
from tests import factories
from tests.helpers import move


@pytest.fixture
def told(awaiting_decision: Application, approver: User) -> Application:
    """C15: told of the right on Thursday 5 March 2026; until 12 March it may be asked for."""
    return move(awaiting_decision, "tell_hearing", by=approver, at="2026-03-05 10:00")


@pytest.fixture
def asked(told: Application, wang_fang: User) -> Application:
    """C15: asked for outside on the last day, 12 March, and arrived."""
    request = told.requests.create(action="ask_hearing", at=factories.moment("2026-03-12 23:50"))
    requests.answer(request)
    request.refresh_from_db()
    assert request.standing == RequestState.DONE, request.answer
    told.refresh_from_db()
    return told


@pytest.fixture
def set_(asked: Application, approver: User, clerk: User) -> Application:
    """C15: on Friday 13 March set for Tuesday 24 March."""
    return move(
        asked, "set_hearing", by=approver, at="2026-03-13 10:00", set_for="2026-03-24 09:30", presider="chenjing"
    )


def test_the_whole_way_to_a_decision_on_the_record(set_: Application, approver: User) -> None:
    """C15: the decision comes after the hearing and refers to its record (art. 48(2))."""
    case = move(set_, "hold_hearing", by=approver, at="2026-03-26 10:00")
    case = move(case, "grant", by=approver, at="2026-03-27 10:00")
    assert "2026年3月24日" in case.documents.get(kind="grant").content["hearing"]
    assert [one.kind for one in case.documents.order_by("id")][-4:] == [
        *("hearing_right", "hearing_notice", "grant", "licence")
    ]


def test_the_limits_are_clocks_of_the_case(set_: Application) -> None:
    """C15: five working days to ask, twenty to hold it."""
    dues = dict(set_.clocks.values_list("kind", "due"))
    assert dues["ask"].isoformat() == "2026-03-12"
    assert dues["hearing"].isoformat() == "2026-04-10"


def test_the_hearing_is_out_of_the_clock_once(set_: Application, approver: User) -> None:
    """C14, C15: from the notice (13th) to the day of the hearing (24th), however late its record is entered."""
    before = factories.moment("2026-03-31 10:00").date()
    case = move(set_, "hold_hearing", by=approver, at="2026-03-30 10:00")
    assert case.law_due == before.replace(month=4, day=9) or case.law_due.isoformat() == "2026-04-09"
    assert case.pauses.get().ended_on.isoformat() == "2026-03-25"


def test_no_decision_while_a_hearing_is_owed(asked: Application, approver: User) -> None:
    """C15: refused with the sentence, for a grant as for a refusal."""
    for action in ("grant", "refuse"):
        with pytest.raises(NotPossible, match="听证举行之前不能作出决定"):
            move(asked, action, by=approver, at="2026-03-16 10:00")


def test_no_decision_while_it_may_still_be_asked_for(told: Application, approver: User) -> None:
    """C15, C29: not before the last day's request can have crossed the gap."""
    with pytest.raises(NotPossible, match="申请听证的期限"):
        move(told, "grant", by=approver, at="2026-03-19 10:00")
    assert move(told, "grant", by=approver, at="2026-03-20 10:00").state == "GRANTED"


def test_asked_too_late_is_refused_with_the_reason(told: Application) -> None:
    """C15: the outer moment counts."""
    request = told.requests.create(action="ask_hearing", at=factories.moment("2026-03-13 00:10"))
    requests.answer(request)
    request.refresh_from_db()
    assert request.standing == RequestState.REFUSED
    assert "五个工作日" in request.answer


def test_without_being_told_nobody_can_ask(awaiting_decision: Application, approver: User) -> None:
    """C15: the right is told first."""
    with pytest.raises(NotPossible, match="还没有告知"):
        move(awaiting_decision, "ask_hearing", by=approver, at="2026-03-05 10:00")


def test_the_presider_is_not_a_reviewer(asked: Application, approver: User, reviewer: User) -> None:
    """C15: 刘洋 passed the review."""
    with pytest.raises(DataMissing) as refused:
        move(asked, "set_hearing", by=approver, at="2026-03-13 10:00", set_for="2026-03-24 09:30", presider="liuyang")
    assert "不能主持听证" in refused.value.fields["presider"]


@pytest.mark.parametrize(("day", "word"), [("2026-03-23", "7 个工作日"), ("2026-04-13", "二十个工作日")])
def test_seven_days_notice_and_twenty_days_in_all(asked: Application, approver: User, day: str, word: str) -> None:
    """C15: neither too soon nor too late."""
    with pytest.raises(DataMissing) as refused:
        move(asked, "set_hearing", by=approver, at="2026-03-13 10:00", set_for=f"{day} 09:30", presider="chenjing")
    assert word in refused.value.fields["set_for"]


def test_it_cannot_be_recorded_before_its_day_or_without_a_record(set_: Application, approver: User) -> None:
    """C15."""
    with pytest.raises(NotPossible, match="还没有到"):
        move(set_, "hold_hearing", by=approver, at="2026-03-23 10:00")
    with pytest.raises(DataMissing):
        move(set_, "hold_hearing", by=approver, at="2026-03-24 15:00", record="")


def test_given_up_the_case_goes_on(asked: Application, approver: User) -> None:
    """C15: whoever asked may give it up."""
    case = move(asked, "drop_hearing", by=approver, at="2026-03-16 10:00")
    assert move(case, "grant", by=approver, at="2026-03-17 10:00").state == "GRANTED"


def test_others_may_not(awaiting_decision: Application, reviewer: User, outsider: User) -> None:
    """C15: only who has the step."""
    for person in (reviewer, outsider):
        with pytest.raises(NotAllowed):
            move(awaiting_decision, "tell_hearing", by=person, at="2026-03-05 10:00")


def test_the_applicant_asks_on_the_page(
    told: Application, wang_fang: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C15: the request leaves with its moment; a stranger sees nothing."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.moment("2026-03-10 10:00"))
    address = f"/my/{told.uid}/hearing/"
    monkeypatch.setattr("applications.requests.sync_facts.record_request", lambda request: None)
    assert requests.ask(told, "ask_hearing", actor=actors.applicant(wang_fang), reason="想当面说明").reason
    with pytest.raises(NotPossible, match="已经送出"):
        requests.ask(told, "ask_hearing", actor=actors.applicant(wang_fang))
    assert address
