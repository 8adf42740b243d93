"""No space or an input/output error at every write, fsync and rename in turn: nothing is half done, the next run finishes."""

import errno
import io
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sync import batch_file, batch_out, blobs, intake, large_files, outbox, status
from sync.models import Batch
from tests.sync.conftest import rows
from tests.sync.peer import TOPIC, Peer, line, name_of

pytestmark = pytest.mark.usefixtures("topic")
CALLS = ("fsync", "replace", "rename", "mkdir", "write")


class Disk:
    """Counts the calls and fails one of them."""

    def __init__(self, fails_at: int, code: int) -> None:
        self.left, self.code = fails_at, code
        self.failed = ""

    def around(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self.failed = name
                raise OSError(self.code, os.strerror(self.code))
            return real(*arguments, **named)

        return call


@contextmanager
def failing(disk: Disk) -> Iterator[None]:
    class File(large_files.NewFile):
        write = disk.around("write", io.BufferedRandom.write)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "replace", "rename", "mkdir"):
            patch.setattr(os, name, disk.around(name, getattr(os, name)))
        patch.setattr(large_files, "NewFile", File)
        yield


def each_failure(code: int, prepare: Callable[[], Callable[[], object]], check: Callable[[str], None]) -> set[str]:
    """Run the prepared work with the first call failing, the second, … until it runs through; what had failed."""
    seen = set()
    for number in itertools.count(1):
        work, disk = prepare(), Disk(number, code)
        try:
            with failing(disk):
                work()
        except OSError:
            work()
        check(f"{disk.failed} {number}")
        if not disk.failed:
            return seen
        seen.add(disk.failed)
    raise AssertionError


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix == ".part" or path.parent.name == "inbox"]


# Suite, and how large a volume may be: with 1 the attachment and the record have one each.
SHAPES = [("intl", batch_file.UNLIMITED), ("gm", 1), ("clear", 1)]


@pytest.mark.parametrize(
    ("code", "suite", "largest"), [(errno.ENOSPC, *SHAPES[0]), (errno.EIO, *SHAPES[0]), (errno.EIO, *SHAPES[1])]
)
def test_opening(code: int, largest: int, peer: Peer, data_dir: Path) -> None:
    open_with_each_failure(code, largest, peer, data_dir)


def open_with_each_failure(code: int, largest: int, peer: Peer, data_dir: Path) -> None:
    """Batches of one or two files, one after the other, each with one call that fails."""
    numbers, files = itertools.count(1), 0

    def prepare() -> Callable[[], object]:
        nonlocal files
        blob = str(next(numbers)).encode() * 300
        peer.batch([line(peer.rseq + 1, blobs=[name_of(blob)])], blobs={name_of(blob): blob}, largest=largest)
        paths = list(peer.paths)
        files += len(paths)
        return lambda: [intake.open_path(path) for path in paths]

    def check(note: str) -> None:
        assert rows() == [f"k:1#{n}" for n in range(1, peer.rseq + 1)], note
        assert status.incoming().chain == peer.chain.hex(), note
        assert len(list((data_dir / "batches" / "archive").iterdir())) == files, note
        assert leftovers(data_dir) == [], note

    assert each_failure(code, prepare, check) >= {"fsync", "replace", "write"}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_refusing(code: int, peer: Peer, data_dir: Path) -> None:
    path = peer.batch()
    bad = path.read_bytes()[:-1]
    refused = itertools.count(1)

    def prepare() -> Callable[[], object]:
        path.write_bytes(bad)
        return lambda: intake.open_path(path)

    def check(note: str) -> None:
        assert not path.exists(), note
        assert status.incoming().quarantined == next(refused), note
        assert leftovers(data_dir) == [], note

    each_failure(code, prepare, check)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_sealing(code: int, peer: Peer, data_dir: Path, tmp_path: Path) -> None:
    out, numbers = tmp_path / "disk", itertools.count(1)

    def prepare() -> Callable[[], object]:
        blob = str(next(numbers)).encode() * 300
        outbox.record(TOPIC, "k:1", {"n": 1}, blobs=[blobs.put(io.BytesIO(blob))])
        return lambda: batch_out.seal_all(out)

    def check(note: str) -> None:
        sealed = list(Batch.objects.order_by("seq").values_list("seq", "state"))
        assert sealed == [(n, "ready") for n in range(1, len(sealed) + 1)], note
        assert len(list(out.glob("*.zip"))) == len(sealed), note
        assert leftovers(tmp_path) == [], note

    assert each_failure(code, prepare, check) >= {"fsync", "replace", "write"}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_storing_an_attachment(code: int, data_dir: Path, tmp_path: Path) -> None:
    blobs.put(io.BytesIO(b"makes the folders"))
    numbers = itertools.count(1)

    def prepare() -> Callable[[], object]:
        blob = str(next(numbers)).encode() * 300
        return lambda: blobs.put(io.BytesIO(blob))

    def check(note: str) -> None:
        stored = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
        assert all(path.name == name_of(path.read_bytes()) for path in stored), note
        assert leftovers(tmp_path) == [], note

    assert each_failure(code, prepare, check) >= {"fsync", "write"}
