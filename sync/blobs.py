"""Files by their content: the name of a blob is the SHA-256 of its bytes, so it is stored and carried once.

Lives in Django's default storage under ``blobs/``: a folder by default, any S3-compatible store by setting.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from sync import durable, large_files
from sync.failpoints import reach

_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)


class BlobDamaged(Exception):
    """The bytes do not have the hash or the length that was announced."""


def is_name(sha256: str) -> bool:
    """Whether the text is a blob name: 64 lower-case hex digits."""
    return _NAME.fullmatch(sha256) is not None


def path_of(sha256: str) -> str:
    """Name of the blob inside the storage; ValueError for anything but 64 lower-case hex digits."""
    if not is_name(sha256):
        raise ValueError(f"not a blob name: {sha256!r}")
    return f"blobs/{sha256[:2]}/{sha256}"


def exists(sha256: str) -> bool:
    """Whether the blob is here."""
    return default_storage.exists(path_of(sha256))


def size(sha256: str) -> int:
    """Length in bytes; FileNotFoundError when the blob is not here."""
    return default_storage.size(path_of(sha256))


def open(sha256: str) -> File:  # noqa: A001  blobs.open reads like the builtin on purpose
    """The blob opened for reading bytes; FileNotFoundError when it is not here."""
    return default_storage.open(path_of(sha256), "rb")


def put(file: IO[bytes] | File) -> str:
    """Store the bytes of ``file`` from its beginning and return their name. Twice the same bytes is one blob."""
    file.seek(0)
    with _spool() as spool:
        return spool.keep(large_files.pieces(file))


def put_pieces(sha256: str, total: int, pieces: Iterable[bytes]) -> None:
    """Store an arriving blob; BlobDamaged (and nothing stored) when hash or length differ from the announced ones."""
    with _spool() as spool:
        spool.keep(pieces, expected=(path_of(sha256), total))


class _Spool:
    """A temporary file on the disk of the store: becomes a blob by one rename, so that no half blob is ever seen."""

    def __init__(self, path: Path, handle: large_files.NewFile) -> None:
        self.path, self.handle = path, handle

    def keep(self, pieces: Iterable[bytes], expected: tuple[str, int] | None = None) -> str:
        digest = hashlib.sha256()
        with large_files.beside([digest]) as take:
            for piece in pieces:
                take(piece)
                self.handle.write(piece)
        self.handle.flush()
        sha256, length = digest.hexdigest(), self.handle.tell()
        if expected and expected != (path_of(sha256), length):
            raise BlobDamaged(f"附件应为 {expected[0][-64:]}（{expected[1]} 字节），实为 {sha256}（{length} 字节）。")
        if not exists(sha256):
            reach("blob-written")
            self.handle.fsync()
            large_files.done_with(self.handle)
            reach("blob-fsynced")
            _move_in(self.path, path_of(sha256))
        _settle(path_of(sha256))  # also when it was there: the run that put it there may have been killed before this
        return sha256


class _Spooled(File):
    """Tells FileSystemStorage to rename instead of copying; other storages read it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


@contextmanager
def _spool() -> Iterator[_Spool]:
    folder = settings.HALL_DATA_DIR / "spool"
    durable.make_folder(folder)
    durable.clear_parts(folder, "*.part")
    path, opened = durable.new_part(folder, "", 0o600)
    with opened as handle:
        try:
            yield _Spool(path, handle)
        finally:
            path.unlink(missing_ok=True)


def _move_in(spooled: Path, name: str) -> None:
    if folder := _local_folder(name):
        durable.make_folder(folder)
    with spooled.open("rb") as handle:
        try:
            stored = default_storage.save(name, _Spooled(handle, name=str(spooled)))
        except FileExistsError:
            return  # somebody stored the same bytes in this moment
    reach("blob-renamed")
    if stored != name:
        default_storage.delete(stored)


def _settle(name: str) -> None:
    if folder := _local_folder(name):
        durable.fsync_dir(folder)


def _local_folder(name: str) -> Path | None:
    """Where the blob lies on a disk of this machine; None for other stores."""
    return Path(default_storage.path(name)).parent if hasattr(default_storage, "location") else None
