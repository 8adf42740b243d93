"""The outer side owns a case until it is submitted, the inner side status and decision; whoever breaks it is not heard."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from applications import sync_handlers
from applications.models import Application, Request
from applications.states import State
from identity.models import User
from matters.models import Matter
from sync import keys, peers, registry
from sync.applying import try_record
from sync.chain import Record
from sync.epoch_records import ABOUT_EPOCHS
from sync.models import DeadLetter
from sync.registry import Fact, Reject
from tests import factories
from tests.applications.test_crossing import facts, forget
from tests.conftest import switch_side
from tests.factories import moment
from tests.sync.conftest import open_one
from tests.sync.peer import Peer, line

# Topic → the side that may send it; a new topic is entered here when it is written into docs/TOPICS.md.
OUTER, INNER, BOTH = "outer", "inner", ""
SENDERS = {
    "application.submitted": OUTER,
    "application.requested": OUTER,
    "joint.submitted": OUTER,
    "rating.given": OUTER,
    "booking.changed": OUTER,
    "searches.counted": OUTER,
    "visits.counted": OUTER,
    "application.moved": INNER,
    "application.filed_inside": INNER,
    "application.asked_inside": INNER,
    "request.answered": INNER,
    "document.issued": INNER,
    "licence.changed": INNER,
    "bar.changed": INNER,
    "joint.extended": INNER,
    "joint.published": INNER,
    "rating.answered": INNER,
    "booking.attended": INNER,
    "counter.published": INNER,
    "department.published": INNER,
    "matter.published": INNER,
    "calendar.published": INNER,
    "dataset.published": INNER,
    "dataset.rows": INNER,
    "synonyms.published": INNER,
    "message.sent": BOTH,
    "evidence.sealed": BOTH,
    "sync.record_rejected": BOTH,
    "sync.epoch_started": BOTH,
    "sync.epoch_listed": BOTH,
    "sync.returned": BOTH,
    "sync.all_returned": BOTH,
}
ARROWS = {"外 → 内": OUTER, "内 → 外": INNER, "双向": BOTH}


def test_who_may_send_what() -> None:
    assert {known.topic: known.from_side for known in registry.registered()} == SENDERS


def test_whatever_is_sent_can_be_brought_back() -> None:
    """After a restored backup the peer gives back what was sent: of every topic somebody must know what it did here.

    What begins an epoch is never given back.
    """
    assert registry.restored_topics() == set(SENDERS) - set(ABOUT_EPOCHS)


def test_the_page_says_the_same() -> None:
    rows = (Path(__file__).parents[2] / "docs" / "TOPICS.md").read_text().splitlines()
    cells = [[cell.strip() for cell in row.split("|")] for row in rows if row.startswith("| `")]
    assert {cell[1].strip("`"): ARROWS[cell[2]] for cell in cells} == SENDERS


@pytest.mark.django_db
@pytest.mark.parametrize("side", [OUTER, INNER])
def test_every_topic_from_the_wrong_side_is_a_dead_letter(side: str, settings: Settings, tmp_path: Path) -> None:
    """A site is sent, by its genuine peer, what only this side itself may send."""
    switch_side(settings, side)
    settings.HALL_DATA_DIR = tmp_path / side
    settings.HALL_BATCH_DIR = settings.HALL_DATA_DIR / "batches"
    keys.create(settings.HALL_DATA_DIR, side)
    peer = Peer(tmp_path / "other", settings.HALL_PEER_SIDE, keys.load(settings.HALL_DATA_DIR, side).card)
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)
    wrong = [topic for topic, sender in SENDERS.items() if sender == side]
    lines = [line(at, f"k:{at}", {}, topic=topic) for at, topic in enumerate(wrong, 1)]
    assert open_one(peer.batch(lines)).dead == len(wrong) > 5
    said = {letter.record.topic: letter.reason for letter in DeadLetter.objects.select_related("record")}
    name = {OUTER: "外网", INNER: "内网"}[side]
    assert said == {topic: f"{topic} 只能由{name}发出，不接受对端传来的。" for topic in wrong}


def request_fact(case: Application, **changes: Any) -> Fact:
    payload = {"uid": "0a6f4e1d-93b5-4a0e-8f6d-2c7b1e5a9d44", "application": str(case.uid), "action": "withdraw"}
    payload |= {"at": "2026-03-05T10:00:00+08:00", "reason": ""} | {"changes": {}} | changes
    return Fact("application.requested", 1, f"application:{case.uid}", 1, 1, payload, [], moment("2026-03-05 10:00"))


@pytest.mark.parametrize("action", ["grant", "accept", "void", "submit", "nonsense"])
def test_outside_nobody_asks_for_what_the_office_does(action: str, awaiting_decision: Application) -> None:
    before = awaiting_decision.state
    with pytest.raises(Reject, match="由内网作出"):
        sync_handlers.requested(request_fact(awaiting_decision, action=action))
    awaiting_decision.refresh_from_db()
    assert (awaiting_decision.state, Request.objects.count()) == (before, 0)


def test_outside_nobody_notes_that_originals_were_shown(received: Application) -> None:
    shown = [{"key": "plan", "round": 1, "originals": 1, "copies": 0, "trust": "A", "noted_at": "2026-03-05"}]
    with pytest.raises(Reject, match="presented"):
        sync_handlers.requested(request_fact(received, action="supplement", changes={"presented": shown}))
    assert not received.presented.exists()


def test_outside_no_number_of_the_windows_is_used(
    on_outer: str, matter: Matter, wang_fang: User, settings: Settings
) -> None:
    case = factories.file_draft(factories.draft(wang_fang, matter), wang_fang)
    [fact] = facts("application.submitted")
    forget(case)
    switch_side(settings, "inner")
    fact.payload["number"] = "519901202603039000002"  # type: ignore[index]
    with pytest.raises(Reject, match="窗口号段"):
        sync_handlers.submitted(fact)
    assert not Application.objects.exists()


def test_a_submission_cannot_come_twice(on_outer: str, matter: Matter, wang_fang: User, settings: Settings) -> None:
    """The second would overwrite what the office has worked on: the whole record is refused by the database."""
    case = factories.file_draft(factories.draft(wang_fang, matter), wang_fang)
    [fact] = facts("application.submitted")
    switch_side(settings, "inner")
    settings.HALL_PEER_SIDE = "outer"

    record = Record(1, fact.topic, 1, fact.key, 1, fact.occurred_at, fact.payload, [])
    assert "IntegrityError" in try_record(record)
    assert Application.objects.get().pk == case.pk


def test_the_office_does_not_submit_a_draft(on_outer: str, matter: Matter, wang_fang: User) -> None:
    case = factories.draft(wang_fang, matter)
    payload = {"uid": str(case.uid), "version": 1, "action": "submit", "to_state": "SUBMITTED"}
    payload |= {"at": "2026-03-05T10:00:00+08:00", "actor_kind": "system", "actor_name": "系统", "data": {}}
    fact = Fact("application.moved", 1, f"application:{case.uid}", 1, 1, payload, [], moment("2026-03-05 10:00"))
    with pytest.raises(Reject, match="由申请人作出"):
        sync_handlers.moved(fact)
    case.refresh_from_db()
    assert case.state == State.DRAFT
