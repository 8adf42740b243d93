"""Copying to a disk so that a file counts only when it has been read back from there."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync import durable, large_files
from sync.reasons import CannotProceed


class BadDisk(CannotProceed):
    """What was read back is not what was written."""


class DiskBusy(CannotProceed):
    """Somebody else writes to the disk."""


def digest_of(path: Path) -> str:
    """SHA-256 of a file as it is on the disk: what the system remembers of it is dropped first, as far as it allows."""
    with path.open("rb") as handle:
        large_files.forget(handle)
        return large_files.digest_of(handle)


def copy(source: Path, target: Path) -> str:
    """Copy, fsync, read back, rename; the SHA-256. A target that is the same already is left as it is."""
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        wanted = digest_of(source)
        if digest_of(target) == wanted:
            return wanted
    digest = hashlib.sha256()
    with durable.part_file(target) as writer:
        with source.open("rb") as reader, large_files.beside([digest]) as take:
            for piece in large_files.pieces(reader):
                take(piece)
                writer.write(piece)
        writer.fsync()
        large_files.forget(writer)
        writer.seek(0)
        if large_files.digest_of(writer) != digest.hexdigest():
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
