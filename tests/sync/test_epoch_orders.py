"""The batches of a new epoch come in any order: in the end all are applied, and nothing before a person has approved."""

import itertools
from pathlib import Path
from uuid import uuid4

import pytest

from sync import intake, new_epochs, proposals
from sync.epoch_records import ALL_RETURNED, STARTED
from sync.models import InboxBatch, Outbox, Quarantine, Stream
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


@pytest.fixture
def first_seen(peer: Peer) -> list[Path]:
    """Nothing of the peer was ever here; three batches of its second epoch are on a disk."""
    lines = peer.records(("k:1", {"n": 1}), ("k:1", {"n": 2}))
    peer.batch(lines)
    files = [begin(peer, lines)]
    files += [peer.batch(peer.records(("k:1", {"n": n}), agg_version=n)) for n in (1, 2)]
    return files


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_every_order_where_nothing_of_the_peer_was_ever_here(first_seen: list[Path], order: tuple[int, ...]) -> None:
    """A site set up again without a backup: also there a person compares first, and the peer hears that nothing comes back."""
    for place in order:
        intake.open_path(first_seen[place])
    assert rows() == []
    assert not Quarantine.objects.exists()
    assert InboxBatch.objects.filter(state="parked").count() == 3
    new_epochs.approve("高岚")
    intake.open_files([])
    assert rows() == ["k:1#1", "k:1#2"]
    assert (current().number, current().seq) == (2, 3)
    assert Outbox.objects.filter(topic=ALL_RETURNED).count() == 1


def test_what_was_to_be_in_a_backup_is_missing_in_every_order(peer: Peer) -> None:
    """The peer does not send again what a backup here is said to hold; there is none."""
    peer.batch()
    base = {"stream": str(peer.stream), "seq": peer.seq, "rseq": peer.rseq, "root": peer.prev}
    first, second = begin(peer, [], base=base), peer.batch()
    assert open_one(second).code == "gap"
    assert [outcome.code for outcome in intake.open_path(first)] == ["base_missing"]
    assert rows() == []


def test_an_epoch_that_is_taken_back_leaves_nothing_of_its_later_batches(first_seen: list[Path], peer: Peer) -> None:
    open_one(first_seen[1])
    open_one(first_seen[0])
    proposals.withdraw(InboxBatch.objects.get(seq=1))
    assert not InboxBatch.objects.exists()
    assert not Stream.objects.filter(direction="in").exists()
    assert {row.code for row in Quarantine.objects.all()} == {"unknown_stream"}


def test_the_number_of_an_applied_batch_begins_no_epoch(peer: Peer) -> None:
    """Two contents of one number are two systems that send, whatever the second one calls itself."""
    first = peer.batch(keep_heads=True)
    open_one(first)
    started = {"number": 2, "previous": None, "base": None, "reason": "x", "by": "x", "receipt_seen": 0, "facts": 0}
    liar = peer.batch([line(1, "sync.epoch:x", started, topic=STARTED)], name="liar.zip")
    assert open_one(liar).code == "equivocation"
    assert (current().number, "冻结" in current().frozen) == (1, True)


def test_only_a_first_batch_begins_an_epoch(peer: Peer) -> None:
    """What came before it could be anything, and nobody would have compared it."""
    open_one(peer.batch())
    peer.start(uuid4())
    peer.seq, peer.prev = 1, "0" * 64
    started = {"number": 2, "previous": None, "base": None, "reason": "x", "by": "x", "receipt_seen": 0, "facts": 0}
    assert open_one(peer.batch([line(1, "sync.epoch:x", started, topic=STARTED)])).code == "unknown_stream"
    assert new_epochs.waiting() is None


def test_an_approved_epoch_whose_file_was_lost_while_it_waited_goes_on_when_it_comes_again(
    epoch: list[Path], data_dir: Path
) -> None:
    open_one(epoch[0])
    new_epochs.approve("高岚")
    for path in (data_dir / "batches" / "parked").iterdir():
        path.unlink()
    assert intake.open_files([]) == []
    assert open_one(epoch[0]).state == "applied"
    assert (current().number, current().seq) == (2, 1)


def test_a_batch_of_a_stream_that_never_begins_stays_apart(epoch: list[Path]) -> None:
    """It is signed by an enrolled key, but nothing says where its history begins: kept, not applied, no stream for it."""
    outcome = open_one(epoch[1])
    assert outcome.code == "unknown_stream"
    intake.open_files([])
    [kept] = Quarantine.objects.all()
    assert Path(kept.kept_as).is_file()
    assert Stream.objects.filter(direction="in").count() == 1
