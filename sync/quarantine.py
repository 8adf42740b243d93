"""Refused files: kept apart, with the reason, so that nothing that came is ever lost."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sync import durable, large_files
from sync.failpoints import reach
from sync.models import Quarantine
from sync.reasons import Refused


def keep(source: Path, working: Path, refusal: Refused) -> Quarantine:
    """Move a refused file away and note why: the row. ``working`` is the copy that was looked at, or the file itself."""
    stamp = timezone.now().strftime("%Y%m%dT%H%M%S%f")
    ending = readable(source).encode()[-100:].decode("utf-8", "ignore")  # disks count bytes
    target = Path(settings.HALL_BATCH_DIR) / "quarantine" / f"{stamp}-{ending}"
    # A file leaves its place only when it is noted why: until then a killed run is repeated from there.
    if working == source:
        durable.copy(source, target)
    else:
        durable.move(working, target)
    reach("quarantine-moved")
    sha256 = large_files.sha256_of(target)  # of our copy: the disk that was brought is read once
    row = Quarantine.objects.create(
        file_name=readable(source)[-255:],
        kept_as=str(target),
        size=target.stat().st_size,
        sha256=sha256,
        code=refusal.code,
        signer=refusal.detail if refusal.code == "unknown_key" else "",
        epoch=refusal.detail if refusal.code == "unknown_stream" else None,
        sentence=refusal.sentence[:900],
    )
    reach("quarantine-noted")
    if not remove(source):
        row.sentence += "原文件在只读介质上，未能移走。"
        row.save(update_fields=["sentence"])
    reach("quarantine-done")
    return row


def readable(path: Path) -> str:
    """The name as it can be kept and printed: a disk written in GB18030 gives names that are no UTF-8."""
    return path.name.encode("utf-8", "replace").decode()


def remove(source: Path) -> bool:
    """Whether the file is gone now; a read-only disk keeps it."""
    try:
        source.unlink(missing_ok=True)
    except OSError:
        return False
    return True
