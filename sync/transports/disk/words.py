"""Plans and tables in words for the operator."""

from typing import Any

from sync import volume_words
from sync.transports.disk import contents
from sync.transports.disk.contents import Index
from sync.transports.disk.plan import Item, Load, Plan
from sync.volumes_in import Place


def of_plan(made: Plan) -> list[str]:
    """What goes where, what is left."""
    lines = [
        f"{load.disk.root}（{load.disk.filesystem or '文件系统不详'}）：{_batches(load)}，"
        f"{len(load.items)} 个文件，{load.size:,} 字节，可用 {load.disk.room:,} 字节{_divided(load)}"
        for load in made.loads
    ]
    lines += [
        f"放不下：第 {left.item.seq} 批{_volume(left.item)} {left.item.name}（{left.item.size:,} 字节）：{left.why}"
        for left in made.left
    ]
    return lines


def plan_as_json(made: Plan) -> dict[str, Any]:
    """The plan as plain data."""
    return {
        "disks": [
            {
                "disk": str(load.disk.root),
                "filesystem": load.disk.filesystem,
                "room": load.disk.room,
                "bytes": load.size,
                "files": [item.name for item in load.items],
            }
            for load in made.loads
        ],
        "left": [{"file": left.item.name, "seq": left.item.seq, "why": left.why} for left in made.left],
        "batches": made.complete,
    }


def of_index(index: Index | None) -> list[str]:
    """Which disk of which journey."""
    if index is None:
        return []
    sealed = f"发送端已封装到第 {index.head.seq} 批" if index.head else ""
    line = f"第 {index.disk} 块盘，共 {index.disks} 块；{len(index.files)} 个文件。{sealed}"
    return [line, *contents.divided(index)]


def of_journey(indexes: list[Index]) -> list[str]:
    """Disks that belong to those read and were not among them."""
    lines = []
    for journey in sorted({index.journey for index in indexes}):
        some = [index for index in indexes if index.journey == journey]
        missing = sorted(set(range(1, some[0].disks + 1)) - {index.disk for index in some})
        if missing:
            lines.append(f"同一趟还有第 {'、'.join(map(str, missing))} 块盘没有读。")
    return lines


def of_unfinished(unfinished: dict[Place, list[list[int]]]) -> list[str]:
    """Which volumes are still to come, after the last disk that was at hand."""
    return [
        f"第 {place.seq} 批还缺{volume_words.of_gaps(gaps)}，到齐后自动应用。"
        for place, gaps in sorted(unfinished.items(), key=lambda one: one[0].seq)
    ]


def _divided(load: Load) -> str:
    here: dict[int, list[Item]] = {}
    for item in load.items:
        here.setdefault(item.seq, []).append(item)
    return "".join(
        f"；第 {seq} 批共 {items[0].of} 卷，其中{volume_words.of([item.vol for item in items])}"
        for seq, items in here.items()
        if len(items) < items[0].of
    )


def _volume(item: Item) -> str:
    return f"第 {item.vol} 卷" if item.of > 1 else ""


def _batches(load: Load) -> str:
    numbers = sorted({item.seq for item in load.items})
    if not numbers:
        return "没有要拷的批次"
    return f"第 {numbers[0]} 批" if len(numbers) == 1 else f"第 {numbers[0]}–{numbers[-1]} 批中的 {len(numbers)} 批"
