"""What is removed is in a verified backup of whoever could want it back; nothing else is."""

import io
from pathlib import Path

import pytest

from sync import backup, batch_out, blobs, epochs, outbox, purge
from sync.epochs import EpochRefused
from sync.models import Batch, InboxBatch, Outbox, Stream
from sync.sealer import SealRefused
from tests.sync.conftest import open_one
from tests.sync.peer import TOPIC, Peer
from tests.sync.test_commands import run

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def sent(peer: Peer) -> list[Batch]:
    """Three batches of ours, with an attachment, in the outgoing folder."""
    batches = []
    for n in (1, 2, 3):
        outbox.record(TOPIC, "k:1", {"n": n}, blobs=[blobs.put(io.BytesIO(str(n).encode()))])
        batches += batch_out.seal_all(batch_out.outgoing_folder())
    return batches


def hear(peer: Peer, batch: Batch, **fields: object) -> None:
    """The peer's receipt up to this batch."""
    applied = {"applied_seq": batch.seq, "applied_rseq": batch.rseq_last, "chain": batch.chain_after}
    applied["number"] = Stream.objects.get(direction="out").receipt_no + 1
    receipt = peer.receipt(str(batch.stream.epoch), **(applied | fields))
    open_one(peer.batch([], receipts=[receipt]))


def own_backup(seq: int) -> None:
    backup.note_covered(Stream.objects.get(direction="in"), seq)


def files(batches: list[Batch]) -> list[bool]:
    return [Path(batch.file_path).exists() for batch in batches]


def payloads() -> list[bool]:
    return [bool(row.payload) for row in Outbox.objects.order_by("id")]


def test_applied_is_not_enough(peer: Peer, sent: list[Batch]) -> None:
    hear(peer, sent[2])
    assert purge.run().batches == 0
    assert (files(sent), payloads()) == ([True] * 3, [True] * 3)


def test_durable_is(peer: Peer, sent: list[Batch]) -> None:
    hear(peer, sent[2], durable_seq=2)
    done = purge.run()
    assert (done.batches, done.files) == (2, 4)  # the kept one and the one that nobody has carried away
    assert (files(sent), payloads()) == ([False, False, True], [False, False, True])
    assert purge.run().batches == 0
    assert Outbox.objects.count() == 3  # that it happened is kept


def test_durable_but_not_acknowledged(peer: Peer, sent: list[Batch]) -> None:
    hear(peer, sent[0], durable_seq=3)
    assert purge.run().batches == 1


def test_purged_cannot_be_made_again(peer: Peer, sent: list[Batch]) -> None:
    hear(peer, sent[2], durable_seq=1)
    purge.run()
    assert batch_out.again(1, 3) == 2
    with pytest.raises(SealRefused, match="清理"):
        batch_out.files_of(Batch.objects.get(seq=1))


def test_files_on_a_carried_disk_are_left_alone(peer: Peer, tmp_path: Path) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    [batch] = batch_out.seal_all(tmp_path / "disk")
    hear(peer, batch, durable_seq=1)
    assert purge.run().files == 1  # our own; the one on the disk is the carrier's
    assert Path(batch.file_path).exists()


def test_receiver_back_with_an_older_backup_than_it_told(peer: Peer, sent: list[Batch]) -> None:
    """It cannot be fed again: say so and stop, instead of sending a hole."""
    hear(peer, sent[2], durable_seq=2)
    purge.run()
    hear(peer, sent[0], restored=9, number=9)
    assert "无法补发" in Stream.objects.get(direction="out").frozen
    outbox.record(TOPIC, "k:1", {"n": 4})
    with pytest.raises(SealRefused, match="更新的备份"):
        batch_out.seal_all(batch_out.outgoing_folder())


def test_no_epoch_without_what_the_receiver_has_lost_and_nobody_has_any_more(peer: Peer, sent: list[Batch]) -> None:
    """A new epoch would list facts without content, and send them so: the history would look whole, and have a hole."""
    hear(peer, sent[2], durable_seq=2)
    purge.run()
    hear(peer, sent[0], restored=9, number=9)
    with pytest.raises(EpochRefused, match="无法补发"):
        epochs.begin("对端退回去了", "许航")
    assert Stream.objects.get(direction="out").seq == 3
    assert not Outbox.objects.filter(batch=None).exists()


def test_receiver_back_with_the_backup_it_told_of(peer: Peer, sent: list[Batch]) -> None:
    hear(peer, sent[2], durable_seq=2)
    purge.run()
    hear(peer, sent[1], restored=9, number=9)
    assert [batch.seq for batch in batch_out.seal_all(batch_out.outgoing_folder())] == [3]


@pytest.mark.parametrize(("ours", "theirs", "left"), [(2, 0, 3), (0, 2, 3), (2, 2, 1), (1, 3, 2)])
def test_archive_waits_for_both_backups(ours: int, theirs: int, left: int, peer: Peer) -> None:
    for _ in range(3):
        open_one(peer.batch())
    kept = [Path(batch.file_path) for batch in InboxBatch.objects.order_by("seq")]
    own_backup(ours)
    Stream.objects.filter(direction="in").update(backed_up_seq=theirs)
    purge.run()
    assert sum(path.exists() for path in kept) == left


def test_senders_backup_is_heard_of(peer: Peer) -> None:
    head = {"stream": str(peer.stream), "seq": 1, "rseq": 1, "chain": "0" * 64, "backed_up_seq": 1, "seen": 0}
    open_one(peer.batch())
    open_one(peer.batch(receipts=[peer.receipt(str(peer.stream), sent=head)]))
    assert Stream.objects.get(direction="in").backed_up_seq == 1


def test_command(peer: Peer, sent: list[Batch]) -> None:
    hear(peer, sent[2], durable_seq=3)
    assert "3 个已发批次（6 个文件）" in run("purge")[1]


def test_a_receiver_that_falls_back_in_this_moment(
    peer: Peer, sent: list[Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its receipt comes while the files are being removed: what the database holds stays, the files are made again."""
    hear(peer, sent[2], durable_seq=3)
    remove = purge._remove

    def slow(file_path: str) -> int:
        Stream.objects.filter(direction="out").update(durable_seq=0)
        return remove(file_path)

    monkeypatch.setattr(purge, "_remove", slow)
    assert purge.run().batches == 0
    assert payloads() == [True] * 3
    assert all(path.is_file() for path in batch_out.files_of(sent[0]))
