"""The batches of a new epoch come in any order: in the end all are applied, and nothing before a person has approved."""

import itertools
from pathlib import Path

import pytest

from sync import intake, new_epochs
from sync.models import InboxBatch, Quarantine, Stream
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line
from tests.sync.test_epochs import begin, current

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def epoch(peer: Peer) -> list[Path]:
    """One batch of the first epoch is applied; three of the next are on a disk."""
    open_one(peer.batch([line(1, payload={"n": 1}, agg_version=1)]))
    again = line(1, payload={"n": 1}, agg_version=1)
    files = [begin(peer, [again])]
    files.append(peer.batch([line(peer.rseq + 1, payload={"n": 1}, agg_version=1)]))
    files.append(peer.batch([line(peer.rseq + 1, payload={"n": 2}, agg_version=2)]))
    return files


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_every_order(epoch: list[Path], order: tuple[int, ...]) -> None:
    for place in order:
        open_one(epoch[place]) if place == order[0] else intake.open_path(epoch[place])
    assert rows() == ["k:1#1"]
    assert not Quarantine.objects.exists()
    assert InboxBatch.objects.filter(waits_for="epoch").count() == 3
    new_epochs.approve("高岚")
    intake.open_files([])
    assert rows() == ["k:1#1", "k:1#2"]
    assert (current().number, current().seq) == (2, 3)


def test_a_batch_of_a_stream_that_never_begins_stays_apart(epoch: list[Path]) -> None:
    """It is signed by an enrolled key, but nothing says where its history begins: kept, not applied, no stream for it."""
    outcome = open_one(epoch[1])
    assert outcome.code == "unknown_stream"
    intake.open_files([])
    [kept] = Quarantine.objects.all()
    assert Path(kept.kept_as).is_file()
    assert Stream.objects.filter(direction="in").count() == 1
