"""High-water marks outside the database: a file, best on another disk, that a restored database cannot take back with it.

Each line is the whole state: ``<first 16 hex of SHA-256> <canonical JSON>``. Lines are only added, so the last good one
counts; a torn last line was never promised to anybody.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from pydantic import ValidationError

from sync import canonical, durable
from sync.manifest import Count, Strict
from sync.models import Batch, Restoration, Stream
from sync.reasons import CannotProceed

_TAIL = 64 * 1024
_CHECK = 16


class Sent(Strict):
    """The last batch that got a number, and its content."""

    stream: str
    number: Count
    seq: Count
    root: str


class Received(Strict):
    """The last receipt that was given; ``receipt_no`` only grows, also from stream to stream."""

    stream: str
    number: Count
    seq: Count
    receipt_no: Count


class Mark(Strict):
    """One line of the file."""

    outgoing: Sent | None = None
    incoming: Received | None = None


class Behind(CannotProceed):
    """The database is behind its marks: it was restored from a backup, or another system goes on sending."""


def path() -> Path:
    """Where the marks of this site are."""
    return Path(settings.HALL_MARK_FILE or settings.HALL_DATA_DIR / "marks.log")


def read() -> Mark | None:
    """The newest mark; None when there is no file. CannotProceed for a file that holds no good line."""
    try:
        with path().open("rb") as handle:
            handle.seek(max(0, handle.seek(0, os.SEEK_END) - _TAIL))
            lines = handle.read().split(b"\n")
    except FileNotFoundError:
        return None
    good = next(filter(None, map(_parse, reversed(lines))), None)
    if good is None:
        raise CannotProceed(
            f"标记文件 {path()} 中没有一行完好，磁盘可能有故障。请换好磁盘并把文件移走，"
            "确认数据库不是从备份恢复的，再运行 manage.py rebuild_marks。"
        )
    return good


def read_if_any() -> Mark | None:
    """The newest mark, None also when the file is damaged: for who begins anew anyway."""
    try:
        return read()
    except CannotProceed:
        return None


def next_epoch() -> int:
    """The number of the next outgoing epoch: above all that the database knows, and the marks where it has forgotten."""
    known = Stream.objects.filter(direction=Stream.Direction.OUT).aggregate(most=Max("number"))["most"] or 1
    mark = read_if_any()
    return max(known, mark.outgoing.number if mark and mark.outgoing else 0) + 1


def note() -> None:
    """Add what the database says now, before anybody else hears of it. What is marked is never taken back."""
    with durable.exclusive(path().with_name(f".{path().name}.lock")):
        before = read() or Mark()
        now = Mark(
            outgoing=_newer(before.outgoing, _sent()), incoming=_higher(before.incoming, _received(Stream.Direction.IN))
        )
        if now != before:
            _append(now)


def rebuild() -> Mark:
    """Begin a new file from the database; CannotProceed when there is one."""
    if path().exists():
        raise CannotProceed(f"标记文件 {path()} 还在，没有改动。")
    now = Mark(outgoing=_sent(), incoming=_received(Stream.Direction.IN))
    _append(now)
    return now


def check() -> None:
    """Behind when the database may not go on sending: the marks know more than it does, or something else."""
    restored = Restoration.objects.filter(settled_at=None).first()
    if restored:
        raise Behind(
            f"数据库已从备份 {restored.source} 恢复，对端可能已收到备份以后发出的批次，所以现在不封装。"
            "请运行 manage.py new_epoch，按提示办理（docs/RESTORE.md）。"
        )
    mark, stream = read(), _current(Stream.Direction.OUT)
    if mark is None:
        if Batch.objects.filter(stream=stream, revision__gt=0).exists():  # a file was made, so there was a mark
            raise Behind(
                f"找不到标记文件 {path()}。它说明数据库有没有恢复过备份，没有它就不封装。请检查磁盘是否已接好；"
                "文件确已丢失的：数据库没有恢复过备份，运行 manage.py rebuild_marks；恢复过，运行 manage.py new_epoch。"
            )
        return
    if mark.outgoing and (difference := _difference(mark.outgoing, stream)):
        raise Behind(
            f"数据库疑似恢复过备份，或者另有一套系统在发送：{difference}。为免对端收到互相矛盾的批次，已停止封装。"
            "请先停掉多出来的系统，再运行 manage.py new_epoch，按提示办理（docs/RESTORE.md）。"
        )


def is_behind() -> bool:
    """Whether nothing may be sent now, as ``check`` says in words: perhaps the database has forgotten what it did."""
    try:
        check()
    except CannotProceed:
        return True
    return False


def _difference(mark: Sent, stream: Stream | None) -> str:
    if stream is None or stream.number < mark.number:
        return f"标记文件 {path()} 记着第 {mark.number} 纪元已发出到第 {mark.seq} 批，数据库里没有"
    if stream.number > mark.number:
        return ""  # begun a moment ago; the mark follows before its first file
    if str(stream.epoch) != mark.stream:
        return f"标记文件 {path()} 记着另一条流 {mark.stream[:8]}"
    if stream.seq < mark.seq:
        return f"标记文件 {path()} 记着已发出到第 {mark.seq} 批，数据库只到第 {stream.seq} 批"
    root = Batch.objects.filter(stream=stream, seq=mark.seq).values_list("content_root", flat=True).first()
    if mark.seq and root != mark.root:
        return f"标记文件 {path()} 记着的第 {mark.seq} 批与数据库里的内容不同"
    return ""


def _newer(before: Sent | None, now: Sent | None) -> Sent | None:
    if before is None or now is None:
        return now or before
    return now if (now.number, now.seq) > (before.number, before.seq) else before


def _higher(before: Received | None, now: Received | None) -> Received | None:
    if before is None or now is None:
        return now or before
    return now if now.receipt_no > before.receipt_no else before


def _sent() -> Sent | None:
    stream = _current(Stream.Direction.OUT)
    if stream is None:
        return None
    return Sent(stream=str(stream.epoch), number=stream.number, seq=stream.seq, root=stream.batch_hash)


def _received(direction: str) -> Received | None:
    stream = _current(direction)
    if stream is None:
        return None
    return Received(stream=str(stream.epoch), number=stream.number, seq=stream.seq, receipt_no=stream.receipt_no)


def _current(direction: str) -> Stream | None:
    return Stream.objects.filter(direction=direction, current=True).first()


def _append(mark: Mark) -> None:
    target = path()
    durable.make_folder(target.parent)
    fresh = not target.exists()
    with target.open("ab") as handle:
        # A line feed first: whatever a power cut left of the last line must not spoil this one.
        handle.write(b"".join(_line(mark.model_dump(), broken=_torn(target))))
        handle.flush()
        os.fsync(handle.fileno())
    if fresh:
        durable.fsync_dir(target.parent)


def _torn(target: Path) -> bool:
    with target.open("rb") as handle:
        if not handle.seek(0, os.SEEK_END):
            return False
        handle.seek(-1, os.SEEK_END)
        return handle.read(1) != b"\n"


def _line(value: dict[str, Any], *, broken: bool) -> Iterator[bytes]:
    data = canonical.encode(value)
    if broken:
        yield b"\n"
    yield hashlib.sha256(data).hexdigest()[:_CHECK].encode() + b" " + data + b"\n"


def _parse(line: bytes) -> Mark | None:
    check, _, data = line.partition(b" ")
    if hashlib.sha256(data).hexdigest()[:_CHECK].encode() != check:
        return None
    try:
        return Mark.model_validate(canonical.decode(data))
    except (canonical.NotCanonical, ValidationError):
        return None
