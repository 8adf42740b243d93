"""Large files pass through: every byte arrives, the disk's troubles are told, and the memory is given back."""

import errno
import hashlib
import io
import os
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import batch_file, batch_out, blobs, large_files, outbox
from sync.transports.disk import copying
from tests.sync.conftest import open_one
from tests.sync.peer import TOPIC, Peer, line, name_of

KIB = 1024
BIG = os.urandom(300 * KIB)


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 KiB for 16 MiB."""
    monkeypatch.setattr(large_files, "WINDOW", 64 * KIB)
    monkeypatch.setattr(large_files, "KEPT", 128 * KIB)
    monkeypatch.setattr(large_files, "PIECE", 32 * KIB)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What the system is asked for: ("out", 0) for bytes to the disk, ("forgotten", up to where; 0 for all)."""
    seen: list[tuple[str, int]] = []
    out, forgotten = os.fdatasync, os.posix_fadvise

    def fdatasync(descriptor: int) -> None:
        seen.append(("out", 0))
        out(descriptor)

    def fadvise(descriptor: int, start: int, length: int, advice: int) -> None:
        assert (start, advice) == (0, os.POSIX_FADV_DONTNEED)
        seen.append(("forgotten", length))
        forgotten(descriptor, start, length, advice)

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    monkeypatch.setattr(os, "posix_fadvise", fadvise)
    return seen


def written(path: Path, data: bytes, step: int = 10 * KIB) -> large_files.NewFile:
    handle = large_files.NewFile(path, 0o600)
    for start in range(0, len(data), step):
        handle.write(data[start : start + step])
    return handle


@pytest.mark.usefixtures("small_windows")
def test_writer_goes_on_while_windows_are_brought_out(tmp_path: Path, calls: list[tuple[str, int]]) -> None:
    with written(tmp_path / "file", BIG) as handle:
        handle.fsync()
        assert calls.count(("out", 0)) == 4
        assert [length > 0 for name, length in calls if name == "forgotten"] == [True] * 3  # what lies back, not all
        handle.seek(0)
        assert handle.read() == BIG
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("small_windows")
@pytest.mark.parametrize("window", [1, 4])
def test_what_the_disk_met_once_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    """The system tells an error of writing once: the fsync at the end would be content."""
    left = [window]

    def fails_once(_descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.EIO, "Input/output error")

    def write_all() -> None:
        with written(tmp_path / "file", BIG) as handle:
            handle.fsync()

    monkeypatch.setattr(os, "fdatasync", fails_once)
    with pytest.raises(OSError, match="Input/output"):
        write_all()


@pytest.mark.usefixtures("small_windows")
def test_descriptor_is_kept_until_the_disk_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed without an fsync, as after an error: another file may get the same number."""
    names: list[str] = []

    def slow(descriptor: int) -> None:
        for _ in range(1000):
            name = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        names.append(name)

    monkeypatch.setattr(os, "fdatasync", slow)
    written(tmp_path / "file", BIG).close()
    (tmp_path / "other").write_bytes(b"")
    assert names == [str(tmp_path / "file")] * 4


def test_no_second_file_of_a_name(tmp_path: Path) -> None:
    large_files.NewFile(tmp_path / "file", 0o600).close()
    with pytest.raises(FileExistsError):
        large_files.NewFile(tmp_path / "file", 0o600)


@pytest.mark.usefixtures("small_windows")
def test_reader_leaves_the_last_windows_in_memory(tmp_path: Path, calls: list[tuple[str, int]]) -> None:
    (tmp_path / "file").write_bytes(BIG)
    with (tmp_path / "file").open("rb") as handle:
        assert b"".join(large_files.pieces(handle)) == BIG
        assert calls == [("forgotten", 64 * KIB), ("forgotten", 128 * KIB)]
        assert b"".join(large_files.stretch(handle, 1000, 5000, 512)) == BIG[1000:6000]
        assert b"".join(large_files.stretch(handle, 299 * KIB, 5000, 512)) == BIG[299 * KIB :]
    assert large_files.sha256_of(tmp_path / "file") == name_of(BIG)


@pytest.mark.usefixtures("small_windows")
def test_done_with_a_large_file(tmp_path: Path, calls: list[tuple[str, int]]) -> None:
    for size, told in ((64 * KIB - 1, []), (64 * KIB, [("forgotten", 0)])):
        (tmp_path / "file").write_bytes(BIG[:size])
        with (tmp_path / "file").open("rb") as handle:
            large_files.done_with(handle)
        assert calls == told
    large_files.done_with(io.BytesIO(BIG))


@given(st.lists(st.binary(max_size=64 * KIB + 10).map(lambda data: data * 2), max_size=8))
def test_digests_beside_are_those_of_the_same_bytes(every: list[bytes]) -> None:
    one, other = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with large_files.beside([one, other]) as take:
        for piece in every:
            take(piece)
    assert one.hexdigest() == name_of(b"".join(every))
    assert other.hexdigest() == hashlib.md5(b"".join(every), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("size", [10, 100 * KIB])
def test_digest_that_fails_is_told(size: int) -> None:
    class Failing:
        def update(self, data: bytes, /) -> None:
            raise MemoryError(len(data))

    def take_one() -> None:
        with large_files.beside([Failing()]) as take:
            take(bytes(size))

    with pytest.raises(MemoryError):
        take_one()


@pytest.mark.usefixtures("topic", "peer")
def test_sealed_file_is_read_back_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written last is in memory, right whatever the disk made of it."""
    told: list[str] = []
    check_all, fsync, forget = batch_file.BatchFile.check_all, large_files.NewFile.fsync, large_files.forget

    def on_the_disk(handle: large_files.NewFile) -> None:
        told.append("on the disk")
        fsync(handle)

    def forgotten(handle: IO[bytes], before: int = 0) -> None:
        told.append("forgotten")
        forget(handle, before)

    def compared(file: batch_file.BatchFile) -> str:
        told.append("compared")
        return check_all(file)

    monkeypatch.setattr(large_files.NewFile, "fsync", on_the_disk)
    monkeypatch.setattr(large_files, "forget", forgotten)
    monkeypatch.setattr(batch_file.BatchFile, "check_all", compared)
    outbox.record(TOPIC, "k:1", {"n": 1})
    [batch] = batch_out.seal_all(tmp_path / "disk")
    assert told == ["on the disk", "forgotten", "compared", "on the disk"]
    [volume] = batch.volumes.all()
    assert volume.sha256 == name_of(Path(volume.file_path).read_bytes())


@pytest.mark.usefixtures("topic", "small_windows")
def test_large_attachment_passes_both_ways(peer: Peer, tmp_path: Path, calls: list[tuple[str, int]]) -> None:
    """Stored, sealed, received and kept: each time it is forgotten as a whole at the end."""
    outbox.record(TOPIC, "k:1", {"n": 1}, blobs=[blobs.put(io.BytesIO(BIG))])
    assert calls.count(("forgotten", 0)) == 1
    batch_out.seal_all(tmp_path / "disk")
    assert calls.count(("forgotten", 0)) == 4  # read, written, read back
    theirs = BIG[::-1]
    path = peer.batch([line(1, blobs=[name_of(theirs)])], blobs={name_of(theirs): theirs})
    before = calls.count(("forgotten", 0))
    assert open_one(path).state == "applied"
    assert calls.count(("forgotten", 0)) == before + 3  # what came, our copy, the attachment
    with blobs.open(name_of(theirs)) as handle:
        assert handle.read() == theirs


@pytest.mark.usefixtures("topic", "small_windows")
def test_volume_that_waits_for_others_is_forgotten(peer: Peer, calls: list[tuple[str, int]]) -> None:
    scans = {name_of(data): data for data in (BIG, BIG[::-1])}
    peer.batch([line(1, blobs=list(scans))], blobs=scans, largest=400 * KIB + batch_file.RESERVE)
    first, *_ = peer.paths
    before = calls.count(("forgotten", 0))
    assert open_one(first).state == "partial"
    assert calls.count(("forgotten", 0)) == before + 2  # what came, and our copy


def test_copy_on_a_disk_is_read_from_there(tmp_path: Path, calls: list[tuple[str, int]]) -> None:
    """Also the copy of an earlier run, before it is left as it is."""
    (tmp_path / "file").write_bytes(BIG)
    for told in (1, 2):  # the copy that is made; then both, to be compared
        calls.clear()
        copying.copy(tmp_path / "file", tmp_path / "copy")
        assert calls == [("forgotten", 0)] * told
