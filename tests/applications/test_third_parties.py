"""C16 利害关系人 (行政许可法 36, 47): told and heard before a decision; nothing of them leaves the inner network."""

import json

import pytest

from applications.errors import DataMissing, NotPossible
from applications.models import Application
from identity.models import User
from sync.models import Outbox
from tests.helpers import move


@pytest.fixture
def named(awaiting_decision: Application, approver: User) -> Application:
    """C16: 张平 was told on 5 March."""
    return move(awaiting_decision, "name_third_party", by=approver, at="2026-03-05 10:00")


def test_heard_and_then_decided(named: Application, approver: User) -> None:
    """C16: refused before, possible after."""
    with pytest.raises(NotPossible, match="利害关系人"):
        move(named, "grant", by=approver, at="2026-03-06 10:00")
    party = named.third_parties.get()
    case = move(named, "hear_third_party", by=approver, at="2026-03-06 10:00", party=str(party.uid))
    assert move(case, "grant", by=approver, at="2026-03-06 11:00").state == "GRANTED"
    assert named.documents.get(kind="third_party_notice").content["party"] == "张平"


def test_silence_only_after_its_time(named: Application, approver: User) -> None:
    """C16: five working days to speak."""
    party = {"party": str(named.third_parties.get().uid), "heard_how": "silent", "statement": ""}
    with pytest.raises(DataMissing):
        move(named, "hear_third_party", by=approver, at="2026-03-12 10:00", **party)
    move(named, "hear_third_party", by=approver, at="2026-03-13 10:00", **party)


def test_a_statement_is_needed_and_names_are_named_once(named: Application, approver: User) -> None:
    """C16: bad input."""
    with pytest.raises(DataMissing):
        move(named, "hear_third_party", by=approver, party=str(named.third_parties.get().uid), statement="")
    with pytest.raises(DataMissing):
        move(named, "name_third_party", by=approver)


def test_a_third_party_may_ask_for_the_hearing(named: Application, approver: User) -> None:
    """C15, C16: written down at the desk."""
    case = move(named, "tell_hearing", by=approver, at="2026-03-06 10:00")
    with pytest.raises(DataMissing):
        move(case, "ask_hearing", by=approver, at="2026-03-09 10:00", asker="李四")
    case = move(case, "ask_hearing", by=approver, at="2026-03-09 10:00", asker="张平")
    assert case.hearing.asked_by == "third_party"


def test_nothing_of_the_third_party_leaves(named: Application) -> None:
    """C16: neither name nor contact is in the outbox."""
    told = json.dumps([fact.payload for fact in Outbox.objects.all()], ensure_ascii=False)
    assert "name_third_party" in told
    assert "张平" not in told
    assert "13900020001" not in told
