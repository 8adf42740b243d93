"""Copying to a disk so that a file counts only when it has been read back from there."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sync import durable
from sync.reasons import CannotProceed

PIECE = 1024 * 1024


class BadDisk(CannotProceed):
    """What was read back is not what was written."""


class DiskBusy(CannotProceed):
    """Somebody else writes to the disk."""


def digest_of(path: Path) -> str:
    """SHA-256 of a file as it is on the disk: what the system remembers of it is dropped first, as far as it allows."""
    with path.open("rb") as handle:
        return _digest(handle)


def copy(source: Path, target: Path) -> str:
    """Copy, fsync, read back, rename; the SHA-256. A target that is the same already is left as it is."""
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        wanted = digest_of(source)
        if digest_of(target) == wanted:
            return wanted
    digest = hashlib.sha256()
    with durable.part_file(target) as writer:
        for piece in _pieces(source):
            digest.update(piece)
            writer.write(piece)
        writer.flush()
        os.fsync(writer.fileno())
        if _digest(writer) != digest.hexdigest():
            raise BadDisk(f"{target.name} 写到盘上后读回来不一样，没有保留。请更换磁盘。")
    return digest.hexdigest()


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Nobody else on this machine writes into ``folder``; leaves nothing on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise DiskBusy(f"另一个程序正在写 {folder}。") from error
    finally:
        os.close(descriptor)


def clear_parts(folder: Path) -> None:
    """Remove what an interrupted run has left: files without a name of their own never count."""
    for part in folder.glob(".*.part"):
        with contextlib.suppress(FileNotFoundError):
            part.unlink()


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as reader:
        while piece := reader.read(PIECE):
            yield piece


def _digest(handle: IO[bytes]) -> str:
    os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    digest = hashlib.sha256()
    handle.seek(0)
    while piece := handle.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
