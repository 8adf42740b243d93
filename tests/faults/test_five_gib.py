"""An attachment of 5 GiB there on two disks and back in volumes of 64 MiB, in 256 MB of memory."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.sites import LedgerSite, level, two_sites

Pair = tuple[LedgerSite, LedgerSite]
SIZE = int(os.environ.get("HALL_TEST_GIB", "5")) * 1024**3
ROOM = 7 * SIZE  # stores, kept files and copies of both sites
MOST_MEMORY = 256 * 1024  # kB
NUMBER = 1


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    if os.environ.get("HALL_TEST_DATABASE") == "postgres":
        pytest.skip("attachments never pass through the database: once, on SQLite")
    if shutil.disk_usage(tmp_path).free < ROOM:
        pytest.skip(f"needs {ROOM // 1024**3} GiB of free disk")
    with two_sites(tmp_path / "sites") as sites:
        yield sites
    shutil.rmtree(tmp_path)


def sparse(path: Path) -> Path:
    """Takes no room; its first and last bytes are not those of every other file."""
    with path.open("wb") as handle:
        handle.write(b"first")
        handle.seek(SIZE - 4)
        handle.write(b"last")
    return path


def test_there_and_back(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    outer.restart(HALL_BATCH_VOLUME_MB="3900")
    name = outer.attach(sparse(tmp_path / "file"), NUMBER)
    there = carry(outer, inner, tmp_path / "there")
    assert len(there) == -(-SIZE // (3900 * 1024**2))
    assert max(there) > 2 * 1024**3 or SIZE < 3 * 1024**3  # more than a signed number of 32 bits
    inner.attach(tmp_path / "file", NUMBER)
    back = carry(inner, outer, tmp_path / "back")
    assert len(back) > SIZE // (64 * 1024**2)
    for site in pair:
        seen = site.attached(NUMBER)
        assert seen["files"] == [[name, SIZE, name]]
        print(site.side, "used at most", seen["kB"], "kB")
        assert seen["kB"] < MOST_MEMORY
    assert level(outer, inner)
    assert level(inner, outer)


def carry(sender: LedgerSite, receiver: LedgerSite, folder: Path) -> list[int]:
    """Each volume on a disk of its own, the last one first; the sizes of the volumes."""
    sender.seal(folder)
    paths = sorted(folder.glob("*.zip"), reverse=True)
    sizes = [path.stat().st_size for path in paths]
    for at, path in enumerate(paths, start=1):
        receiver.run("open_batch", path, code=0 if at == len(paths) else 2)
        path.unlink()  # the disk is used again
    return sizes
