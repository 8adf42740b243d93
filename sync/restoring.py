"""Bringing a site back from a backup. Afterwards it knows that it was: nothing is sealed until that is settled."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction

from sync import backup, database_dump, durable, keys, receipts
from sync.backup import BackupFailed
from sync.models import Restoration, Stream


class NotEmpty(BackupFailed):
    """There is a site here already."""


def restore(folder: Path, *, overwrite: bool = False) -> dict[str, Any]:
    """Check the backup in ``folder`` completely, then put it in the place of this site; returns its manifest."""
    manifest = backup.check(folder)
    if manifest["side"] != settings.HALL_SIDE:
        raise BackupFailed(f"这份备份属于 {manifest['side']}，本站点是 {settings.HALL_SIDE}。")
    if not overwrite and not database_dump.is_empty():
        raise NotEmpty(
            "本站点的数据库里已有内容，没有恢复。请停掉本站点的全部服务；确认要用备份替换它，再加 --overwrite 运行。"
        )
    for part in ("files", "archive", "keys"):
        _bring_back(folder / part, part)
    database_dump.restore(folder / manifest["database"])
    call_command("migrate", verbosity=0, interactive=False)  # the backup may be of an older version
    with transaction.atomic():
        Restoration.objects.create(source=str(folder)[-1000:])
        for stream in Stream.objects.select_for_update().order_by("direction", "id"):
            backup.note_covered(stream, stream.seq)
    receipts.settle()
    return manifest


def _bring_back(folder: Path, part: str) -> None:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if part == "files":
            _store(path, name)
        else:
            home = keys.folder(settings.HALL_DATA_DIR) if part == "keys" else Path(settings.HALL_BATCH_DIR) / "archive"
            if not (home / name).exists():  # a key that is there is never overwritten
                durable.copy(path, home / name)
                (home / name).chmod(0o600)


def _store(path: Path, name: str) -> None:
    """Also over a file of the same name, and of the same content by its name: a damaged one, or half of one, is put right."""
    if default_storage.exists(name):
        default_storage.delete(name)
    with path.open("rb") as handle:
        default_storage.save(name, File(handle))
