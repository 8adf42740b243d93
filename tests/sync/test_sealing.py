"""What waits becomes numbered batches; numbers are never burnt, files can always be made again."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from django.db import transaction
from django.utils import timezone

from sync import batch_file, batch_out, blobs, outbox, peers, sealer, status
from sync.keys import NoKeys
from sync.models import Batch, Outbox, Stream
from sync.peers import NotEnrolled
from sync.sealer import SealRefused
from tests.sync.peer import TOPIC, Peer


def note(*numbers: int, key: str = "k:1", attachments: list[str] | None = None) -> None:
    for n in numbers:
        outbox.record(TOPIC, key, {"n": n}, blobs=attachments or [])


def note_and_fail(n: int) -> None:
    with transaction.atomic():
        note(n)
        raise ZeroDivisionError


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "disk"


def test_nothing_waits_no_file(peer: Peer, out: Path) -> None:
    assert batch_out.seal_all(out) == []
    assert list(out.iterdir()) == []
    assert status.outgoing().stream is None


def test_records_arrive_as_they_were_noted(peer: Peer, site: object, out: Path) -> None:
    note(1, 2)
    note(3, key="k:2")
    [batch] = batch_out.seal_all(out)
    manifest, records, _ = peer.read(Path(batch.file_path), peers.site_keys().card)
    assert [record["rseq"] for record in records] == [1, 2, 3]
    assert [(record["key"], record["agg_version"]) for record in records] == [("k:1", 1), ("k:1", 2), ("k:2", 1)]
    assert (manifest.seq, manifest.prev, manifest.records) == (1, "", 3)
    assert (batch.seq, batch.state) == (1, Batch.State.READY)


def test_a_fact_that_commits_late_with_a_lower_id_waits_for_the_next_batch(
    peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = sealer._place

    def somebody_commits(*arguments: Any) -> Batch:
        monkeypatch.setattr(sealer, "_place", place)
        Outbox.objects.create(id=-5, topic=TOPIC, key="k:9", agg_version=1, payload="{}", occurred_at=timezone.now())
        return place(*arguments)

    note(1, 2)
    monkeypatch.setattr(sealer, "_place", somebody_commits)
    first, second = batch_out.seal_all(out)
    assert [(batch.records, batch.rseq_first) for batch in (first, second)] == [(2, 1), (1, 3)]
    assert Outbox.objects.get(id=-5).batch == second


def test_batches_continue_each_other(peer: Peer, out: Path) -> None:
    note(1)
    [first] = batch_out.seal_all(out)
    note(2)
    [second] = batch_out.seal_all(out)
    assert (second.seq, second.rseq_first, second.prev_hash) == (2, 2, first.content_root)
    assert second.chain_before == first.chain_after


def test_much_becomes_several_batches(peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer, "MOST_RECORDS", 4)
    note(*range(10))
    assert [batch.records for batch in batch_out.seal_all(out)] == [4, 4, 2]


def test_large_attachments_become_several_batches(peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer, "MOST_BLOB_BYTES", 150)
    for n in range(3):
        note(n, attachments=[blobs.put(io.BytesIO(bytes([n]) * 100))])
    assert [batch.records for batch in batch_out.seal_all(out)] == [1, 1, 1]


def test_an_attachment_travels_once(peer: Peer, out: Path) -> None:
    name = blobs.put(io.BytesIO(b"plan" * 100))
    note(1, attachments=[name])
    note(2, attachments=[name])
    [first] = batch_out.seal_all(out)
    note(3, attachments=[name])
    [second] = batch_out.seal_all(out)
    own = peers.site_keys().card
    assert list(peer.read(Path(first.file_path), own)[2].values()) == [b"plan" * 100]
    _, records, carried = peer.read(Path(second.file_path), own)
    assert (records[0]["blobs"], carried) == ([name], {})


def test_rolled_back_facts_use_no_number(peer: Peer, out: Path) -> None:
    note(1)
    with pytest.raises(ZeroDivisionError):
        note_and_fail(2)
    note(3)
    [batch] = batch_out.seal_all(out)
    assert (batch.rseq_first, batch.rseq_last) == (1, 2)


def test_failed_seal_uses_no_number(peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(1)
    with monkeypatch.context() as broken:
        broken.setattr(sealer, "_note_blobs", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            batch_out.seal_all(out)
    assert not Stream.objects.exists()
    assert Outbox.objects.filter(batch=None).count() == 1
    [batch] = batch_out.seal_all(out)
    assert (batch.seq, batch.rseq_last) == (1, 1)


def test_full_disk_keeps_the_batch_for_the_next_run(peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    note(1)
    for folder in (out, batch_out.kept_folder()):  # one that cannot be made stops before anything is sealed
        folder.mkdir(parents=True)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        with pytest.raises(OSError, match="No space"):
            batch_out.seal_all(out)
    assert list(out.iterdir()) == []
    assert Batch.objects.get().state == Batch.State.SEALED
    [batch] = batch_out.seal_all(out)
    assert (batch.seq, batch.state) == (1, Batch.State.READY)
    assert peer.read(Path(batch.file_path), peers.site_keys().card)[0].content_root == batch.content_root


def test_disk_that_writes_something_else(peer: Peer, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = batch_file.write_volumes

    def writes_wrongly(open_volume: batch_file.OpenVolume, *rest: Any, **more: Any) -> list[str]:
        @contextmanager
        def spoilt(vol: int) -> Iterator[IO[bytes]]:
            with open_volume(vol) as handle:
                yield handle
                handle.seek(200)
                handle.write(b"\0\0\0\0")

        return real(spoilt, *rest, **more)

    note(1)
    monkeypatch.setattr(batch_file, "write_volumes", writes_wrongly)
    with pytest.raises(SealRefused, match="磁盘"):
        batch_out.seal_all(out)
    assert list(out.iterdir()) == []
    monkeypatch.undo()
    assert [batch.seq for batch in batch_out.seal_all(out)] == [1]


def test_file_offered_again_is_the_same_to_the_byte(peer: Peer, out: Path) -> None:
    note(1, attachments=[blobs.put(io.BytesIO(b"x"))])
    [batch] = batch_out.seal_all(out)
    path = Path(batch.file_path)
    before = path.read_bytes()
    path.unlink()  # carried away
    assert batch_out.again(1, 1) == 1
    [batch] = batch_out.seal_all(out)
    assert path.read_bytes() == before
    assert batch.revision == 1


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_kept_file_lost_or_damaged_is_made_again_with_the_same_content(harm: str, peer: Peer, out: Path) -> None:
    note(1, attachments=[blobs.put(io.BytesIO(b"x"))])
    [batch] = batch_out.seal_all(out)
    path, [kept] = Path(batch.file_path), batch_out.files_of(batch)
    before = path.read_bytes()
    path.unlink()
    if harm == "lost":
        kept.unlink()
    else:
        kept.write_bytes(before[:200] + b"?" + before[201:])
    batch_out.again(1, 1)
    [batch] = batch_out.seal_all(out)
    assert path.read_bytes() != before
    assert batch.revision == 2
    assert peer.read(path, peers.site_keys().card)[0].content_root == batch.content_root


def test_lost_file_is_made_again_for_download(peer: Peer, out: Path) -> None:
    note(1)
    [batch] = batch_out.seal_all(out)
    [kept] = batch_out.files_of(batch)
    kept.unlink()
    assert batch_out.files_of(batch) == [kept]
    assert kept.is_file()


def test_heartbeat_only_when_asked(peer: Peer, out: Path) -> None:
    [batch] = batch_out.seal_all(out, heartbeat=True)
    assert (batch.seq, batch.records) == (1, 0)
    assert batch_out.seal_all(out) == []


def test_changed_history_is_not_sent(peer: Peer, out: Path) -> None:
    note(1)
    [batch] = batch_out.seal_all(out)
    [kept] = batch_out.files_of(batch)
    kept.unlink()
    Outbox.objects.update(payload='{"n":2}')
    batch_out.again(1, 1)
    with pytest.raises(SealRefused, match="改动"):
        batch_out.seal_all(out)
    assert Batch.objects.get().revision == batch.revision


def test_changed_description_is_not_sent(peer: Peer, out: Path) -> None:
    """The records are those that were sealed, what was said of them is not."""
    batch_out.seal_all(out, heartbeat=True)
    note(1)
    [batch] = batch_out.seal_all(out)
    [kept] = batch_out.files_of(batch)
    kept.unlink()
    Batch.objects.filter(pk=batch.pk).update(prev_hash="ab" * 32)
    batch_out.again(2, 2)
    with pytest.raises(SealRefused, match="内容与封装时不同"):
        batch_out.seal_all(out)
    assert not kept.exists()


def test_an_attachment_that_is_lost_after_the_seal_is_named(peer: Peer, out: Path, tmp_path: Path) -> None:
    name = blobs.put(io.BytesIO(b"x"))
    note(1, attachments=[name])
    [batch] = batch_out.seal_all(out)
    [kept] = batch_out.files_of(batch)
    kept.unlink()
    (tmp_path / "files" / blobs.path_of(name)).unlink()
    with pytest.raises(SealRefused, match=f"附件 {name[:16]}… 不在文件库中"):
        batch_out.files_of(batch)
    assert not kept.exists()


def test_lost_attachment_stops_sealing(peer: Peer, out: Path, tmp_path: Path) -> None:
    name = blobs.put(io.BytesIO(b"x"))
    note(1, attachments=[name])
    (tmp_path / "files" / blobs.path_of(name)).unlink()
    with pytest.raises(SealRefused, match="附件"):
        batch_out.seal_all(out)
    assert not Batch.objects.exists()


def test_damaged_attachment_stops_the_file(peer: Peer, out: Path, tmp_path: Path) -> None:
    name = blobs.put(io.BytesIO(b"x"))
    note(1, attachments=[name])
    (tmp_path / "files" / blobs.path_of(name)).write_bytes(b"y")
    with pytest.raises(SealRefused, match="已损坏"):
        batch_out.seal_all(out)
    assert list(out.iterdir()) == []


@pytest.mark.django_db
def test_without_keys(data_dir: Path, out: Path) -> None:
    note(1)
    with pytest.raises(NoKeys, match="make_keys"):
        batch_out.seal_all(out)
    assert not Batch.objects.exists()


@pytest.mark.django_db
def test_without_a_peer(site: object, out: Path) -> None:
    note(1)
    with pytest.raises(NotEnrolled, match="enrol_peer"):
        batch_out.seal_all(out)
    assert not Batch.objects.exists()
