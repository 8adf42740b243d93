"""容缺受理 (C28): accepted with named secondary materials owed by a date, against a signed promise; the clocks run."""

import pytest

from applications import requests, tick
from applications.errors import DataMissing, NotPossible
from applications.models import Application
from applications.states import State
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.factories import moment
from tests.helpers import move

LEASE = {"key": "lease", "name": "租赁合同", "kind": "proof", "necessity": "可容缺", "source": "申请人自备"}
SENT = {
    "key": "lease",
    "file_name": "合同.pdf",
    "content_type": "application/pdf",
    "size": 9,
    "sha256": "2" * 64,
    "uploaded_at": "2026-03-05T10:00:00+08:00",
}


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    """The lease may come later; ten working days are promised."""
    materials = factories.content(market_bureau)["guide"]["materials"]
    return factories.matter(market_bureau, materials=[*materials, LEASE])


@pytest.fixture
def owing(received: Application, clerk: User) -> Application:
    """Accepted on 3 March with the lease owed."""
    return move(received, "accept_with_deferral", by=clerk)


def supply(case: Application, at: str, materials: list[dict[str, object]] | None = None) -> None:
    """What arrives from the outer side."""
    changes = {"materials": [SENT] if materials is None else materials, "round": 1}
    requests.answer(case.requests.create(action="supply_owed", at=moment(at), changes=changes))
    case.refresh_from_db()


def test_the_date_is_two_working_days_before_the_promise(owing: Application) -> None:
    """C28: promised by 17 March; a commitment is signed and the clock runs."""
    assert (owing.state, owing.promise_due.isoformat(), owing.owed_due.isoformat()) == (
        "ACCEPTED",
        "2026-03-17",
        "2026-03-13",
    )
    assert owing.clocks.get(kind="law").stopped_on is None
    paper = owing.documents.get(kind="deferral")
    assert paper.content["owed_items"][0]["name"] == "租赁合同"
    assert owing.documents.filter(kind="acceptance").exists()


def test_only_what_the_guide_names_can_be_owed(received: Application, clerk: User) -> None:
    """C28: main materials cannot."""
    with pytest.raises(DataMissing, match="只有办事指南"):
        move(received, "accept_with_deferral", by=clerk, owed=["plan"])
    with pytest.raises(DataMissing):
        move(received, "accept_with_deferral", by=clerk, signed="  ")


def test_what_is_owed_must_be_looked_at_before_a_grant(
    owing: Application, clerk: User, reviewer: User, approver: User
) -> None:
    move(owing, "pass_on", by=clerk, at="2026-03-04 09:00")
    case = move(owing, "pass_on", by=reviewer, at="2026-03-04 10:00")
    with pytest.raises(NotPossible, match="还有容缺材料"):
        move(case, "grant", by=approver, at="2026-03-05 10:00")
    supply(case, "2026-03-05 11:00")
    case = move(case, "check_owed", by=clerk, at="2026-03-06 10:00")
    assert (case.owed_due, case.owed.get().standing) == (None, "confirmed")
    assert move(case, "grant", by=approver, at="2026-03-06 11:00").state == State.GRANTED


def test_what_does_not_do_is_owed_again_with_the_reason(owing: Application, clerk: User) -> None:
    supply(owing, "2026-03-05 11:00")
    with pytest.raises(DataMissing):
        move(owing, "check_owed", by=clerk, at="2026-03-06 10:00", verdict="not")
    case = move(owing, "check_owed", by=clerk, at="2026-03-06 10:00", verdict="not", problem="缺少签字页。")
    assert (case.owed.get().standing, case.owed.get().problem) == ("owed", "缺少签字页。")
    assert case.owed_due is not None


def test_only_what_is_owed_can_be_handed_in(owing: Application) -> None:
    supply(owing, "2026-03-05 11:00", [SENT | {"key": "plan"}])
    assert owing.requests.get().standing == "refused"
    assert owing.owed.get().standing == "owed"


def test_a_reminder_two_working_days_before_and_only_one(owing: Application) -> None:
    for day, expected in (("2026-03-10", []), ("2026-03-11", [owing.number]), ("2026-03-12", [])):
        assert tick.run(moment(f"{day} 09:00")).owed_reminded == expected


def test_what_never_comes_returns_the_case(owing: Application) -> None:
    """C28: seven days more, because the last day's may still be on its way; then it is returned, dated the day it could be."""
    assert tick.run(moment("2026-03-20 09:00")).lapsed == []
    assert tick.run(moment("2026-03-26 09:00")).lapsed == [owing.number]
    owing.refresh_from_db()
    assert owing.state == State.TERMINATED
    assert owing.events.get(action="lapse_owed").at == moment("2026-03-21 00:00")
    assert "租赁合同" in str(owing.documents.get(kind="termination").content)


def test_what_was_handed_in_in_time_is_not_lost_to_time(owing: Application) -> None:
    supply(owing, "2026-03-13 23:00")
    assert tick.run(moment("2026-04-10 09:00")).lapsed == []


def test_too_short_a_promise_leaves_no_room(
    market_bureau: Department, on_inner: str, wang_fang: User, clerk: User
) -> None:
    materials = factories.content(market_bureau)["guide"]["materials"]
    short = {"value": 2, "unit": "G"}
    quick = factories.matter(market_bureau, materials=[*materials, LEASE], promised_limit=short)
    with pytest.raises(NotPossible, match="承诺期限太短"):
        move(factories.submitted(wang_fang, quick), "accept_with_deferral", by=clerk)
