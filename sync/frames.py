"""The plaintext of a batch: blob pieces, then records, in frames. Streamed, never held whole.

Each volume begins with a header frame of its own and ends between two frames; the rest reads as if it were one piece.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import zstandard

from sync.chain import LARGEST_LINE
from sync.reasons import Refused

HEAD = struct.Struct(">cL")
PIECE_HEAD = struct.Struct(">32sQQ")
PIECE = 1024 * 1024
RECORDS_TARGET = 1024 * 1024
LARGEST_RECORDS = LARGEST_LINE + RECORDS_TARGET
LARGEST_FRAME = LARGEST_RECORDS + 64 * 1024
LARGEST_HEADER = 4096
Frame = tuple[bytes, ...]  # its bytes in parts: joining a head to a piece of an attachment would copy the piece


@dataclass(frozen=True, slots=True)
class Blob:
    """An attachment on its way: name, length, bytes."""

    sha256: str
    size: int
    pieces: Iterable[bytes]


def header(content: bytes) -> bytes:
    """The frame with which a volume begins."""
    return _frame(b"H", content)


def body(blobs: Iterable[Blob], lines: Iterable[bytes], *, packed: bool = True) -> Iterator[Frame]:
    """Frames for blobs and record lines, one at a time. Lines are compressed if ``packed``."""
    for blob in blobs:
        yield from _blob_frames(blob)
    compressor = zstandard.ZstdCompressor(level=1)
    for block in _blocks(lines):
        yield (_frame(b"R", compressor.compress(block)) if packed else _frame(b"L", block),)


class Parts:
    """Cuts frames into volumes of at most ``room`` bytes; a frame that is larger has a volume to itself."""

    def __init__(self, whole: Iterable[Frame], room: int) -> None:
        self._frames = iter(whole)
        self._next = next(self._frames, None)
        self._room = room

    @property
    def is_used_up(self) -> bool:
        """Whether the last ``take`` gave the last frame."""
        return self._next is None

    def take(self) -> Iterator[bytes]:
        """The bytes of the frames of one volume, to be read to the end; none only when there are none at all."""
        used = 0
        while self._next is not None and (not used or used + _length(self._next) <= self._room):
            yield from self._next
            used += _length(self._next)
            self._next = next(self._frames, None)


class Reader:
    """Reads frames in their one order: all of ``blobs()``, then all of ``blocks()``.

    ``volumes`` gives the expected header and the plaintext of each volume.
    """

    def __init__(self, volumes: Iterable[tuple[bytes, Iterator[bytes]]], *, packed: bool = True) -> None:
        self._records = b"R" if packed else b"L"
        self._volumes = iter(volumes)
        self._pieces: Iterator[bytes] = iter(())
        self._rest = memoryview(b"")
        self._kind, self._head, self._payload = b"", b"", b""
        self._advance()

    def blobs(self) -> Iterator[Blob]:
        """Each blob; its pieces must be used up before the next one is asked for."""
        while self._kind == b"B":
            sha256, total, _ = self._piece()
            pieces = self._pieces_of(sha256, total)
            yield Blob(sha256.hex(), total, pieces)
            for _ in pieces:
                raise Refused("bad_frame", "附件没有读完")

    def blocks(self) -> Iterator[list[bytes]]:
        """Record lines, about 1 MiB at a time; Refused when anything follows that is no record."""
        while self._kind == self._records:
            yield _lines(_decompress(self._payload) if self._records == b"R" else _plain(self._payload))
            self._advance()
        if self._kind:
            raise Refused("bad_frame", "帧的次序不符")

    def _pieces_of(self, sha256: bytes, total: int) -> Iterator[bytes]:
        position = 0
        while True:
            same, length, offset = self._piece()
            data = self._payload
            if same != sha256 or length != total or offset != position or position + len(data) > total:
                raise Refused("bad_frame", "附件片段不连续")
            if len(data) > PIECE or (not data and total):
                raise Refused("bad_frame", "附件片段长度不符")
            position += len(data)
            yield data
            self._advance()
            if position == total:
                return
            if self._kind != b"B":
                raise Refused("bad_frame", "附件没有结束")

    def _piece(self) -> tuple[bytes, int, int]:
        if len(self._head) < PIECE_HEAD.size:
            raise Refused("bad_frame", "附件片段过短")
        sha256, total, offset = PIECE_HEAD.unpack(self._head)
        return sha256, total, offset

    def _advance(self) -> None:
        frame = self._frame()
        while frame is None and self._open_next():
            frame = self._frame()
        self._kind, self._head, self._payload = frame or (b"", b"", b"")
        if self._kind == b"H":
            raise Refused("bad_frame", "多余的头部")

    def _open_next(self) -> bool:
        """Go on to the next volume; False when there is none."""
        volume = next(self._volumes, None)
        if volume is None:
            return False
        expected, self._pieces = volume
        kind, _, content = self._frame() or (b"", b"", b"")
        if kind != b"H" or len(content) > LARGEST_HEADER:
            raise Refused("bad_frame", "没有头部")
        if content != expected:
            raise Refused("mixed", "内层头部")
        return True

    def _frame(self) -> tuple[bytes, bytes, bytes] | None:
        """Kind, head of a piece of an attachment, and payload, which nobody has to cut (and copy) any more."""
        head = self._take(HEAD.size, may_end=True)
        if not head:
            return None
        kind, length = HEAD.unpack(head)
        if kind not in (b"H", b"B", self._records) or length > LARGEST_FRAME:
            raise Refused("bad_frame", "未知的帧")
        piece_head = self._take(min(PIECE_HEAD.size, length)) if kind == b"B" else b""
        return kind, piece_head, self._take(length - len(piece_head))

    def _take(self, length: int, may_end: bool = False) -> bytes:
        parts: list[memoryview] = []
        missing = length
        while missing:
            if not self._rest:
                piece = next(self._pieces, None)
                if piece is None:
                    if may_end and not parts:
                        return b""
                    raise Refused("bad_frame", "数据提前结束")
                self._rest = memoryview(piece)
            part = self._rest[:missing]
            self._rest = self._rest[len(part) :]
            if part:
                parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def _frame(kind: bytes, payload: bytes) -> bytes:
    return HEAD.pack(kind, len(payload)) + payload


def _length(frame: Frame) -> int:
    return sum(map(len, frame))


def _blob_frames(blob: Blob) -> Iterator[Frame]:
    offset, name = 0, bytes.fromhex(blob.sha256)
    for piece in blob.pieces:
        yield HEAD.pack(b"B", PIECE_HEAD.size + len(piece)) + PIECE_HEAD.pack(name, blob.size, offset), piece
        offset += len(piece)
    if not blob.size:
        yield (_frame(b"B", PIECE_HEAD.pack(name, 0, 0)),)


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    block = bytearray()
    for line in lines:
        block += line
        block += b"\n"
        if len(block) >= RECORDS_TARGET:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def _decompress(compressed: bytes) -> bytes:
    """One zstd frame, however large it claims to be: stops at the cap instead of filling the memory."""
    try:
        with zstandard.ZstdDecompressor(max_window_size=2**24).stream_reader(
            compressed, read_across_frames=True
        ) as stream:
            block = stream.read(LARGEST_RECORDS + 1)
    except zstandard.ZstdError as error:
        raise Refused("bad_frame", "记录块无法解压") from error
    if len(block) > LARGEST_RECORDS:
        raise Refused("too_large", "记录块")
    return block


def _plain(block: bytes) -> bytes:
    if len(block) > LARGEST_RECORDS:
        raise Refused("too_large", "记录块")
    return block


def _lines(block: bytes) -> list[bytes]:
    if not block.endswith(b"\n"):
        raise Refused("bad_frame", "记录块没有以换行结束")
    lines = block[:-1].split(b"\n")
    if any(len(line) > LARGEST_LINE for line in lines):
        raise Refused("too_large", "记录")
    return lines
