"""The table of contents of a disk: INDEX.txt, signed, for the other site; 目录.txt for people."""

import errno
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sync import durable, manifest, notes, volume_words
from sync.keys import Card, SiteKeys
from sync.manifest import MOST_VOLUMES, Count, Hash, Number, Side, StreamHead

CONTEXT = b"ZWFW-sync-disk-v1\0"
INDEX, FOR_PEOPLE, FALLBACK = "INDEX.txt", "目录.txt", "CONTENTS.txt"


Vol = Annotated[int, Field(ge=1, le=MOST_VOLUMES)]


class Entry(manifest.Strict):
    """A file on the disk: volume ``vol`` of the ``of`` volumes of batch ``seq``."""

    name: Annotated[str, Field(pattern=r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,47}\z")]
    seq: Number
    vol: Vol
    of: Vol
    size: Count
    sha256: Hash

    @property
    def place(self) -> str:
        """Which batch, and which volume of it if there are several."""
        return f"第 {self.seq} 批" + (f"第 {self.vol} 卷" if self.of > 1 else "")


class Index(manifest.Strict):
    """Disk ``disk`` of ``disks`` of one journey, what it holds, and how far the sender has sealed."""

    format: Literal["zwfw-sync-disk/1"] = "zwfw-sync-disk/1"
    sender: Side
    recipient: Side
    journey: Annotated[str, Field(pattern=r"\A[0-9a-f]{16}\z")]
    disk: Annotated[int, Field(ge=1, le=999)]
    disks: Annotated[int, Field(ge=1, le=999)]
    files: Annotated[list[Entry], Field(max_length=5000)]
    head: StreamHead | None


def write(folder: Path, index: Index, keys: SiteKeys) -> None:
    """Write both tables; each is whole or not there."""
    _put(folder / INDEX, notes.pack(CONTEXT, index, keys))
    text = ("\ufeff" + _for_people(index)).replace("\n", "\r\n").encode()
    try:
        _put(folder / FOR_PEOPLE, text)
    except (OSError, UnicodeEncodeError) as error:
        if isinstance(error, OSError) and error.errno not in (errno.EINVAL, errno.EILSEQ):
            raise
        _put(folder / FALLBACK, text)  # a disk mounted without Chinese names


def read(folder: Path, signer: Card, own: Card | None) -> Index | None:
    """The verified table of ``folder``; None when there is none. Refused when it is not from ``signer``."""
    path = folder / INDEX
    if not path.is_file():
        return None
    with path.open("rb") as handle:
        return notes.read(CONTEXT, Index, handle.read(notes.LARGEST + 1), signer, own)


def divided(index: Index) -> list[str]:
    """A sentence for each batch of which this disk holds some volumes and not all."""
    here: dict[int, list[Entry]] = {}
    for entry in index.files:
        here.setdefault(entry.seq, []).append(entry)
    return [
        f"第 {seq} 批共 {entries[0].of} 卷，本盘有{volume_words.of([entry.vol for entry in entries])}，其余不在本盘。"
        for seq, entries in here.items()
        if len(entries) < entries[0].of
    ]


def _put(path: Path, data: bytes) -> None:
    with durable.part_file(path) as handle:
        handle.write(data)


def _for_people(index: Index) -> str:
    lines = [
        f"网间交换　{index.sender} → {index.recipient}　第 {index.disk} 块盘，共 {index.disks} 块",
        f"发送端已封装到第 {index.head.seq} 批" if index.head else "",
        "请勿改动本文件夹。在接收端运行：manage.py disk_read 盘的路径",
        "",
        *(f"{entry.place}  {entry.size:>14,} 字节  {entry.name}  {entry.sha256[:16]}" for entry in index.files),
        *divided(index),
    ]
    return "\n".join(lines) + "\n"
