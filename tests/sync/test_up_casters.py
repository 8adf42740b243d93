"""A handler sees the newest version only; what older software wrote is brought up to it, step by step."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.db import transaction

from sync import batch_out, dead_letters, intake, outbox, overlap, peers, registry, sealer, versions
from sync.checks import whole_chains
from sync.models import DeadLetter, InboxRecord, Outbox, Receipt, Stream
from sync.models import Peer as PeerRow
from sync.registry import Fact
from sync.reports import APPLIED, PARKED
from sync.versions import NoWayDown
from tests.sync.conftest import open_one
from tests.sync.peer import Peer, line

GRADED = "ledger.graded"
seen: list[Fact] = []


@pytest.fixture
def third() -> Iterator[None]:
    """This site understands v3: v1 had ``mark``, v2 has ``grade``, v3 has it as text."""
    seen.clear()
    registry.handles(GRADED, version=3)(seen.append)

    @versions.upcasts(GRADED, 1)
    def to_v2(payload: dict[str, Any]) -> dict[str, Any]:
        payload["deep"]["touched"] = True  # allowed: it is a copy
        return {"grade": payload["mark"], "deep": payload["deep"]}

    @versions.upcasts(GRADED, 2)
    def to_v3(payload: dict[str, Any]) -> dict[str, Any]:
        return payload | {"grade": str(payload["grade"])}

    yield
    forget()


def forget() -> None:
    registry.forget(GRADED)
    versions.forget(GRADED)


def graded(rseq: int, v: int, payload: dict[str, Any], key: str = "k:1") -> bytes:
    return line(rseq, key, payload, topic=GRADED, v=v)


@pytest.mark.usefixtures("third")
def test_every_version_arrives_as_the_newest(peer: Peer) -> None:
    old, middle, new = {"mark": 4, "deep": {}}, {"grade": 4, "deep": {}}, {"grade": "4", "deep": {}}
    lines = [graded(1, 1, old), graded(2, 2, middle), graded(3, 3, new)]
    assert open_one(peer.batch(lines)).state == APPLIED
    assert [(fact.version, fact.payload["grade"]) for fact in seen] == [(3, "4")] * 3


@pytest.mark.usefixtures("third")
def test_a_newer_version_waits_for_the_upgrade_and_is_applied_by_itself(peer: Peer) -> None:
    outcome = open_one(peer.batch([graded(1, 1, {"mark": 4, "deep": {}}), graded(2, 4, {"stars": "4"})]))
    assert (outcome.state, outcome.code, seen) == (PARKED, "upgrade", [])
    forget()
    registry.handles(GRADED, version=4)(seen.append)
    versions.upcasts(GRADED, 1)(lambda payload: payload)
    versions.upcasts(GRADED, 2)(lambda payload: payload)
    versions.upcasts(GRADED, 3)(lambda payload: {"stars": str(payload["mark"])})
    assert [outcome.state for outcome in intake.open_files([])] == [APPLIED]
    assert [fact.payload["stars"] for fact in seen] == ["4", "4"]


def test_a_broken_chain_of_casters_waits_too_and_is_named_at_the_start(peer: Peer) -> None:
    registry.handles(GRADED, version=3)(seen.append)
    versions.upcasts(GRADED, 2)(lambda payload: payload)
    try:
        assert open_one(peer.batch([graded(1, 1, {})])).code == "upgrade"
        [error] = whole_chains()
        assert f"{GRADED} v3: no up-caster from v1" in error.msg
    finally:
        forget()
    assert whole_chains in checks.registry.registry.registered_checks


@pytest.mark.usefixtures("third")
def test_an_old_payload_that_fits_no_version_is_a_dead_letter_and_stays_as_it_came(peer: Peer) -> None:
    assert open_one(peer.batch([graded(1, 1, {"nonsense": 1}), graded(2, 3, {"grade": "5"}, key="k:2")])).dead == 1
    assert "KeyError" in DeadLetter.objects.get().reason
    assert dead_letters.retry(DeadLetter.objects.get().pk, "许航") is False
    assert '"nonsense":1' in (InboxRecord.objects.get(rseq=1).line or "")


@pytest.mark.usefixtures("third")
def test_a_caster_cannot_change_what_was_received() -> None:
    received = {"mark": 4, "deep": {}}
    assert versions.up(GRADED, 1, 3, received) == {"grade": "4", "deep": {"touched": True}}
    assert received == {"mark": 4, "deep": {}}


@pytest.mark.usefixtures("third")
def test_one_handler_to_a_topic() -> None:
    with pytest.raises(ValueError, match="newest version only"):
        registry.handles(GRADED, version=4)(lambda fact: None)
    with pytest.raises(ValueError, match="already has a caster"):
        versions.upcasts(GRADED, 1)(lambda payload: payload)
    assert registry.supports()[GRADED] == 3


# --- for a peer that is a release behind ------------------------------------------------------------------------------


@pytest.fixture
def older(peer: Peer) -> Iterator[Peer]:
    """A peer that said it reads v1 of the topic; v2 can be written as v1 unless it has a ``note``."""

    @versions.downcasts(GRADED, 2)
    def to_v1(payload: dict[str, Any]) -> dict[str, Any]:
        if "note" in payload:
            raise NoWayDown("旧版没有附注")
        return {"mark": payload["grade"]}

    PeerRow.objects.update(supports={GRADED: 1})
    yield peer
    forget()


def record(payload: dict[str, Any], version: int = 2, topic: str = GRADED) -> None:
    with transaction.atomic():
        outbox.record(topic, "k:1", payload, version=version)


def sent(peer: Peer, folder: Path) -> list[list[Any]]:
    """What the sealed files hold, as the peer reads it."""
    own = peers.site_keys().card
    return [
        [one["v"], one["payload"]]
        for batch in batch_out.seal_all(folder)
        for one in peer.read(Path(batch.file_path), own)[1]
    ]


def test_older_peer_is_given_the_older_version(older: Peer, tmp_path: Path) -> None:
    record({"mark": 3}, version=1)
    record({"grade": 4})
    [batch] = batch_out.seal_all(tmp_path)
    manifest, records, _ = older.read(Path(batch.file_path), peers.site_keys().card)
    assert [[one["v"], one["payload"]] for one in records] == [[1, {"mark": 3}], [1, {"mark": 4}]]
    assert [kind.model_dump() for kind in manifest.kinds] == [{"topic": GRADED, "version": 1, "count": 2}]
    kept = Outbox.objects.order_by("-id")[0]
    assert (kept.version, kept.payload, kept.sent_version) == (2, '{"grade":4}', 1)


def test_a_file_made_again_after_the_overlap_is_the_same_batch(older: Peer, tmp_path: Path) -> None:
    record({"grade": 4})
    [first] = batch_out.seal_all(tmp_path)
    versions.forget(GRADED)
    PeerRow.objects.update(supports={GRADED: 2})
    shutil.rmtree(batch_out.kept_folder())
    batch_out.again(1, 1)
    [again] = batch_out.seal_all(tmp_path)
    assert (again.content_root, again.revision) == (first.content_root, 2)


@pytest.mark.parametrize("payload", [{"grade": 4, "note": "x"}, {"nonsense": 1}])
def test_what_has_no_older_form_is_held_back_with_all_that_follows(
    payload: dict[str, Any], older: Peer, tmp_path: Path
) -> None:
    record({"grade": 1})
    record(payload)
    record({"n": 3}, version=1, topic="ledger.noted")
    PeerRow.objects.update(supports={GRADED: 1, "ledger.noted": 1})
    assert sent(older, tmp_path) == [[1, {"mark": 1}]]
    with pytest.raises(sealer.HeldBack, match="先升级对端"):
        batch_out.seal_all(tmp_path)
    assert GRADED in overlap.held_back()
    assert Outbox.objects.filter(batch=None).count() == 2
    PeerRow.objects.update(supports={GRADED: 2, "ledger.noted": 1})
    assert overlap.held_back() == ""
    assert sent(older, tmp_path) == [[2, payload], [1, {"n": 3}]]


def test_a_topic_the_peer_does_not_know_is_held_back(older: Peer, tmp_path: Path) -> None:
    """Whoever reads why must not look for a version 0, which nobody ever wrote."""
    record({"n": 1}, version=1, topic="ledger.unheard")
    with pytest.raises(sealer.HeldBack, match=r"还不认识它.*没有登记这种内容"):
        batch_out.seal_all(tmp_path)


def test_a_missing_step_down_is_named(older: Peer) -> None:
    """Whoever has to write it, or to upgrade the peer, reads which one it is."""
    record({"grade": "4"}, version=3)
    assert f"{GRADED} v3 → v2" in overlap.held_back()
    assert "KeyError" not in overlap.held_back()


def test_receipts_and_heartbeats_go_out_all_the_same(older: Peer, tmp_path: Path) -> None:
    record({"note": 1})
    assert [batch.records for batch in batch_out.seal_all(tmp_path, heartbeat=True)] == [0]
    registry.handles(GRADED, version=1)(lambda fact: None)
    open_one(older.batch([graded(1, 1, {"mark": 1})]))
    assert [batch.records for batch in batch_out.seal_all(tmp_path)] == [0]


def test_of_a_peer_that_never_answered_nothing_is_assumed(peer: Peer, tmp_path: Path) -> None:
    record({"grade": 4})
    assert sent(peer, tmp_path) == [[2, {"grade": 4}]]


def test_the_receipt_says_what_the_peer_reads(peer: Peer, topic: str) -> None:
    stream = Stream.objects.create(direction="out", epoch=peer.stream, chain="0" * 64)
    receipt = peer.receipt(str(stream.epoch), supports={GRADED: 7})
    open_one(peer.batch(receipts=[receipt]))
    assert PeerRow.objects.get().supports == {GRADED: 7}
    open_one(peer.batch(receipts=[peer.receipt(str(stream.epoch), supports={GRADED: 1})]))
    assert PeerRow.objects.get().supports == {GRADED: 7}, "an old receipt changes nothing"


def test_a_site_that_learnt_more_says_so_by_itself_and_once(peer: Peer, topic: str, tmp_path: Path) -> None:
    open_one(peer.batch())
    batch_out.seal_all(tmp_path)
    registry.handles(GRADED, version=2)(lambda fact: None)
    try:
        assert [batch.records for batch in batch_out.seal_all(tmp_path)] == [0]
        assert Receipt.objects.order_by("-number")[0].body["supports"][GRADED] == 2
        assert batch_out.seal_all(tmp_path) == []
    finally:
        forget()
