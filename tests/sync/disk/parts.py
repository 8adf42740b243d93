"""Batches of this site, and what lies on a disk."""

from pathlib import Path

from sync import batch_out, outbox
from sync.models import Batch
from sync.transports.disk import limits, writing
from sync.transports.disk.limits import Disk
from tests.sync.peer import TOPIC


def seal(*numbers: int) -> list[Batch]:
    batches = []
    for n in numbers:
        outbox.record(TOPIC, "k:1", {"n": n})
        batches += batch_out.seal_all(batch_out.outgoing_folder())
    return batches


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / limits.FOLDER).iterdir())


def zips(root: Path) -> list[str]:
    return [name for name in names(root) if name.endswith(".zip")]


def write(*roots: Path, everything: bool = False) -> list[str]:
    return [result.problem for result in writing.write(writing.prepare(list(roots), everything=everything))]


def a_disk(root: Path, room: int, kind: str = "exfat") -> Disk:
    largest = limits.FAT_LARGEST if kind == "vfat" else None
    return Disk(root, kind, room + limits.RESERVE, 4096, largest)
