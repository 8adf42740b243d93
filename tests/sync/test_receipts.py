"""Receipts ride in the next reverse batch and acknowledge what was sent."""

from pathlib import Path

import pytest

from sync import batch_out, intake, new_epochs, outbox, peers, receipt_files, status
from sync.models import Batch, Receipt, Stream
from sync.sealer import SealRefused
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer, line
from tests.sync.peer_notes import receipt_note
from tests.sync.test_epochs import begin

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "disk"


@pytest.fixture
def sent(peer: Peer, out: Path) -> list[Batch]:
    """Three batches of ours."""
    batches = []
    for n in (1, 2, 3):
        outbox.record(TOPIC, "k:1", {"n": n})
        batches += batch_out.seal_all(out)
    return batches


def receipt_for(peer: Peer, batch: Batch, **fields: object) -> dict:
    applied = {"applied_seq": batch.seq, "applied_rseq": batch.rseq_last, "chain": batch.chain_after}
    return peer.receipt(str(batch.stream.epoch), **(applied | fields))


def states() -> list[str]:
    return list(Batch.objects.order_by("seq").values_list("state", flat=True))


def test_ours_rides_in_the_next_batch(peer: Peer, out: Path) -> None:
    open_one(peer.batch())
    [batch] = batch_out.seal_all(out)
    manifest, records, _ = peer.read(Path(batch.file_path), peers.site_keys().card)
    [receipt] = manifest.receipts
    assert records == []
    assert (receipt.applied_seq, receipt.applied_rseq, receipt.chain) == (1, 1, peer.chain.hex())
    assert receipt.supports["ledger.noted"] == 1


def test_receipts_do_not_answer_each_other_for_ever(peer: Peer, out: Path) -> None:
    open_one(peer.batch([]))
    assert batch_out.seal_all(out) == []


def test_theirs_acknowledges(peer: Peer, sent: list[Batch]) -> None:
    open_one(peer.batch([], receipts=[receipt_for(peer, sent[1])]))
    assert states() == ["acknowledged", "acknowledged", "ready"]
    assert status.outgoing().acknowledged == 2


def test_old_and_repeated_receipts_change_nothing(peer: Peer, sent: list[Batch]) -> None:
    open_one(peer.batch([], receipts=[receipt_for(peer, sent[2], number=7)]))
    open_one(peer.batch([], receipts=[receipt_for(peer, sent[0], number=5)]))
    open_one(peer.batch([], receipts=[receipt_for(peer, sent[2], number=7)]))
    assert status.outgoing().acknowledged == 3
    assert Receipt.objects.filter(stream__direction="out").count() == 1


def test_receipt_for_an_unknown_stream_is_ignored(peer: Peer, sent: list[Batch]) -> None:
    open_one(peer.batch([], receipts=[peer.receipt(str(peer.stream), applied_seq=3)]))
    assert status.outgoing().acknowledged == 0


def test_missing_batches_are_made_again(peer: Peer, sent: list[Batch], out: Path) -> None:
    open_one(peer.batch([], receipts=[receipt_for(peer, sent[0], missing=[[2, 2]])]))
    assert states() == ["acknowledged", "sealed", "ready"]
    [again] = batch_out.seal_all(out)
    assert (again.seq, again.revision, again.content_root) == (2, 1, sent[1].content_root)


@pytest.mark.parametrize("claim", [{"applied_seq": 9}, {"chain": "0" * 64}, {"applied_rseq": 2}])
def test_receipt_for_what_we_never_sent_stops_sealing(claim: dict, peer: Peer, sent: list[Batch], out: Path) -> None:
    """The peer has more than this database knows: it was restored from a backup, or cloned."""
    open_one(peer.batch([], receipts=[receipt_for(peer, sent[2], **claim)]))
    assert "备份" in Stream.objects.get(direction="out").frozen
    outbox.record(TOPIC, "k:1", {"n": 4})
    with pytest.raises(SealRefused, match="备份"):
        batch_out.seal_all(out)
    assert len(states()) == 3


def test_receipt_is_in_the_same_transaction_as_the_records(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    from sync import receipts

    with monkeypatch.context() as broken:
        broken.setattr(receipts, "issue", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_one(peer.batch(keep_heads=True))
    assert (rows(), status.incoming().seq, Receipt.objects.count()) == ([], 0, 0)
    open_one(peer.batch())
    assert rows() == ["k:1#1"]


def test_receipt_in_a_batch_that_waits_counts_at_once(peer: Peer, sent: list[Batch], out: Path) -> None:
    """Both directions have lost a batch: what names our gap is itself parked behind theirs."""
    peer.batch([])
    waiting = open_one(peer.batch([], receipts=[receipt_for(peer, sent[0], missing=[[2, 2]])]))
    assert (waiting.state, waiting.code) == ("parked", "gap")
    assert states() == ["acknowledged", "sealed", "ready"]
    [again, _] = batch_out.seal_all(out)
    assert again.seq == 2


def test_a_receipt_from_before_a_new_epoch_says_nothing_of_its_backups(peer: Peer, sent: list[Batch]) -> None:
    """Else what no backup of the peer holds would be cleared away here, and old keys destroyed: its numbers begin anew."""
    open_one(peer.batch())
    said = {"stream": str(peer.stream), "seq": 9, "rseq": 9, "chain": "0" * 64, "backed_up_seq": 9, "seen": 99}
    late = receipt_note(peer, sent[0], sent=said)
    open_one(begin(peer, [line(1)]))
    new_epochs.approve("高岚")
    intake.open_files([])
    before = Stream.objects.filter(direction="in", current=True).values().get()
    receipt_files.take(late)
    assert Stream.objects.filter(direction="in", current=True).values().get() == before
    assert status.outgoing().acknowledged == 1, "of our own stream it is as good as ever"
