"""An epoch that a stolen key proposed is taken back, unless a person has approved it: then nothing of it is touched."""

from pathlib import Path

import pytest

from sync import new_epochs, proposals
from sync.models import EpochChange, InboxBatch, Quarantine, Stream
from sync.reports import PARKED
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line
from tests.sync.test_epochs import begin

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def proposed(peer: Peer) -> InboxBatch:
    """The first batch of a new epoch, with one that waits behind it."""
    open_one(peer.batch())
    fact = line(1)
    assert open_one(begin(peer, [fact])).state == PARKED
    assert open_one(peer.batch([line(3, "k:2")])).state == PARKED
    return InboxBatch.objects.get(stream__current=False, seq=1)


def waiting() -> list[Path]:
    return [Path(row.file_path) for row in InboxBatch.objects.filter(state=InboxBatch.State.PARKED)]


def test_what_waits_behind_it_goes_along(proposed: InboxBatch) -> None:
    proposals.withdraw(proposed)
    assert (InboxBatch.objects.filter(seq__gt=1).count(), EpochChange.objects.count()) == (0, 0)
    assert Quarantine.objects.get().code == "unknown_stream"
    assert Stream.objects.get(direction="in").frozen == ""
    assert not Stream.objects.filter(pk=proposed.stream_id).exists()
    assert rows() == ["k:1#1"]


def test_approved_it_stays(proposed: InboxBatch) -> None:
    new_epochs.approve("高岚")
    before = waiting()
    assert len(before) == 2
    proposals.withdraw(proposed)
    assert waiting() == before
    assert all(path.is_file() for path in before)
    assert not Quarantine.objects.exists()


def test_approved_in_the_last_moment_it_stays(proposed: InboxBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waited behind it is in the quarantine by then, and is looked at again by itself."""
    send_away = proposals._send_away

    def slow(first: InboxBatch) -> None:
        send_away(first)
        new_epochs.approve("高岚")

    monkeypatch.setattr(proposals, "_send_away", slow)
    proposals.withdraw(proposed)
    assert EpochChange.objects.get().approved_by == "高岚"
    assert Stream.objects.get(direction="in", current=True).pk == proposed.stream_id
    assert InboxBatch.objects.filter(pk=proposed.pk).exists()
