"""The first batch of a new epoch as no honest peer makes it: refused, and the present epoch goes on as if it had not come."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sync import blobs, intake, new_epochs
from sync.models import EpochChange, Stream
from sync.new_epochs import NothingToApprove
from sync.reports import APPLIED, PARKED, REFUSED
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line, name_of
from tests.sync.test_epochs import begin, current

pytestmark = pytest.mark.usefixtures("topic")
Refuses = Callable[[Path], str]


@pytest.fixture
def refused(peer: Peer) -> Refuses:
    """Opens a file that must be refused and leave no trace; the code and the sentence."""
    open_one(peer.batch())

    def refused(path: Path) -> str:
        outcome = open_one(path)
        assert outcome.state == REFUSED
        assert not EpochChange.objects.exists()
        assert [(stream.epoch, stream.frozen) for stream in Stream.objects.filter(direction="in")] == [
            (current().epoch, "")
        ]
        return f"{outcome.code} {outcome.sentence}"

    return refused


def first_line(lines: list[bytes]) -> list[bytes]:
    return lines[:1]


def nothing(lines: list[bytes]) -> list[bytes]:
    return []


@pytest.mark.parametrize(("content", "said"), [(first_line, "记录链"), (nothing, "没有内容")])
def test_a_list_that_is_cut_makes_nothing_look_lost(
    content: Callable[[list[bytes]], list[bytes]], said: str, refused: Refuses, peer: Peer, monkeypatch: Any
) -> None:
    """Whoever approved it would give back, and have done twice, what the peer has."""
    plain = peer.batch

    def cut(lines: list[bytes], **more: Any) -> Path:
        return plain(lines, content_lines=content(lines), **more)

    monkeypatch.setattr(peer, "batch", cut)
    told = refused(begin(peer, [line(1)]))
    assert "content_mismatch" in told
    assert said in told


def test_attachments_of_a_list_are_refused(refused: Refuses, peer: Peer) -> None:
    """Nobody has approved anything of this peer's epoch yet: it cannot fill the file store meanwhile."""
    scan = b"not asked for" * 1000
    assert "新纪元的首批不带附件" in refused(begin(peer, [line(1)], blobs={name_of(scan): scan}))
    assert not blobs.exists(name_of(scan))


def test_only_a_first_batch_begins_an_epoch(refused: Refuses, peer: Peer) -> None:
    """A second one that says so would be approved without the list of the first."""
    assert "unknown_stream" in refused(begin(peer, [line(1)], seq=2, prev="0" * 64))


def test_an_epoch_that_was_passed_over_cannot_be_approved_afterwards(peer: Peer) -> None:
    """The peer had begun twice. Going back to its first attempt would end what it sends now."""
    open_one(peer.batch())
    for number in (2, 3):
        assert open_one(begin(peer, [line(1)], number=number)).state == PARKED
    new_epochs.approve("高岚")
    assert [outcome.state for outcome in intake.open_files([])] == [APPLIED]
    with pytest.raises(NothingToApprove):
        new_epochs.approve("高岚")
    assert current().number == 3
    assert open_one(peer.batch([line(peer.rseq + 1, payload={"n": 2}, agg_version=2)])).state == APPLIED
    assert rows() == ["k:1#1", "k:1#2"]


def test_the_first_that_is_ever_heard_of_a_peer_is_a_new_epoch(peer: Peer) -> None:
    """This site was set up anew, and the peer has begun anew for it."""
    assert open_one(begin(peer, [])).code == "epoch"
    assert not Stream.objects.filter(direction="in", current=True).exists()
    new_epochs.approve("高岚")
    assert [outcome.state for outcome in intake.open_files([])] == [APPLIED]
    assert open_one(peer.batch([line(peer.rseq + 1, payload={"n": 1}, agg_version=1)])).state == APPLIED
    assert (current().number, rows()) == (2, ["k:1#1"])
