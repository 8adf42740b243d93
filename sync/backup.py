"""A verified backup of the site in a folder: database, files, received batches that may still be wanted back.

``SHA256SUMS`` is what ``sha256sum -c`` reads; ``manifest.json`` is written last, so a folder without it is no backup.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from sync import blobs, canonical, database_dump, durable, keys, large_files, receipts
from sync.models import Stream
from sync.reasons import CannotProceed

FORMAT = "zwfw-backup/1"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FILES, ARCHIVE, KEYS = "files", "archive", "keys"


class BackupFailed(CannotProceed):
    """There is no good backup; the text says why."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was read back and found good."""

    folder: Path
    files: int
    bytes: int
    heads: database_dump.Heads


def make(target: Path, *, with_keys: bool = False) -> Made:
    """Back the site up into an empty or new folder, read everything back, then tell the peer how far it reaches."""
    if target.exists() and any(target.iterdir()):
        raise BackupFailed(f"{target} 不是空文件夹。每次备份请用一个新的文件夹。")
    durable.make_folder(target)
    # The database first: files are only added, so all that it names are there when they are copied.
    heads = database_dump.write(target / database_dump.name())
    sums = {database_dump.name(): large_files.sha256_of(target / database_dump.name())}
    for source, name in _parts(with_keys):
        sums[name] = _copy(source, target / name)
    _write_sums(target, sums, heads)
    check(target)
    _tell(heads)
    size = sum((target / name).stat().st_size for name in sums)
    return Made(target, len(sums), size, heads)


def check(folder: Path) -> dict[str, Any]:
    """Read a backup completely; its manifest, or BackupFailed."""
    manifest = _manifest(folder)
    sums = (folder / SUMS).read_bytes()
    if hashlib.sha256(sums).hexdigest() != manifest["sums"]:
        raise BackupFailed(f"{folder / SUMS} 被改动过或已损坏。请换一份备份。")
    for line in sums.decode().splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or large_files.sha256_of(path) != digest:
            raise BackupFailed(f"备份中的 {name} 缺失或已损坏。请检查磁盘后重新备份，或换一份备份。")
    database_dump.verify(folder / manifest["database"])
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise BackupFailed(f"{folder} 中没有 {MANIFEST}：这不是备份，或者备份没有做完。")
    try:
        manifest = canonical.decode(path.read_bytes().strip())
    except canonical.NotCanonical as error:
        raise BackupFailed(f"{path} 已损坏。请换一份备份。") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BackupFailed(f"{path} 不是本系统的备份。")
    return manifest


def _parts(with_keys: bool) -> Iterator[tuple[Path | str, str]]:
    """(source, name inside the backup): a name of the storage as text, any other file as a path."""
    for name in stored_files():
        yield name, f"{FILES}/{name}"
    for path in sorted((Path(settings.HALL_BATCH_DIR) / "archive").glob("*.zip")):
        yield path, f"{ARCHIVE}/{path.name}"
    if with_keys:
        folder = keys.folder(settings.HALL_DATA_DIR)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield path, f"{KEYS}/{path.relative_to(folder).as_posix()}"


def stored_files(folder: str = "") -> Iterator[str]:
    """Names of all files in the storage."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(names):
        yield f"{folder}{name}"
    for inner in sorted(folders):
        yield from stored_files(f"{folder}{inner}/")


def _copy(source: Path | str, target: Path) -> str:
    digest = hashlib.sha256()
    with _reading(source) as reader, durable.part_file(target, 0o600) as writer, large_files.beside([digest]) as take:
        for piece in large_files.pieces(reader):
            take(piece)
            writer.write(piece)
    name = target.name
    if blobs.is_name(name) and name != digest.hexdigest():
        raise BackupFailed(f"附件 {name[:16]}… 已损坏，这份备份不能用。请从以前的备份取回它，再重新备份。")
    return digest.hexdigest()


def _reading(source: Path | str) -> IO[bytes] | File:
    return source.open("rb") if isinstance(source, Path) else default_storage.open(source, "rb")


def _write_sums(target: Path, sums: dict[str, str], heads: database_dump.Heads) -> None:
    text = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
    manifest = {
        "format": FORMAT,
        "side": settings.HALL_SIDE,
        "database": database_dump.name(),
        "heads": heads,
        "sums": hashlib.sha256(text).hexdigest(),
        "created_at": canonical.moment(timezone.now()),
    }
    for name, data in ((SUMS, text), (MANIFEST, canonical.encode(manifest) + b"\n")):
        with durable.part_file(target / name, 0o600) as handle:
            handle.write(data)


def _tell(heads: database_dump.Heads) -> None:
    """Note how far the backup reaches in each stream; the peer hears of it in the next receipt."""
    with transaction.atomic():
        streams = Stream.objects.select_for_update().order_by("direction", "id")
        found = {(stream.direction, stream.epoch.hex): stream for stream in streams}
        for head in heads:
            note_covered(found[head["direction"], head["epoch"]], head["seq"])
        for stream in found.values():
            if stream.direction == Stream.Direction.IN and stream.current:
                receipts.issue(stream, due=True)


def note_covered(stream: Stream, seq: int) -> None:
    """A verified backup of this site holds ``stream`` up to ``seq``."""
    column = "durable_seq" if stream.direction == Stream.Direction.IN else "backed_up_seq"
    setattr(stream, column, max(getattr(stream, column), seq))
    stream.save(update_fields=[column])
