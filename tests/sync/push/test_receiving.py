"""The peer pushes: it proves who it is, a file arrives once and whole."""

from pathlib import Path

import pytest
from pytest_django import Settings

from sync import courier_state, manifest, peers
from sync.models import Quarantine
from sync.transports.base import TransportFailed
from sync.transports.http import Endpoint, Line
from tests.sync.conftest import rows
from tests.sync.peer import Peer
from tests.sync.push.parts import Numbers

pytestmark = pytest.mark.usefixtures("topic")


def test_files_go_and_answers_come(line: Line, peer: Peer) -> None:
    first, second = peer.batch(), peer.batch()
    assert line.ask().holds is None
    answer = line.post(second)
    assert (answer.state, answer.code) == ("parked", "gap")
    assert answer.holds
    assert (answer.holds.applied_seq, answer.holds.waiting) == (0, [2])
    answer = line.post(first)
    assert answer.state == "applied"
    assert answer.holds
    assert (answer.holds.stream, answer.holds.applied_seq, answer.holds.waiting) == (str(peer.stream), 2, [])
    assert line.post(first).state == "duplicate"
    assert rows() == ["k:1#1", "k:1#2"]
    assert courier_state.figures().received_at


def test_answer_carries_the_newest_receipt_as_a_file(line: Line, peer: Peer) -> None:
    answer = line.post(peer.batch())
    assert peer.recipient
    from sync import notes, receipt_files

    note = notes.read(
        receipt_files.CONTEXT, manifest.ReceiptNote, answer.receipt.encode(), peer.recipient, peer.keys.card
    )
    assert (note.receipt.applied_seq, note.receipt.chain) == (1, peer.chain.hex())


def test_refused_file_is_answered_with_its_reason(line: Line, tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04")
    answer = line.post(bad)
    assert (answer.state, answer.code) == ("refused", "truncated")
    assert Quarantine.objects.get().code == "truncated"


def test_off_unless_allowed(line: Line, settings: Settings) -> None:
    settings.HALL_SYNC_PUSH_ACCEPT = False
    with pytest.raises(TransportFailed, match="404"):
        line.ask()


def test_wrong_key(here: Endpoint, peer: Peer, numbers: Numbers, tmp_path: Path) -> None:
    stranger = Peer(tmp_path / "stranger", "outer", peer.recipient)
    assert peer.recipient
    with pytest.raises(TransportFailed, match="403"):
        Line(here, stranger.keys, peer.recipient, numbers, numbers.skip_to).post(peer.batch())
    assert rows() == []
    assert courier_state.push_seen() == 0


def test_our_own_request_reflected(here: Endpoint, peer: Peer, numbers: Numbers) -> None:
    with pytest.raises(TransportFailed, match="403"):
        Line(here, peers.site_keys(), peer.keys.card, numbers, numbers.skip_to).ask()


def test_meant_for_another_site(here: Endpoint, peer: Peer, numbers: Numbers) -> None:
    assert peer.recipient
    other = peer.recipient.model_copy(update={"side": "third"})
    with pytest.raises(TransportFailed, match="403"):
        Line(here, peer.keys, other, numbers, numbers.skip_to).ask()


def test_no_whole_file_in_memory(line: Line, tmp_path: Path, settings: Settings) -> None:
    """A file of 32 MiB is hashed, sent and received in pieces."""
    import tracemalloc

    large = tmp_path / "large.zip"
    with large.open("wb") as handle:
        handle.truncate(32 * 1024 * 1024)
    tracemalloc.start()
    try:
        assert line.post(large).code == "not_a_batch"
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_pushed_file_is_not_copied_once_more(line: Line, peer: Peer, copied: list[Path]) -> None:
    assert line.post(peer.batch()).state == "applied"
    assert copied == []
