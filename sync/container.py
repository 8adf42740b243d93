"""A volume as a ZIP of one exact shape: three STORED members in fixed order, five in the last, ZIP64, no freedom anywhere.

Any ZIP tool opens it. Our reader accepts only what our writer would have written: it takes names, sizes and check
sums from the directory, packs all headers again and compares them with the file byte for byte.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from sync import large_files
from sync.reasons import Refused

MEMBERS = ("data.bin", "volume.json", "volume.sig", "batch.json", "batch.sig")
VOLUME_MEMBERS = MEMBERS[:3]  # of every volume but the last
LARGEST_SMALL = 1024 * 1024
PIECE = 1024 * 1024
_LARGEST_DIRECTORY = 4096
_MAX32 = 0xFFFFFFFF
_TAIL = 56 + 20 + 22
_ENTRY = struct.Struct("<4s6H3L5H2L")
_VERSION = 45
_DATE = 0x21  # 1980-01-01: a container says nothing about time


@dataclass(frozen=True, slots=True)
class Member:
    """One stored file: its bytes lie at ``start`` and are ``size`` long."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def start(self) -> int:
        """Where the bytes begin, after the local header."""
        return self.offset + len(_local_header(self))

    @property
    def end(self) -> int:
        """Where the next member begins."""
        return self.start + self.size


class Writer:
    """Writes the members in their order to a seekable file."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle
        self._members: list[Member] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Append one member; its header is completed when its length is known."""
        offset, size, crc = self._handle.tell(), 0, 0
        self._handle.write(_local_header(Member(name, 0, 0, offset)))
        for piece in pieces:
            self._handle.write(piece)
            size += len(piece)
            crc = zlib.crc32(piece, crc)
        member = Member(name, size, crc, offset)
        self._handle.seek(offset)
        self._handle.write(_local_header(member))
        self._handle.seek(member.end)
        self._members.append(member)

    def close(self) -> None:
        """Write the directory: without it a file counts as cut off."""
        self._handle.write(_directory(self._members, self._handle.tell()))


class Reader:
    """A checked container: Refused from the constructor when anything is out of shape."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle
        self.size = handle.seek(0, os.SEEK_END)
        members = self._read_directory()
        if tuple(member.name for member in members) not in (MEMBERS, VOLUME_MEMBERS):
            raise Refused("zip_structure", "成员名称或次序不符")
        self._members = {member.name: member for member in members}
        self._check_headers(members)

    def small(self, name: str) -> bytes:
        """All bytes of a member that may be held in memory (at most 1 MiB)."""
        if self.length(name) > LARGEST_SMALL:
            raise Refused("too_large", name)
        return b"".join(self.pieces(name))

    @property
    def ends_batch(self) -> bool:
        """Whether this has the members of a last volume."""
        return MEMBERS[-1] in self._members

    def length(self, name: str) -> int:
        """Length of a member in bytes."""
        return self._members[name].size

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member piece by piece; Refused at the end when the check sum differs."""
        member, crc = self._members[name], 0
        for piece in self._range(member.start, member.size, PIECE):
            crc = zlib.crc32(piece, crc)
            yield piece
        if crc != member.crc:
            raise Refused("bad_crc", name)

    def around(self, name: str) -> tuple[bytes, bytes]:
        """What the file holds before and after a member."""
        member = self._members[name]
        return self._read_at(0, member.start), self._read_at(member.end, self.size - member.end)

    def head(self, name: str, length: int) -> bytes:
        """The first ``length`` bytes of a member, fewer when it is shorter."""
        member = self._members[name]
        return b"".join(self._range(member.start, min(length, member.size), PIECE))

    def chunks(self, name: str, skip: int, chunk: int) -> Iterator[tuple[bytes, bool]]:
        """(chunk, is the last one) of a member after its first ``skip`` bytes."""
        member = self._members[name]
        remaining = member.size - skip
        for piece in self._range(member.start + skip, remaining, chunk):
            remaining -= len(piece)
            yield piece, remaining == 0

    def _range(self, start: int, length: int, step: int) -> Iterator[bytes]:
        for piece in large_files.stretch(self._handle, start, length, step):
            length -= len(piece)
            yield piece
        if length:
            raise Refused("truncated")

    def _read_at(self, position: int, length: int) -> bytes:
        return b"".join(self._range(position, length, PIECE)) if position >= 0 else b""

    def _read_directory(self) -> list[Member]:
        if self._read_at(0, min(4, self.size)) != b"PK\x03\x04":
            raise Refused("not_a_batch")
        tail = self._read_at(self.size - _TAIL, _TAIL)
        if tail[76:80] != b"PK\x05\x06":
            raise Refused("truncated")
        (length,) = struct.unpack_from("<Q", tail, 40)
        if length > min(_LARGEST_DIRECTORY, self.size - _TAIL):
            raise Refused("zip_structure", "目录位置不符")
        start = self.size - _TAIL - length
        directory = self._read_at(start, length)
        members = list(_entries(directory, start))
        if _directory(members, start) != directory + tail:
            raise Refused("zip_structure", "目录写法不符")
        return members

    def _check_headers(self, members: list[Member]) -> None:
        for member in members:
            header = _local_header(member)
            if self._read_at(member.offset, len(header)) != header:
                raise Refused("zip_structure", f"{member.name} 的头部不符")
        if members[-1].end + len(_directory(members, 0)) != self.size:
            raise Refused("zip_structure", "成员之后有多余内容")


def looks_complete(handle: IO[bytes]) -> bool:
    """Whether a ZIP's end is there: a file still being copied has none."""
    size = handle.seek(0, os.SEEK_END)
    if size < 22:
        return False
    handle.seek(size - 22)
    return handle.read(4) == b"PK\x05\x06"


def _local_header(member: Member) -> bytes:
    name = member.name.encode("ascii")
    fixed = struct.pack("<4s5H3L2H", b"PK\x03\x04", _VERSION, 0, 0, 0, _DATE, member.crc, _MAX32, _MAX32, len(name), 20)
    return fixed + name + struct.pack("<2H2Q", 1, 16, member.size, member.size)


def _directory(members: list[Member], start: int) -> bytes:
    entries = b"".join(_entry(member) for member in members)
    count = len(members)
    end = start + len(entries)
    return (
        entries
        + struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, _VERSION, _VERSION, 0, 0, count, count, len(entries), start)
        + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, _MAX32, _MAX32, 0)
    )


def _entry(member: Member) -> bytes:
    name = member.name.encode("ascii")
    fixed = _ENTRY.pack(
        b"PK\x01\x02", _VERSION, _VERSION, 0, 0, 0, _DATE, member.crc, _MAX32, _MAX32, len(name), 28, 0, 0, 0, 0, _MAX32
    )
    return fixed + name + struct.pack("<2H3Q", 1, 24, member.size, member.size, member.offset)


def _entries(directory: bytes, most: int) -> Iterator[Member]:
    """Each member as it lies when it follows the one before it, all within the first ``most`` bytes."""
    position = offset = 0
    while position < len(directory):
        try:
            fields = _ENTRY.unpack_from(directory, position)
            name = directory[position + 46 : position + 46 + fields[10]].decode("ascii")
            (size,) = struct.unpack_from("<Q", directory, position + 46 + fields[10] + 4)
        except (struct.error, UnicodeDecodeError) as error:
            raise Refused("zip_structure", "目录无法读取") from error
        member = Member(name, size, fields[7], offset)
        if member.end > most:  # before anything is done with a number that no file can reach
            raise Refused("zip_structure", "成员超出文件")
        yield member
        position, offset = position + 46 + fields[10] + fields[11], member.end
