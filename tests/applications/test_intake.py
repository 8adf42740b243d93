"""受理: correction once, silence, refusal of intake (行政许可法 32; C04, C05, C06, C29)."""

import pytest

from applications import requests
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application
from applications.states import State
from identity.models import Department, User
from tests import factories
from tests.factories import moment
from tests.helpers import move


def supplement(case: Application, at: str) -> None:
    """What arrives from the outer side when the applicant supplies."""
    request = case.requests.create(action="supplement", at=moment(at), changes={})
    requests.answer(request)
    case.refresh_from_db()


def test_correction_names_everything_and_starts_its_own_limit(received: Application, clerk: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    assert case.state == State.CORRECTION
    assert [item.label for item in case.corrections.all()] == ["经营场所平面图"]
    assert case.correction_due.isoformat() == "2026-04-02"
    assert case.intake_due is None
    assert case.silence_due is None


def test_a_second_correction_notice_with_new_items_is_refused(received: Application, clerk: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    supplement(case, "2026-03-05 10:00")
    assert case.state == State.RESUBMITTED
    items = [{"target": "material:proof", "label": "场所使用证明", "problem": "没有盖章", "remedy": ""}]
    with pytest.raises(NotPossible, match="不能再提出新的要求"):
        move(case, "ask_correction", by=clerk, at="2026-03-06 10:00", items=items)


def test_after_a_correction_acceptance_counts_from_the_full_supply(received: Application, clerk: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    supplement(case, "2026-03-05 10:00")
    case = move(case, "accept", by=clerk, at="2026-03-09 10:00")
    assert case.accepted_on.isoformat() == "2026-03-05"


def test_correction_needs_its_items(received: Application, clerk: User) -> None:
    with pytest.raises(DataMissing) as refused:
        move(received, "ask_correction", by=clerk, items=[])
    assert refused.value.fields == {"items": "请填写需要补正的内容。"}
    received.refresh_from_db()
    assert (received.state, received.version) == (State.RECEIVED, 2)


def test_silence_is_acceptance_from_the_day_of_receipt(received: Application) -> None:
    case = move(received, "deem_accepted", by=None, at="2026-03-10 00:05")
    assert (case.state, case.accepted_on.isoformat()) == (State.TACIT_ACCEPTED, "2026-03-02")
    assert case.law_due.isoformat() == "2026-03-30"


def test_on_the_fifth_working_day_silence_is_not_yet_acceptance(received: Application) -> None:
    with pytest.raises(NotPossible):
        move(received, "deem_accepted", by=None, at="2026-03-09 23:59")


@pytest.mark.parametrize("action", ["accept", "ask_correction", "refuse_intake", "tell_not_required"])
def test_after_five_silent_days_only_acceptance_is_left(received: Application, clerk: User, action: str) -> None:
    with pytest.raises(NotPossible, match="视为受理"):
        move(received, action, by=clerk, at="2026-03-10 09:00")


def test_refusing_intake_names_the_right_organ(received: Application, clerk: User) -> None:
    with pytest.raises(DataMissing) as refused:
        move(received, "refuse_intake", by=clerk, right_organ="")
    assert "right_organ" in refused.value.fields
    case = move(received, "refuse_intake", by=clerk)
    assert (case.state, case.finish_kind) == (State.REJECTED_INTAKE, "1")
    assert case.documents.get(kind="intake_refusal").content["competent_organ"] == "云川市文化旅游局"


def test_a_clerk_of_another_department_is_refused(received: Application, outsider: User) -> None:
    with pytest.raises(NotAllowed):
        move(received, "accept", by=outsider)


def test_a_reviewer_cannot_accept(received: Application, reviewer: User) -> None:
    with pytest.raises(NotAllowed):
        move(received, "accept", by=reviewer)


def test_uncorrected_cases_lapse_after_the_limit(received: Application, clerk: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    with pytest.raises(NotPossible):
        move(case, "lapse", by=None, at="2026-04-09 10:00")
    case = move(case, "lapse", by=None, at="2026-04-10 10:00")
    assert (case.state, case.finish_kind) == (State.CORRECTION_LAPSED, "5")


def test_a_supplement_after_the_limit_is_refused_and_both_facts_are_kept(received: Application, clerk: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    supplement(case, "2026-04-07 10:00")
    assert case.state == State.CORRECTION
    assert case.requests.get().standing == "refused"


def test_a_step_of_a_department_that_was_renamed_is_said_and_nothing_moves(
    on_inner: str, market_bureau: Department, wang_fang: User, clerk: User
) -> None:
    steps = factories.content(market_bureau)["guide"]["procedure"]
    steps[2]["department"] = "云川市食品药品监督管理局"
    case = factories.submitted(wang_fang, factories.matter(market_bureau, procedure=steps))
    with pytest.raises(NotPossible, match="云川市食品药品监督管理局"):
        move(case, "accept", by=clerk)
    case.refresh_from_db()
    assert (case.state, case.route_steps.count()) == (State.RECEIVED, 0)
