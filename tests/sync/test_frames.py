"""What stands inside a volume, written frame by frame as a lying sender would: one order, nothing left out, nothing too large."""

import hashlib
import struct
from collections.abc import Iterator

import pytest
import zstandard

from sync import chain, frames
from sync.reasons import Refused

MIB = 1024 * 1024
HEADER = b'{"vol":1}'
SCAN = b"a scan of a plan"
NAME = hashlib.sha256(SCAN).digest()
OTHER = hashlib.sha256(b"other").digest()
LINE = b'{"rseq":1}\n'


def frame(kind: bytes, payload: bytes, length: int | None = None) -> bytes:
    return kind + struct.pack(">L", len(payload) if length is None else length) + payload


def piece(data: bytes, offset: int = 0, total: int = len(SCAN), name: bytes = NAME) -> bytes:
    return frame(b"B", name + struct.pack(">QQ", total, offset) + data)


def records(block: bytes) -> bytes:
    return frame(b"R", zstandard.ZstdCompressor().compress(block))


def read(*inside: bytes, packed: bool = True) -> tuple[dict[str, bytes], list[bytes]]:
    """Blobs and lines of volumes with these frames behind their headers, as the importer takes them."""
    reader = frames.Reader([(HEADER, iter([frame(b"H", HEADER) + one])) for one in inside], packed=packed)
    blobs = {blob.sha256: b"".join(blob.pieces) for blob in reader.blobs()}
    return blobs, [line for block in reader.blocks() for line in block]


def refused(*inside: bytes, packed: bool = True) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        read(*inside, packed=packed)
    return refusal.value.code, refusal.value.detail


@pytest.mark.parametrize(
    "inside",
    [
        (piece(SCAN), records(LINE + LINE)),
        (piece(SCAN) + records(LINE) + records(LINE),),
        (piece(SCAN[:6]), piece(SCAN[6:], 6) + records(LINE + LINE)),
        (piece(SCAN[:6]) + piece(SCAN[6:], 6), records(LINE), records(LINE)),
    ],
)
def test_one_order_whatever_the_volumes(inside: tuple[bytes, ...]) -> None:
    assert read(*inside) == ({NAME.hex(): SCAN}, [LINE[:-1]] * 2)


def test_readable_records() -> None:
    assert read(frame(b"L", LINE), packed=False) == ({}, [LINE[:-1]])
    assert refused(frame(b"L", LINE))[0] == "bad_frame"
    assert refused(records(LINE), packed=False)[0] == "bad_frame"


def test_empty_attachment() -> None:
    name = hashlib.sha256(b"").digest()
    assert read(piece(b"", 0, 0, name) + records(LINE))[0] == {name.hex(): b""}


@pytest.mark.parametrize(
    ("inside", "detail"),
    [
        (piece(SCAN[:6]) + piece(SCAN[6:], 6, name=OTHER), "附件片段不连续"),
        (piece(SCAN[:6]) + piece(SCAN[6:], 6, total=len(SCAN) + 1), "附件片段不连续"),
        (piece(SCAN[:6]) + piece(SCAN[7:], 7), "附件片段不连续"),
        (piece(SCAN[:6]) + piece(SCAN[5:], 5), "附件片段不连续"),
        (piece(SCAN[6:], 6), "附件片段不连续"),
        (piece(SCAN + b"!"), "附件片段不连续"),
        (piece(SCAN[:6]) + piece(SCAN[6:] + b"!", 6), "附件片段不连续"),
        (piece(b"") + piece(SCAN), "附件片段长度不符"),
        (piece(bytes(MIB + 1), total=MIB + 1), "附件片段长度不符"),
        (piece(SCAN[:6]) + records(LINE), "附件没有结束"),
        (piece(SCAN[:6]), "附件没有结束"),
        (frame(b"B", NAME + bytes(8)), "附件片段过短"),
        (frame(b"B", b""), "附件片段过短"),
        (records(LINE) + piece(SCAN), "帧的次序不符"),
        (frame(b"H", HEADER), "多余的头部"),
        (records(LINE) + frame(b"H", HEADER), "多余的头部"),
        (frame(b"X", b""), "未知的帧"),
        (b"R\xff\xff\xff\xff", "未知的帧"),
        (frame(b"R", b"", frames.LARGEST_FRAME + 1), "未知的帧"),
        (frame(b"R", b"no zstd"), "记录块无法解压"),
        (records(LINE)[:-1], "数据提前结束"),
        (records(LINE) + b"R\x00", "数据提前结束"),
        (records(LINE) + frame(b"R", b"", 10), "数据提前结束"),
        (piece(SCAN)[:20], "数据提前结束"),
        (records(LINE[:-1]), "记录块没有以换行结束"),
        (frame(b"R", b""), "记录块没有以换行结束"),
    ],
)
def test_out_of_shape(inside: bytes, detail: str) -> None:
    assert refused(inside) == ("bad_frame", detail)


@pytest.mark.parametrize("start", [b"", b"R", records(LINE), frame(b"H", bytes(4097)), frame(b"X", HEADER)])
def test_volume_without_its_header(start: bytes) -> None:
    for volumes in ([(HEADER, iter([start]))], [(HEADER, iter([frame(b"H", HEADER)])), (HEADER, iter([start]))]):
        with pytest.raises(Refused, match="bad_frame"):
            list(frames.Reader(volumes).blocks())


def test_header_of_another_volume() -> None:
    with pytest.raises(Refused, match="mixed"):
        frames.Reader([(HEADER, iter([frame(b"H", b'{"vol":2}')]))])


def test_endless_header() -> None:
    """It would be compared with the expected one only when all of it is held; the reason says what it is."""
    with pytest.raises(Refused) as refusal:
        frames.Reader([(HEADER, iter([frame(b"H", HEADER + bytes(4096))]))])
    assert (refusal.value.code, refusal.value.detail) == ("bad_frame", "没有头部")


def test_an_attachment_that_nobody_reads_stops_the_reader() -> None:
    """Its bytes would be taken for those of the next one."""
    reader = frames.Reader([(HEADER, iter([frame(b"H", HEADER) + piece(SCAN) + records(LINE)]))])
    with pytest.raises(Refused, match="bad_frame"):
        list(reader.blobs())


def test_zstd_bomb_stops_at_the_cap() -> None:
    bomb = records(bytes(200 * MIB))
    assert len(bomb) < 100_000
    assert refused(bomb) == ("too_large", "记录块")


@pytest.mark.parametrize("packed", [True, False])
def test_block_and_record_over_the_limit(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "LARGEST_RECORDS", 3000)
    monkeypatch.setattr(frames, "LARGEST_LINE", 1000)

    def block(content: bytes) -> bytes:
        return records(content) if packed else frame(b"L", content)

    long = b"x" * 1000 + b"\n"
    assert read(block(long + long), packed=packed)[1] == [long[:-1]] * 2
    assert refused(block(b"x" + long), packed=packed) == ("too_large", "记录")
    assert refused(block(LINE * 300), packed=packed) == ("too_large", "记录块")


def test_limits_leave_room_for_the_largest_record() -> None:
    assert frames.LARGEST_FRAME > frames.LARGEST_RECORDS > chain.LARGEST_LINE


def test_pieces_of_any_length() -> None:
    """Decryption gives what it gives: the frames do not care where it was cut."""
    whole = frame(b"H", HEADER) + piece(SCAN[:6]) + piece(SCAN[6:], 6) + records(LINE)

    def cut(size: int) -> Iterator[bytes]:
        for at in range(0, len(whole), size):
            yield b""
            yield whole[at : at + size]

    for size in (1, 2, 3, 5, 7, 64):
        reader = frames.Reader([(HEADER, cut(size))])
        assert {blob.sha256: b"".join(blob.pieces) for blob in reader.blobs()} == {NAME.hex(): SCAN}
        assert list(reader.blocks()) == [[LINE[:-1]]]
