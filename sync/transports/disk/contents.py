"""The table of contents of a disk: INDEX.txt, signed, for the other site; 目录.txt for people."""

import errno
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sync import durable, manifest, notes
from sync.keys import Card, SiteKeys
from sync.manifest import Count, Hash, Number, Side, StreamHead

CONTEXT = b"ZWFW-sync-disk-v1\0"
INDEX, FOR_PEOPLE, FALLBACK = "INDEX.txt", "目录.txt", "CONTENTS.txt"


class Entry(manifest.Strict):
    """A file on the disk."""

    name: Annotated[str, Field(pattern=r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,47}\z")]
    seq: Number
    size: Count
    sha256: Hash


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


def _put(path: Path, data: bytes) -> None:
    with durable.part_file(path) as handle:
        handle.write(data)


def _for_people(index: Index) -> str:
    lines = [
        f"网间交换　{index.sender} → {index.recipient}　第 {index.disk} 块盘，共 {index.disks} 块",
        f"发送端已封装到第 {index.head.seq} 批" if index.head else "",
        "请勿改动本文件夹。在接收端运行：manage.py disk_read 盘的路径",
        "",
        *(f"第 {entry.seq} 批  {entry.size:>14,} 字节  {entry.name}  {entry.sha256[:16]}" for entry in index.files),
    ]
    return "\n".join(lines) + "\n"
