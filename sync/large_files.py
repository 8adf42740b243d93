"""Large files pass through a machine: written to the disk while the next piece is made, and not kept in its memory.

A batch of attachments is read once or twice and then not for months. Left to itself the system would push the database out
of memory for it, begin to write when everything is there, and give back from memory what was to be read from the disk.
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol

PIECE = 1024 * 1024
WINDOW = 16 * PIECE
KEPT = 64 * PIECE  # of a file in hand: a volume of the usual size is written, compared and read in one go
_SMALL = 64 * 1024  # a thread is not worth its while


class Updated(Protocol):
    """What takes pieces: a digest."""

    def update(self, data: bytes, /) -> object:
        """Take the next bytes."""


class _Through(io.FileIO):
    """Its writer goes on while each 16 MiB are brought to the disk; what lies 64 back is forgotten."""

    _written = _begun = 0
    _helper: ThreadPoolExecutor | None = None
    _pending: Future[None] | None = None

    def write(self, data: Any, /) -> int:
        """As FileIO.write; raises also what was met with earlier bytes."""
        count = super().write(data)
        self._written += count
        if self._written - self._begun >= WINDOW:
            self.settle()
            self._helper = self._helper or ThreadPoolExecutor(1)
            self._pending = self._helper.submit(_bring_out, self, self._written)
            self._begun = self._written
        return count

    def settle(self) -> None:
        """Wait for the disk; raises what it met. The system tells it once: an fsync afterwards would be content."""
        pending, self._pending = self._pending, None
        if pending:
            pending.result()

    def close(self) -> None:
        """As FileIO.close, after the disk: another file may get the same descriptor."""
        if self._helper:
            self._helper.shutdown()
        super().close()


class NewFile(io.BufferedRandom):
    """A file that is made, to be written and read back; FileExistsError when there is one."""

    def __init__(self, path: Path, mode: int) -> None:
        self._through = _Through(path, "x+b", opener=lambda name, flags: os.open(name, flags, mode))
        super().__init__(self._through)

    def fsync(self) -> None:
        """All bytes are on the disk, or OSError."""
        self.flush()
        self._through.settle()
        os.fsync(self.fileno())


def forget(handle: IO[bytes], before: int = 0) -> None:
    """Have the first ``before`` bytes (0: all) be read from the disk the next time. Nothing for what is no file."""
    with suppress(io.UnsupportedOperation):
        os.posix_fadvise(handle.fileno(), 0, before, os.POSIX_FADV_DONTNEED)


def done_with(handle: IO[bytes]) -> None:
    """Nobody will read this again soon: a large file is forgotten, a small one may stay. No file: nothing."""
    with suppress(io.UnsupportedOperation):
        if os.fstat(handle.fileno()).st_size >= WINDOW:
            forget(handle)


def pieces(handle: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file from where it stands to its end, 1 MiB at a time."""
    return _passing(handle, iter(lambda: handle.read(PIECE), b""))


def stretch(handle: IO[bytes], start: int, length: int, step: int) -> Iterator[bytes]:
    """``length`` bytes from ``start``, fewer when the file ends; others may read the same file in between."""
    return _passing(handle, _from(handle, start, start + length, step))


def sha256_of(path: Path) -> str:
    """The hash of a file; OSError when it cannot be read."""
    with path.open("rb") as handle:
        return digest_of(handle)


def digest_of(handle: IO[bytes]) -> str:
    """The SHA-256 of what a file holds from where it stands."""
    digest = hashlib.sha256()
    with beside([digest]) as take:
        for piece in pieces(handle):
            take(piece)
    return digest.hexdigest()


@contextmanager
def beside(digests: Iterable[Updated]) -> Iterator[Callable[[bytes], None]]:
    """A function that has ``digests`` take a piece while its caller makes the next one; they are whole at the end."""
    every = list(digests)
    pending: Future[None] | None = None

    def take(piece: bytes) -> None:
        nonlocal pending
        if pending:
            pending.result()
        if len(piece) < _SMALL:
            pending = None
            _update(every, piece)
        else:
            pending = helper.submit(_update, every, piece)

    with ThreadPoolExecutor(1) as helper:
        yield take
        if pending:
            pending.result()


def _update(digests: list[Updated], piece: bytes) -> None:
    for digest in digests:
        digest.update(piece)


def _from(handle: IO[bytes], position: int, end: int, step: int) -> Iterator[bytes]:
    while position < end:
        handle.seek(position)
        piece = handle.read(min(step, end - position))
        if not piece:
            return
        position += len(piece)
        yield piece


def _passing(handle: IO[bytes], every: Iterable[bytes]) -> Iterator[bytes]:
    passed, next_look = 0, KEPT + WINDOW
    for piece in every:
        yield piece
        passed += len(piece)
        if passed >= next_look:
            forget(handle, passed - KEPT)
            next_look = passed + WINDOW


def _bring_out(file: io.FileIO, written: int) -> None:
    os.fdatasync(file.fileno())
    if written > KEPT:
        forget(file, written - KEPT)
