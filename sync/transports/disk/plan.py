"""What goes on which disk. Batches keep their order as far as the disks allow; every disk ends with the heartbeat."""

from dataclasses import dataclass, field
from pathlib import Path

from sync import batch_out
from sync.models import Batch
from sync.transports import outgoing
from sync.transports.disk import limits
from sync.transports.disk.limits import Disk

CHANNEL = "disk"
HEARTBEAT_ROOM = 64 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """A file to carry: volume ``vol`` of the ``of`` volumes of batch ``seq``; ``volume`` is its row."""

    volume: int
    seq: int
    vol: int
    of: int
    path: Path
    size: int

    @property
    def name(self) -> str:
        """Its name on the disk."""
        return self.path.name


@dataclass(slots=True)
class Load:
    """What goes on one disk; ``there`` are bytes that lie on it already, from an interrupted run."""

    disk: Disk
    items: list[Item] = field(default_factory=list)
    used: int = 0

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(item.size for item in self.items)


@dataclass(frozen=True, slots=True)
class Left:
    """A file that goes on none of the disks, and why."""

    item: Item
    why: str


@dataclass(slots=True)
class Plan:
    """Loads of all disks, and what is left for another journey."""

    loads: list[Load]
    left: list[Left]
    heartbeat: Item | None = None

    @property
    def complete(self) -> list[int]:
        """Numbers of the batches of which every file has a place."""
        left = {left.item.seq for left in self.left}
        return sorted({item.seq for load in self.loads for item in load.items} - left)


def waiting(*, everything: bool) -> list[Batch]:
    """Batches to carry: those with a volume that was on no disk yet, or all that the peer has not acknowledged."""
    return list(outgoing.unacknowledged() if everything else outgoing.waiting(CHANNEL))


def seal() -> None:
    """Seal what waits, so that it can be planned."""
    batch_out.seal_all(batch_out.outgoing_folder())


def seal_heartbeat() -> Batch:
    """The heartbeat that ends every disk: the newest batch if it is an empty one that was on no disk yet, or a new one."""
    newest = outgoing.waiting(CHANNEL).last()
    if newest and not newest.records and not outgoing.unacknowledged().filter(seq__gt=newest.seq).exists():
        return newest
    return batch_out.seal_all(batch_out.outgoing_folder(), heartbeat=True)[-1]


def items_of(batches: list[Batch], *, everything: bool) -> list[Item]:
    """The volumes of batches in their order: those that were on no disk yet, or all of them."""
    return [item for batch in batches for item in _items_of(batch, everything=everything)]


def _items_of(batch: Batch, *, everything: bool) -> list[Item]:
    whole = batch_out.volumes_of(batch)
    chosen = whole if everything else outgoing.left_of(whole, CHANNEL)
    return [
        Item(volume.pk, batch.seq, volume.vol, len(whole), Path(volume.file_path), volume.size) for volume in chosen
    ]


def make(disks: list[Disk], items: list[Item], heartbeat: Item | None = None) -> Plan:
    """Give each file to the first disk that has room for it and for the heartbeat; no byte is written here."""
    loads = [Load(disk, used=_reserved(disk, heartbeat)) for disk in disks]
    doubled = set(limits.clashes([item.name for item in items]))
    left = []
    for item in items:
        why = _unfit(item, doubled) or _place(item, loads)
        if why:
            left.append(Left(item, why))
    if heartbeat:
        for load in loads:
            load.items.append(heartbeat)
    return Plan(loads, left, heartbeat)


def _reserved(disk: Disk, heartbeat: Item | None) -> int:
    return disk.takes(heartbeat.size if heartbeat else HEARTBEAT_ROOM)


def _unfit(item: Item, doubled: set[str]) -> str:
    if not limits.name_is_safe(item.name):
        return "文件名不能用在移动盘上"
    return "文件名与另一个只差大小写" if item.name in doubled else ""


def _place(item: Item, loads: list[Load]) -> str:
    why = "没有磁盘"
    for load in loads:
        if load.disk.largest is not None and item.size > load.disk.largest:
            why = f"{load.disk.filesystem} 盘上的单个文件须小于 4 GiB，请改用 exFAT 或 ext4 盘"
            continue
        taken = 0 if _is_there(item, load.disk) else load.disk.takes(item.size)
        if load.used + taken <= load.disk.room:
            load.items.append(item)
            load.used += taken
            return ""
        why = "剩余空间不足"
    return why


def _is_there(item: Item, disk: Disk) -> bool:
    """A file of this name and size uses no more room; whether it is the right one is verified when writing."""
    there = disk.folder / item.name
    return there.is_file() and there.stat().st_size == item.size
