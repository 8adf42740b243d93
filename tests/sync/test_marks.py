"""A database that went back is noticed by the marks that it could not take back with it."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from sync import batch_out, courier, epochs, keys, marks, outbox, peers, status
from sync.marks import Behind
from sync.models import Batch, Receipt, Restoration, Stream
from sync.reasons import CannotProceed
from sync.transports.folder import FolderPair
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer
from tests.sync.restoring import forgotten
from tests.sync.test_commands import complaint, run

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "disk"


def send(out: Path, n: int) -> Batch:
    outbox.record(TOPIC, "k:1", {"n": n})
    [batch] = batch_out.seal_all(out)
    return batch


def newest(stream: Stream) -> dict:
    return dict(Receipt.objects.filter(stream=stream).order_by("-number")[0].body)


def incoming() -> Stream:
    return Stream.objects.get(direction="in", current=True)


def test_the_mark_follows_what_is_sealed(peer: Peer, out: Path) -> None:
    send(out, 1)
    second = send(out, 2)
    mark = marks.read()
    assert mark
    assert mark.outgoing
    assert (mark.outgoing.seq, mark.outgoing.root) == (2, second.content_root)


def test_the_mark_is_there_before_the_file(peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(marks, "_append", lambda _mark: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            send(out, 1)
    assert list(out.iterdir()) == []
    assert [batch.seq for batch in batch_out.seal_all(out)] == [1]


def test_whoever_asks_is_told_that_the_database_is_behind(peer: Peer, out: Path) -> None:
    send(out, 1)
    assert not marks.is_behind()
    with forgotten():
        send(out, 2)
    assert marks.is_behind()


def test_a_mark_file_that_cannot_be_read_counts_as_behind(peer: Peer, out: Path) -> None:
    send(out, 1)
    marks.path().write_bytes(b"dust")
    assert marks.is_behind()


def test_restored_site_seals_nothing_until_that_is_settled(peer: Peer, out: Path) -> None:
    restored = Restoration.objects.create(source="/backup/monday")
    with pytest.raises(Behind, match="已从备份 /backup/monday 恢复"):
        send(out, 1)
    assert not Batch.objects.exists()
    Restoration.objects.filter(pk=restored.pk).update(settled_at=timezone.now())
    assert [batch.seq for batch in batch_out.seal_all(out)] == [1]


def test_stream_that_was_noted_before_its_first_batch(peer: Peer, out: Path) -> None:
    Stream.objects.create(direction="out", epoch=uuid4(), chain="0" * 64)
    marks.note()
    assert send(out, 1).seq == 1


def test_database_from_before_the_present_epoch(peer: Peer, out: Path) -> None:
    send(out, 1)
    with forgotten():
        epochs.begin("磁盘损坏", "许航")
        assert {batch.stream.number for batch in batch_out.seal_all(out)} == {2}
    with pytest.raises(Behind, match=r"记着第 2 纪元已发出到第 \d 批，数据库里没有"):
        send(out, 3)


def test_database_behind_refuses_to_export(peer: Peer, out: Path) -> None:
    send(out, 1)
    with forgotten():
        send(out, 2)
    outbox.record(TOPIC, "k:1", {"n": 3})
    with pytest.raises(Behind, match=r"数据库疑似恢复过备份.*第 2 批.*第 1 批.*new_epoch"):
        batch_out.seal_all(out)
    assert Batch.objects.count() == 1
    carrier = courier.Courier([FolderPair(out / "in", out)], courier.Schedule(), lambda _line: None)
    assert "疑似恢复过备份" in carrier.round()


def test_database_behind_offers_nothing_again(peer: Peer, out: Path, tmp_path: Path) -> None:
    """Its older batches may be the peer's, or those of a history that both have left."""
    send(out, 1)
    with forgotten():
        send(out, 2)
    batch_out.again(1, 1)
    with pytest.raises(Behind):
        batch_out.seal_all(tmp_path / "other disk")
    assert list((tmp_path / "other disk").iterdir()) == []


def test_what_is_marked_stays_when_the_database_has_forgotten_it(peer: Peer, out: Path) -> None:
    with forgotten():
        open_one(peer.batch())
        send(out, 1)
        marked = marks.read()
    assert marked
    assert marked.outgoing
    assert marked.incoming
    marks.note()
    assert marks.read() == marked
    assert marks.path().read_bytes().count(b"\n") == len(marks.path().read_bytes().split()) // 2  # no empty line


def test_database_from_before_the_first_batch(peer: Peer, out: Path) -> None:
    with forgotten():
        send(out, 1)
    outbox.record(TOPIC, "k:1", {"n": 3})
    with pytest.raises(Behind, match="数据库里没有"):
        batch_out.seal_all(out)


def test_clone_with_the_same_marks(peer: Peer, out: Path) -> None:
    """Two systems from one database: the slower one finds its number taken, whatever it has sealed itself."""
    send(out, 1)
    with forgotten():
        send(out, 2)
    marked = marks.path().read_bytes()
    marks.path().write_bytes(marked.splitlines(keepends=True)[0])
    with_other_content = send(out, 3)
    assert with_other_content.seq == 2
    marks.path().write_bytes(marked)
    with pytest.raises(Behind, match="内容不同"):
        send(out, 4)


def clone_is_quicker_at(call: int, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One batch is sealed; a clone seals its second one at the moment at which the marks are asked for the ``call``-th time."""
    send(out, 1)
    with forgotten():
        send(out, 2)
    marked, seen = marks.path().read_bytes(), marks.check
    marks.path().write_bytes(marked.splitlines(keepends=True)[0])
    calls = iter(range(10))

    def slow() -> None:
        if next(calls) == call:
            marks.path().write_bytes(marked)
        seen()

    monkeypatch.setattr(marks, "check", slow)


def test_clone_that_is_quicker_between_seal_and_file(peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone_is_quicker_at(2, out, monkeypatch)  # seal_all, seal_next, then before the file
    before = {path: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(Behind, match="内容不同"):
        send(out, 3)
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_clone_that_is_quicker_before_the_seal(peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No number is given that the other one has given already."""
    clone_is_quicker_at(1, out, monkeypatch)  # seal_all, then seal_next under its lock
    with pytest.raises(Behind, match="第 2 批"):
        send(out, 3)
    assert Batch.objects.count() == 1


def test_another_stream_of_the_same_number(peer: Peer, out: Path) -> None:
    with forgotten():
        send(out, 1)
    marked = marks.path().read_bytes()
    marks.path().unlink()
    send(out, 2)
    marks.path().write_bytes(marked)
    with pytest.raises(Behind, match="另一条流"):
        send(out, 3)


def test_torn_last_line(peer: Peer, out: Path) -> None:
    send(out, 1)
    with marks.path().open("ab") as handle:
        handle.write(marks.path().read_bytes()[:40])
    mark = marks.read()
    assert mark
    assert mark.outgoing
    assert mark.outgoing.seq == 1
    send(out, 2)
    mark = marks.read()
    assert mark
    assert mark.outgoing
    assert mark.outgoing.seq == 2
    assert marks.path().read_bytes().count(b"\n") == 3


def test_a_changed_line_does_not_count(peer: Peer, out: Path) -> None:
    send(out, 1)
    data = marks.path().read_bytes()
    marks.path().write_bytes(data.replace(b'"seq":1', b'"seq":9'))
    with pytest.raises(CannotProceed, match="没有一行完好"):
        send(out, 2)


def test_lost_file_and_how_to_go_on(peer: Peer, out: Path) -> None:
    send(out, 1)
    marks.path().unlink()
    outbox.record(TOPIC, "k:1", {"n": 2})
    with pytest.raises(Behind, match="rebuild_marks"):
        batch_out.seal_all(out)
    assert "--yes" in complaint("rebuild_marks")
    assert "第 1 批" in run("rebuild_marks", "--yes")[1]
    assert [batch.seq for batch in batch_out.seal_all(out)] == [2]
    assert "还在" in complaint("rebuild_marks", "--yes")


def test_on_another_disk(peer: Peer, out: Path, settings: Settings, tmp_path: Path) -> None:
    settings.HALL_MARK_FILE = str(tmp_path / "other disk" / "marks")
    send(out, 1)
    assert (tmp_path / "other disk" / "marks").is_file()
    assert not (settings.HALL_DATA_DIR / "marks.log").exists()


def test_restored_receiver_numbers_on_above_its_marks(peer: Peer, out: Path) -> None:
    first, second = peer.batch(), peer.batch()
    open_one(first)
    with forgotten():
        open_one(second)
        given = incoming().receipt_no
    [batch] = batch_out.seal_all(out)
    manifest, _, _ = peer.read(Path(batch.file_path), peers.site_keys().card)
    [receipt] = manifest.receipts
    assert (receipt.applied_seq, receipt.number, receipt.restored) == (1, given + 1, given + 1)
    open_one(second)
    assert rows() == ["k:1#1", "k:1#2"]
    assert newest(incoming())["restored"] == given + 1
    again = incoming().receipt_no
    batch_out.seal_all(out)
    assert incoming().receipt_no == again  # it fell back once, not at every start


def test_lost_marks_are_learnt_from_the_peer(peer: Peer, out: Path) -> None:
    """The third place: the peer says which of our receipts it has seen."""
    sent = send(out, 1)
    applied = {"applied_seq": 1, "applied_rseq": 1, "chain": sent.chain_after}
    head = {"stream": str(peer.stream), "seq": 1, "rseq": 1, "chain": "0" * 64, "backed_up_seq": 0, "seen": 40}
    open_one(peer.batch(receipts=[peer.receipt(str(sent.stream.epoch), **applied, sent=head)]))
    assert (newest(incoming())["number"], newest(incoming())["restored"]) == (42, 41)


@pytest.fixture
def three_acknowledged(peer: Peer, out: Path) -> list[Batch]:
    batches = [send(out, n) for n in (1, 2, 3)]
    open_one(peer.batch([], receipts=[receipt_for(peer, batches[2], number=7)]))
    return batches


def receipt_for(peer: Peer, batch: Batch, **fields: object) -> dict:
    applied = {"applied_seq": batch.seq, "applied_rseq": batch.rseq_last, "chain": batch.chain_after}
    return peer.receipt(str(batch.stream.epoch), **(applied | fields))


def test_everything_above_a_restored_receiver_is_offered_again(
    peer: Peer, three_acknowledged: list[Batch], out: Path
) -> None:
    roots = [batch.content_root for batch in three_acknowledged]
    open_one(peer.batch([], receipts=[receipt_for(peer, three_acknowledged[0], number=9, restored=9)]))
    assert status.outgoing().acknowledged == 1
    again = batch_out.seal_all(out)
    assert [(batch.seq, batch.content_root, batch.revision) for batch in again] == [(2, roots[1], 1), (3, roots[2], 1)]
    open_one(peer.batch([], receipts=[receipt_for(peer, three_acknowledged[2], number=10, restored=9)]))
    assert status.outgoing().acknowledged == 3
    assert batch_out.seal_all(out) == []


def test_receiver_that_fell_back_without_knowing_it(peer: Peer, three_acknowledged: list[Batch], out: Path) -> None:
    open_one(peer.batch([], receipts=[receipt_for(peer, three_acknowledged[1], number=8)]))
    assert [batch.seq for batch in batch_out.seal_all(out)] == [3]


def test_a_late_receipt_of_before_offers_nothing_again(peer: Peer, three_acknowledged: list[Batch], out: Path) -> None:
    open_one(peer.batch([], receipts=[receipt_for(peer, three_acknowledged[0], number=6)]))
    assert batch_out.seal_all(out) == []


def test_no_keys_nothing_is_marked(db: None, data_dir: Path, out: Path) -> None:
    with pytest.raises(keys.NoKeys):
        batch_out.seal_all(out)
    assert not marks.path().exists()
