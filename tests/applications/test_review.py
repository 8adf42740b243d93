"""审查与决定: the route, sending back, pauses, extension, decisions, ends (C11, C14, C17, C18)."""

import pytest

from applications import actors, services
from applications.errors import CaseMoved, DataMissing, NotAllowed, NotPossible
from applications.models import Application
from applications.states import State
from identity.models import Department, User
from tests import factories
from tests.helpers import move


def test_parallel_departments_must_all_pass(
    on_inner: str,
    market_bureau: Department,
    housing_bureau: Department,
    wang_fang: User,
    clerk: User,
    reviewer: User,
    housing_reviewer: User,
) -> None:
    steps = factories.content(market_bureau)["guide"]["procedure"]
    both = steps[2] | {"department": housing_bureau.name, "name": "消防设计审查"}
    matter = factories.matter(market_bureau, procedure=[*steps[:3], both, *steps[3:]])
    case = move(move(factories.submitted(wang_fang, matter), "accept", by=clerk), "pass_on", by=clerk)
    case = move(case, "pass_on", by=reviewer)
    assert case.state == State.IN_REVIEW
    with pytest.raises(NotAllowed):
        move(case, "pass_on", by=reviewer)
    case = move(case, "pass_on", by=housing_reviewer)
    assert case.state == State.PENDING_DECISION


def test_the_decision_can_be_sent_back_to_the_reviewer(
    awaiting_decision: Application, approver: User, reviewer: User
) -> None:
    case = move(awaiting_decision, "send_back", by=approver, at="2026-03-05 10:00")
    assert case.state == State.IN_REVIEW
    case = move(case, "pass_on", by=reviewer, at="2026-03-06 10:00")
    assert case.state == State.PENDING_DECISION


def test_the_first_step_has_nothing_before_it(in_review: Application, reviewer: User) -> None:
    with pytest.raises(NotPossible, match="第一个"):
        move(in_review, "send_back", by=reviewer)


def test_a_special_procedure_stops_law_and_promise(in_review: Application, reviewer: User) -> None:
    before = (in_review.law_due, in_review.promise_due)
    case = move(in_review, "pause", by=reviewer, at="2026-03-04 10:00")
    assert case.state == State.SPECIAL
    case = move(case, "resume", by=reviewer, at="2026-03-09 10:00")  # out: Wed 4, Thu 5, Fri 6
    assert before[0].isoformat() == "2026-03-31"
    assert (case.law_due.isoformat(), case.promise_due.isoformat()) == ("2026-04-03", "2026-03-20")
    assert case.documents.get(kind="pause").content["procedure"] == "专家评审"


def test_only_procedures_of_the_guide_pause(in_review: Application, reviewer: User) -> None:
    with pytest.raises(DataMissing) as refused:
        move(in_review, "pause", by=reviewer, procedure="auction")
    assert "procedure" in refused.value.fields


def test_a_pause_after_the_deadline_cures_nothing(in_review: Application, reviewer: User) -> None:
    due = in_review.law_due
    case = move(in_review, "pause", by=reviewer, at="2026-04-07 10:00")
    case = move(case, "resume", by=reviewer, at="2026-04-20 10:00")
    assert case.law_due == due


def test_extension_adds_ten_working_days_once(in_review: Application, approver: User) -> None:
    case = move(in_review, "extend", by=approver, at="2026-03-31 17:00")
    assert (case.state, case.law_due.isoformat()) == (State.IN_REVIEW, "2026-04-15")
    assert case.promise_due.isoformat() == "2026-03-17"
    with pytest.raises(NotPossible, match="一次"):
        move(case, "extend", by=approver, at="2026-04-01 10:00")


def test_extension_after_expiry_is_void(in_review: Application, approver: User) -> None:
    with pytest.raises(NotPossible, match="届满"):
        move(in_review, "extend", by=approver, at="2026-04-01 09:00")


def test_a_reviewer_cannot_extend(in_review: Application, reviewer: User) -> None:
    with pytest.raises(NotAllowed):
        move(in_review, "extend", by=reviewer)


def test_refusal_carries_reasons_and_remedies(awaiting_decision: Application, approver: User) -> None:
    with pytest.raises(DataMissing) as refused:
        move(awaiting_decision, "refuse", by=approver, at="2026-03-05 10:00", reason="")
    assert "reason" in refused.value.fields
    case = move(awaiting_decision, "refuse", by=approver, at="2026-03-05 10:00")
    content = case.documents.get(kind="refusal").content
    assert "二十五米" in str(content["reasons"])
    assert "食品安全法" in content["legal_basis"]
    assert not hasattr(case, "licence")


def test_delivery_runs_from_the_decision(awaiting_decision: Application, approver: User) -> None:
    case = move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00")
    assert (case.delivery_due.isoformat(), case.next_due.isoformat()) == ("2026-03-10", "2026-03-10")


def test_a_decided_case_can_no_longer_be_withdrawn(awaiting_decision: Application, approver: User) -> None:
    case = move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00")
    with pytest.raises(NotPossible):
        move(case, "withdraw", by=None)


def test_terminating_ends_every_clock(in_review: Application, reviewer: User) -> None:
    case = move(in_review, "terminate", by=reviewer)
    assert case.is_ended
    assert not case.clocks.filter(stopped_on=None).exists()


def test_only_the_inspector_voids(in_review: Application, approver: User, inspector: User) -> None:
    with pytest.raises(NotAllowed):
        move(in_review, "void", by=approver)
    assert move(in_review, "void", by=inspector).finish_kind == "2"


def test_transfer_up_ends_the_case_here(in_review: Application, reviewer: User) -> None:
    assert move(in_review, "transfer_up", by=reviewer).finish_kind == "4"


def test_what_was_seen_must_still_be_there(in_review: Application, reviewer: User) -> None:
    with pytest.raises(CaseMoved):
        services.perform(
            in_review.pk, "pass_on", actor=actors.staff(reviewer), seen="RECEIVED.2", render=False, opinion="同意"
        )


def test_an_unknown_move_is_refused(in_review: Application, reviewer: User) -> None:
    with pytest.raises(NotPossible):
        move(in_review, "delete_everything", by=reviewer)
