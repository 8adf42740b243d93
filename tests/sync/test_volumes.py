"""A batch of several volumes: cut between frames, carried in any order, put together only when all are here and belong together."""

import io
import itertools
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from sync import (
    archive,
    batch_file,
    batch_out,
    blobs,
    container,
    importer,
    intake,
    manifest,
    outbox,
    peers,
    receipts,
    reports,
    sealer,
    volumes_in,
)
from sync.batch_file import BatchFile
from sync.models import Batch, InboxBatch, InboxRecord, InboxVolume, Outbox, Quarantine, SentVolume, Stream
from sync.reasons import Refused
from sync.reports import Outcome
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer, line, name_of, read
from tests.sync.test_manifests import signed_again

pytestmark = pytest.mark.django_db
SMALL = batch_file.RESERVE + 700_000
SCANS = {name_of(data): data for data in (bytes([n]) * 1_000_000 for n in range(3))}


@pytest.fixture
def three(peer: Peer, topic: str) -> list[Path]:
    """The files of one batch: three scans, and a record that names them."""
    peer.batch([line(1, blobs=list(SCANS))], blobs=SCANS, largest=SMALL)
    assert len(peer.paths) == 4
    return peer.paths


def states(paths: list[Path]) -> list[str]:
    return [open_one(path).state for path in paths]


def test_a_damaged_volume_is_refused_at_once(three: list[Path]) -> None:
    """Not kept as if it were good until the others are here: its good copy is asked for today."""
    data = three[0].read_bytes()
    three[0].write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
    assert states(three[:1]) == [reports.REFUSED]
    assert Quarantine.objects.get().code in ("bad_crc", "data_hash")
    assert not InboxVolume.objects.exists()
    three[0].write_bytes(data)
    assert states(three) == [reports.PARTIAL, reports.PARTIAL, reports.PARTIAL, reports.APPLIED]


def test_a_refused_batch_is_told_of_under_the_name_that_came(
    three: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever brought the last file finds its outcome by its name."""

    def refuse(*_: object) -> None:
        raise Refused("fork", "")

    monkeypatch.setattr(importer, "receive", refuse)
    outcomes = [open_one(path) for path in three]
    assert [(one.file, one.state) for one in outcomes[-1:]] == [(three[-1].name, reports.REFUSED)]
    assert Quarantine.objects.count() == 4


def test_no_volume_is_larger_than_asked_for(peer: Peer) -> None:
    peer.batch([line(1, blobs=list(SCANS))], blobs=SCANS, largest=batch_file.RESERVE + 2_100_000)
    assert [path.stat().st_size <= batch_file.RESERVE + 2_100_000 for path in peer.paths] == [True, True]
    assert [path.name[-9:] for path in peer.paths] == ["-0001.zip", "-0002.zip"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_applied_when_the_last_missing_one_comes(order: tuple[int, ...], three: list[Path]) -> None:
    assert states([three[at] for at in order]) == ["partial", "partial", "partial", "applied"]
    assert rows() == ["k:1#1"]
    assert all(blobs.exists(name) for name in SCANS)


def test_each_says_what_is_still_missing(three: list[Path]) -> None:
    assert "末卷还没有到" in open_one(three[1]).sentence
    last = open_one(three[3])
    assert (last.exit_code, last.code) == (2, "volume")
    assert "共 4 卷，还缺第 1、3 卷" in last.sentence


def test_the_same_one_twice_is_kept_once(three: list[Path]) -> None:
    assert states([three[0], three[0]]) == ["partial", "partial"]
    assert InboxVolume.objects.count() == 1


def test_all_of_a_folder(three: list[Path]) -> None:
    assert [outcome.state for outcome in intake.open_path(three[0].parent)] == ["partial"] * 3 + ["applied"]


def test_each_is_compared_once_when_all_come_together(three: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading gigabytes once more would tell nothing new; what has waited is compared again."""
    compared: list[int] = []
    check_data = BatchFile.check_data

    def counted(file: BatchFile) -> None:
        compared.append(file.volume.vol)
        check_data(file)

    monkeypatch.setattr(BatchFile, "check_data", counted)
    assert [one.state for one in intake.open_files(three[:2])] == ["partial"] * 2
    assert [one.state for one in intake.open_files(three[2:])] == ["partial", "applied"]
    assert compared == [1, 2, 3, 4, 1, 2]


def test_received_files_are_moved_never_deleted(three: list[Path]) -> None:
    states(three)
    kept = sorted(path.name[-17:-13] for path in intake.folder("archive").iterdir())
    assert kept == ["0001", "0002", "0003", "0004"]
    assert list(intake.folder("parked").iterdir()) == []


def test_again_after_it_was_applied(three: list[Path]) -> None:
    states(three)
    assert states(three) == ["duplicate"] * 4
    assert rows() == ["k:1#1"]


def test_waits_for_the_batch_before(peer: Peer, topic: str) -> None:
    first = peer.batch()
    peer.batch([line(2, blobs=list(SCANS))], blobs=SCANS, largest=SMALL)
    second = peer.paths
    assert states(second) == ["partial", "partial", "partial", "parked"]
    assert [outcome.state for outcome in intake.open_path(first)] == ["applied", "applied"]
    assert rows() == ["k:1#1", "k:1#2"]


def test_lost_from_the_disk_while_waiting(peer: Peer, topic: str) -> None:
    first = peer.batch()
    peer.batch([line(2, blobs=list(SCANS))], blobs=SCANS, largest=SMALL)
    second = peer.paths
    states(second)
    next(intake.folder("parked").glob("*-0002-*")).unlink()
    assert [outcome.state for outcome in intake.open_path(first)] == ["applied"]
    assert [outcome.state for outcome in intake.open_path(second[1])] == ["applied"]


def test_killed_before_the_files_were_put_away(three: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    states(three[:3])
    with monkeypatch.context() as killed:
        killed.setattr(volumes_in, "archive", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_one(three[3])
    assert rows() == ["k:1#1"]
    assert len(list(intake.folder("parked").iterdir())) == 4
    assert open_one(three[3]).state == "duplicate"
    assert list(intake.folder("parked").iterdir()) == []


def test_rotten_while_waiting(three: list[Path]) -> None:
    states(three[:3])
    kept = next(intake.folder("parked").glob("*-0002-*"))
    data = bytearray(kept.read_bytes())
    data[500_000] ^= 1
    kept.write_bytes(data)
    outcome = open_one(three[3])
    assert (outcome.state, outcome.code) == ("refused", "bad_crc")
    assert rows() == []
    assert Quarantine.objects.count() == 4
    assert not three[3].exists()


def two_revisions(peer: Peer) -> tuple[list[Path], list[Path]]:
    """The files of one batch, made twice."""
    content: dict[str, Any] = {"lines": [line(1, blobs=list(SCANS))], "blobs": SCANS, "largest": SMALL}
    peer.batch(**content, keep_heads=True)
    old = [path.rename(path.with_name(f"old-{path.name}")) for path in peer.paths]
    peer.batch(**content)
    return old, peer.paths


def test_volumes_of_two_revisions_do_not_mix(peer: Peer, topic: str) -> None:
    old, new = two_revisions(peer)
    assert states([old[0], new[1], new[2], new[3]]) == ["partial"] * 4
    assert "重新发出整批" in open_one(old[0]).sentence
    assert rows() == []
    assert states([new[0]]) == ["applied"]


def test_of_two_revisions_that_do_not_fit_together_all_volumes_are_asked_for(peer: Peer, topic: str) -> None:
    """Every number is here once, and still they are no batch."""
    old, new = two_revisions(peer)
    states([old[0], *new[1:]])
    assert open_one(peer.batch([])).state == "parked"
    assert receipts.missing_volumes(Stream.objects.get(direction="in")) == [[1, 1, 0]]


def test_volume_of_another_batch_under_a_false_name(peer: Peer, topic: str, three: list[Path]) -> None:
    peer.batch([line(2, blobs=[])], largest=SMALL)
    shutil.copy(peer.paths[0], three[1])
    assert states([three[0], three[2], three[3]]) == ["partial"] * 3
    assert open_one(three[1]).state == "parked"  # it is the second batch, whatever it is called


def test_volume_of_another_stream(three: list[Path], peer: Peer) -> None:
    states(three)
    peer.start(uuid4())
    peer.batch([line(1, blobs=list(SCANS))], blobs=SCANS, largest=SMALL)
    assert [open_one(path).code for path in peer.paths] == ["volume", "volume", "volume", "unknown_stream"]
    peer.batch([line(2, blobs=list(SCANS))], blobs=SCANS, largest=SMALL)
    assert open_one(peer.paths[0]).code == "unknown_stream"


def test_blob_over_the_border_of_two_volumes(peer: Peer, topic: str) -> None:
    large = b"0123456789abcdef" * 200_000
    peer.batch([line(1, blobs=[name_of(large)])], blobs={name_of(large): large}, largest=SMALL)
    assert len(peer.paths) > 2
    states(peer.paths)
    assert blobs.open(name_of(large)).read() == large


def test_the_receipt_names_what_is_missing(peer: Peer, topic: str) -> None:
    peer.batch([line(1, blobs=list(SCANS))], blobs=SCANS, largest=SMALL)
    first = peer.paths
    heartbeat = peer.batch([])
    states([first[0], first[2]])
    assert open_one(heartbeat).state == "parked"
    stream = Stream.objects.get(direction="in")
    assert receipts.missing(stream) == []
    assert receipts.missing_volumes(stream) == [[1, 2, 2], [1, 4, 0]]
    assert stream.receipt_due
    newest = stream.receipts.order_by("-number")[0]
    assert newest.body["missing_volumes"] == [[1, 2, 2], [1, 4, 0]]


@pytest.fixture
def sent(peer: Peer, settings: Settings, tmp_path: Path) -> Batch:
    """A batch of this site in several volumes."""
    settings.HALL_BATCH_VOLUME_MB = 2
    with transaction.atomic():
        names = [blobs.put(io.BytesIO(data)) for data in SCANS.values()]
        outbox.record(TOPIC, "k:1", {"n": 1}, blobs=names)
    [batch] = batch_out.seal_all(tmp_path / "disk")
    return batch


def test_written_read_back_and_put_together_by_the_peer(sent: Batch, peer: Peer, tmp_path: Path) -> None:
    files = sorted((tmp_path / "disk").iterdir())
    assert len(files) == sent.volumes.count() == 4
    own = peers.site_keys().card
    handles = [path.open("rb") for path in files]
    opened = [batch_file.BatchFile(handle, [own], peer.keys) for handle in handles]
    contents = batch_file.WholeBatch(opened).contents(peer.keys)
    assert {blob.sha256: b"".join(blob.pieces) for blob in contents.blobs()} == SCANS
    for handle in handles:
        handle.close()


def test_only_what_is_missing_is_offered_again(sent: Batch, peer: Peer, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    before = {path.name: path.read_bytes() for path in disk.iterdir()}
    for path in disk.iterdir():
        path.unlink()
    number = {"number": 1, "missing_volumes": [[1, 2, 2], [1, 4, 0]]}
    stream = Stream.objects.get(direction="out")
    body = peer.receipt(str(stream.epoch), **number)
    open_one(peer.batch([], receipts=[body]))
    batch_out.seal_all(disk)
    offered = {path.name: path.read_bytes() for path in disk.iterdir()}
    assert [name[-9:] for name in sorted(offered)] == ["-0002.zip", "-0004.zip"]
    assert all(before[name] == data for name, data in offered.items())


def test_a_damaged_kept_volume_means_a_new_revision_of_all(sent: Batch, tmp_path: Path) -> None:
    volume = sent.volumes.get(vol=3)
    Path(volume.file_path).write_bytes(b"")
    SentVolume.objects.filter(pk=volume.pk).update(due=True)
    Batch.objects.update(state=Batch.State.SEALED)
    [again] = batch_out.seal_all(tmp_path / "other")
    assert again.revision == 2
    assert len(list((tmp_path / "other").iterdir())) == 4


def test_the_attachments_must_fit_on_the_disk_before_the_first_byte(
    peer: Peer, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        outbox.record(TOPIC, "k:1", {"n": 1}, blobs=[blobs.put(io.BytesIO(b"scan"))])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(sealer.SealRefused, match="磁盘空间不足"):
        batch_out.seal_all(tmp_path / "disk")
    assert list((tmp_path / "disk").iterdir()) == []
    monkeypatch.undo()
    assert len(batch_out.seal_all(tmp_path / "disk")) == 1
    assert not Outbox.objects.filter(batch=None).exists()


def test_a_last_volume_without_the_batch_and_a_batch_in_the_middle(three: list[Path], peer: Peer) -> None:
    for source, names in ((three[3], container.VOLUME_MEMBERS), (three[0], container.MEMBERS)):
        target = source.with_name("wrong.zip")
        with zipfile.ZipFile(source) as given, zipfile.ZipFile(three[3]) as last, target.open("w+b") as handle:
            writer = container.Writer(handle)
            for name in names:
                writer.add(name, [(given if name in container.VOLUME_MEMBERS else last).read(name)])
            writer.close()
        outcome: Outcome = open_one(target)
        assert outcome.code == "mixed"


@pytest.mark.parametrize(
    "lie", [lambda listed: ["0" * 64, *listed], lambda listed: [*listed[:-1], listed[0]]], ids=["length", "last"]
)
def test_a_list_of_volumes_that_the_last_one_belies_waits_for_no_other(
    lie: Callable[[list[str]], list[str]], three: list[Path], peer: Peer
) -> None:
    """It would stay for ever, and ask for volumes that nobody has."""
    lying = signed_again(three[3], peer, "batch", lambda fields: fields | {"volumes": lie(fields["volumes"])})
    outcome = open_one(lying)
    assert (outcome.state, outcome.code) == (reports.REFUSED, "mixed")


def test_only_the_last_volume_describes_the_batch(three: list[Path], peer: Peer) -> None:
    with three[0].open("rb") as first, three[3].open("rb") as last:
        assert batch_file.BatchFile(last, [peer.keys.card]).batch.seq == 1
        with pytest.raises(ValueError, match="only the last volume"):
            _ = batch_file.BatchFile(first, [peer.keys.card]).batch


def test_more_volumes_than_a_name_has_digits_for(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "MOST_VOLUMES", 3)
    with pytest.raises(OverflowError, match="too many volumes"):
        peer.batch([line(1, blobs=list(SCANS))], blobs=SCANS, largest=SMALL)


def test_kept_volumes_that_are_not_all_there_give_no_lines(three: list[Path], data_dir: Path) -> None:
    states(three)
    records = list(InboxRecord.objects.all())
    assert len(list(archive.lines(records))) == 1
    first, second, *_ = sorted((data_dir / "batches" / "archive").iterdir())
    shutil.copyfile(first, second)
    with pytest.raises(archive.LineLost, match="读不出来"):
        list(archive.lines(records))
    second.unlink()
    with pytest.raises(archive.LineLost, match="不在了"):
        list(archive.lines(records))


def test_kept_file_of_a_batch_from_before_there_were_volumes(peer: Peer, topic: str) -> None:
    open_one(peer.batch())
    InboxVolume.objects.all().delete()
    records = list(InboxRecord.objects.all())
    assert len(list(archive.lines(records))) == 1
    InboxBatch.objects.update(file_path="")
    with pytest.raises(archive.LineLost, match="不在了"):
        list(archive.lines(records))


def test_content_needs_all_volumes(three: list[Path], peer: Peer) -> None:
    with pytest.raises(Refused, match="mixed"):
        read(three[3], peer.keys.card, peers.site_keys())
