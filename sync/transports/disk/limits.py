"""What a disk can hold: free bytes, the largest file, and names that every system reads."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from sync.reasons import CannotProceed

FOLDER = "zwfw-sync"
MIB = 1024 * 1024
RESERVE = MIB  # folder entries and the table of contents
FAT_LARGEST = 4 * 1024**3 - 1
_LARGEST = {"vfat": FAT_LARGEST, "msdos": FAT_LARGEST, "fat32": FAT_LARGEST}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,46}[A-Za-z0-9]", re.ASCII)
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class NoDisk(CannotProceed):
    """There is no disk at this path."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A mounted disk: free bytes, size of a cluster, largest file (None: no limit)."""

    root: Path
    filesystem: str
    free: int
    cluster: int
    largest: int | None

    @property
    def folder(self) -> Path:
        """Where our files are."""
        return self.root / FOLDER

    def takes(self, size: int) -> int:
        """Bytes that a file of this size uses up."""
        return -(-size // self.cluster) * self.cluster

    @property
    def room(self) -> int:
        """Bytes for batch files."""
        return max(self.free - RESERVE, 0)


def look_at(root: Path) -> Disk:
    """The disk mounted at ``root``; NoDisk when there is none."""
    if not root.is_dir():
        raise NoDisk(f"找不到 {root}。请检查磁盘是否已接好、已挂载。")
    space = os.statvfs(root)
    kind = filesystem_of(root.resolve(), Path("/proc/self/mountinfo").read_text(errors="replace"))
    return Disk(root, kind, space.f_bavail * space.f_frsize, space.f_frsize, _LARGEST.get(kind))


def filesystem_of(path: Path, mountinfo: str) -> str:
    """The kind of file system that ``path`` lies on, from the kernel's table; empty when it is not found there."""
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        mount, _, described = line.partition(" - ")
        fields = mount.split()
        if len(fields) < 5 or not described:
            continue
        point = Path(_unescape(fields[4]))
        if (point == path or point in path.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), described.split()[0]
    return kind


def name_is_safe(name: str) -> bool:
    """ASCII, at most 48 characters, no name of a device: the same on FAT, exFAT, NTFS and Linux."""
    return bool(_NAME.fullmatch(name)) and not _DEVICES.fullmatch(name)


def clashes(names: list[str]) -> list[str]:
    """Names that another one equals but for upper and lower case."""
    seen: set[str] = set()
    found = []
    for name in names:
        if name.lower() in seen:
            found.append(name)
        seen.add(name.lower())
    return found


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), text)
