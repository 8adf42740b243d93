"""The plaintext of ``data.bin``: one header frame, then blob pieces, then records. Streamed, never held whole."""

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


@dataclass(frozen=True, slots=True)
class Blob:
    """An attachment on its way: name, length, bytes."""

    sha256: str
    size: int
    pieces: Iterable[bytes]


def write(header: bytes, blobs: Iterable[Blob], lines: Iterable[bytes], *, packed: bool = True) -> Iterator[bytes]:
    """Frames for a header, blobs and record lines, as pieces of bytes. Lines are compressed if ``packed``."""
    yield _frame(b"H", header)
    for blob in blobs:
        yield from _blob_frames(blob)
    compressor = zstandard.ZstdCompressor(level=1)
    for block in _blocks(lines):
        yield _frame(b"R", compressor.compress(block)) if packed else _frame(b"L", block)


class Reader:
    """Reads frames in their one order: ``header``, then all of ``blobs()``, then all of ``blocks()``."""

    def __init__(self, pieces: Iterator[bytes], *, packed: bool = True) -> None:
        self._pieces = pieces
        self._records = b"R" if packed else b"L"
        self._pending = bytearray()
        self._kind, self._payload = b"", b""
        self._advance()
        if self._kind != b"H" or len(self._payload) > LARGEST_HEADER:
            raise Refused("bad_frame", "没有头部")
        self.header = self._payload
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
            data = self._payload[PIECE_HEAD.size :]
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
        if len(self._payload) < PIECE_HEAD.size:
            raise Refused("bad_frame", "附件片段过短")
        sha256, total, offset = PIECE_HEAD.unpack_from(self._payload)
        return sha256, total, offset

    def _advance(self) -> None:
        head = self._take(HEAD.size, may_end=True)
        if not head:
            self._kind, self._payload = b"", b""
            return
        kind, length = HEAD.unpack(head)
        if kind not in (b"H", b"B", self._records) or length > LARGEST_FRAME:
            raise Refused("bad_frame", "未知的帧")
        self._kind, self._payload = kind, self._take(length)

    def _take(self, length: int, may_end: bool = False) -> bytes:
        while len(self._pending) < length:
            piece = next(self._pieces, None)
            if piece is None:
                if may_end and not self._pending:
                    return b""
                raise Refused("bad_frame", "数据提前结束")
            self._pending += piece
        taken = bytes(self._pending[:length])
        del self._pending[:length]
        return taken


def _frame(kind: bytes, payload: bytes) -> bytes:
    return HEAD.pack(kind, len(payload)) + payload


def _blob_frames(blob: Blob) -> Iterator[bytes]:
    offset = 0
    for piece in blob.pieces:
        yield _frame(b"B", PIECE_HEAD.pack(bytes.fromhex(blob.sha256), blob.size, offset) + piece)
        offset += len(piece)
    if not blob.size:
        yield _frame(b"B", PIECE_HEAD.pack(bytes.fromhex(blob.sha256), 0, 0))


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
