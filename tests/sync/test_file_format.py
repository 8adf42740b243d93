"""A small batch file, damaged in every way a disk or a person can: always refused, never half read."""

import io
import itertools
import os
import random
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from sync import container
from sync.keys import SiteKeys
from sync.reasons import REASONS, Refused
from tests.sync.peer import Peer, line, name_of, read

SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> tuple[Peer, Peer]:
    home = tmp_path_factory.mktemp("ends")
    receiver = Peer(home / "inner", "inner")
    return Peer(home / "outer", "outer", receiver.keys.card), receiver


@pytest.fixture(scope="module")
def good(ends: tuple[Peer, Peer]) -> Path:
    blob = b"attachment" * 20
    sender, _ = ends
    return sender.batch([line(1, blobs=[name_of(blob)])], blobs={name_of(blob): blob})


def reason(path: Path, ends: tuple[Peer, Peer]) -> str:
    sender, receiver = ends
    with pytest.raises(Refused) as caught:
        read(path, sender.keys.card, receiver.keys)
    assert caught.value.code in REASONS
    assert caught.value.sentence
    return caught.value.code


def damaged(path: Path, data: bytes) -> Path:
    target = path.with_name("damaged.zip")
    target.write_bytes(data)
    return target


def test_good_one_is_read(good: Path, ends: tuple[Peer, Peer]) -> None:
    batch, records, blobs = read(good, ends[0].keys.card, ends[1].keys)
    assert batch.seq == 1
    assert [record["payload"] for record in records] == [{"n": 1}]
    assert list(blobs.values()) == [b"attachment" * 20]


def test_ordinary_tools_open_it(good: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(container.MEMBERS)
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
    assert len(good.name) <= 48
    assert good.name.isascii()


def test_unzip_agrees(good: Path) -> None:
    assert subprocess.run(["python3", "-m", "zipfile", "-t", good], capture_output=True, check=False).returncode == 0


def test_cut_at_every_byte(good: Path, ends: tuple[Peer, Peer]) -> None:
    data = good.read_bytes()
    codes = {reason(damaged(good, data[:length]), ends) for length in range(0, len(data), 3)}
    assert codes <= {"not_a_batch", "truncated"}


def test_one_bit_of_every_byte(good: Path, ends: tuple[Peer, Peer]) -> None:
    chance, data = random.Random(SEED), good.read_bytes()
    for at in range(len(data)):
        flipped = bytearray(data)
        flipped[at] ^= 1 << chance.randrange(8)
        reason(damaged(good, bytes(flipped)), ends)


def test_byte_added_or_lost_anywhere(good: Path, ends: tuple[Peer, Peer]) -> None:
    data = good.read_bytes()
    for at in range(0, len(data), 11):
        reason(damaged(good, data[:at] + b"x" + data[at:]), ends)
        reason(damaged(good, data[:at] + data[at + 1 :]), ends)


def test_zeroed_sectors(good: Path, ends: tuple[Peer, Peer]) -> None:
    data = good.read_bytes()
    for at in range(0, len(data), 512):
        length = len(data[at : at + 512])
        reason(damaged(good, data[:at] + bytes(length) + data[at + length :]), ends)


def rezip(good: Path, change: str) -> bytes:
    target = good.with_name("rezipped.zip")
    method = zipfile.ZIP_DEFLATED if change == "deflate" else zipfile.ZIP_STORED
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(target, "w", method) as out:
        names = source.namelist()
        if change == "order":
            names.reverse()
        if change == "missing":
            names.pop()
        for name in names:
            out.writestr("../" + name if change == "escape" else name, source.read(name))
        if change == "extra":
            out.writestr("extra.txt", "x")
        if change == "duplicate":
            with pytest.warns(UserWarning, match="Duplicate"):
                out.writestr("data.bin", "x")
    return target.read_bytes()


@pytest.mark.parametrize("change", ["same", "deflate", "order", "missing", "extra", "duplicate", "escape"])
def test_packed_again_by_another_tool(change: str, good: Path, ends: tuple[Peer, Peer]) -> None:
    assert reason(damaged(good, rezip(good, change)), ends) in ("truncated", "zip_structure")


def test_comment_or_bytes_around(good: Path, ends: tuple[Peer, Peer]) -> None:
    data = good.read_bytes()
    for other in (data + b"x", data + data, b"x" + data, data[:-2] + struct.pack("<H", 3) + b"abc"):
        assert reason(damaged(good, other), ends) in ("truncated", "not_a_batch", "zip_structure")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_batch"),
        (b"PK", "not_a_batch"),
        (b"%PDF-1.7", "not_a_batch"),
        (b"\x00" * 500, "not_a_batch"),
        (b"PK\x03\x04", "truncated"),
        (b"PK\x03\x04" + b"x" * 500, "truncated"),
    ],
)
def test_something_else(data: bytes, code: str, good: Path, ends: tuple[Peer, Peer]) -> None:
    """Whoever brought the wrong file is not told to copy it again."""
    assert reason(damaged(good, data), ends) == code


def test_file_that_shrinks_while_it_is_read(good: Path) -> None:
    """A disk taken out, a gate that empties its folder: what was there a moment ago ends too early."""
    path = damaged(good, good.read_bytes())
    with path.open("r+b") as handle:
        reader = container.Reader(handle)
        handle.truncate(100)
        with pytest.raises(Refused, match="truncated"):
            list(itertools.islice(reader.pieces("batch.json"), 1000))


def test_directory_that_claims_most_of_the_file_is_not_read(good: Path) -> None:
    """It would be held in memory."""
    data, size = good.read_bytes(), 64 * 1024 * 1024
    tail = bytearray(data[-98:])
    struct.pack_into("<2Q", tail, 40, size - 98 - 4, 4)
    seen: list[int] = []

    class Counting(io.FileIO):
        def read(self, length: int = -1) -> bytes:
            seen.append(length)
            return super().read(length)

    path = damaged(good, b"PK\x03\x04")
    with path.open("r+b") as handle:
        handle.seek(size - 98)
        handle.write(tail)
    with Counting(path) as handle, pytest.raises(Refused, match="zip_structure"):
        container.Reader(handle)
    assert sum(seen) < 8192


def test_manifest_over_the_limit(good: Path, ends: tuple[Peer, Peer]) -> None:
    target = good.with_name("damaged.zip")
    with target.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in container.MEMBERS:
            writer.add(name, [b"x" * (container.LARGEST_SMALL + 1)])
        writer.close()
    assert reason(target, ends) == "too_large"


def test_wrong_check_sum_everywhere(ends: tuple[Peer, Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    sender, _ = ends
    sender.start(sender.stream)
    with monkeypatch.context() as wrong:
        wrong.setattr(container.zlib, "crc32", lambda *_: 7)
        path = sender.batch(name="crc.zip")
    assert reason(path, ends) == "bad_crc"


@pytest.mark.parametrize(
    "names",
    [
        container.MEMBERS[:2],
        container.MEMBERS[:4],
        (*container.MEMBERS, "extra.txt"),
        (*container.MEMBERS, "data.bin"),
        ("data.bin", "volume.json", "volume.sig", "batch.sig", "batch.json"),
        ("data.bin", "volume.json", "volume.sig", "batch.json", "../batch.sig"),
        (),
    ],
)
def test_other_members_in_our_own_manner(names: tuple[str, ...], good: Path, ends: tuple[Peer, Peer]) -> None:
    target = good.with_name("damaged.zip")
    with zipfile.ZipFile(good) as archive, target.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in names:
            writer.add(name, [archive.read(name) if name in container.MEMBERS else b"x"])
        writer.close()
    assert reason(target, ends) in ("zip_structure", "not_a_batch")


def test_bytes_hidden_before_the_directory(good: Path, ends: tuple[Peer, Peer]) -> None:
    target = good.with_name("damaged.zip")
    with zipfile.ZipFile(good) as archive, target.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in container.MEMBERS:
            writer.add(name, [archive.read(name)])
        handle.write(b"hidden")
        writer.close()
    assert reason(target, ends) == "zip_structure"


def test_recipient_cannot_put_other_content_under_the_signature(ends: tuple[Peer, Peer]) -> None:
    sender, receiver = ends
    sender.start(sender.stream)
    path = sender.batch(content_lines=[line(1, payload={"n": 999})], keep_heads=True)
    # The signature is good and the data is what was signed, but the records are not those of the manifest.
    batch, records, _ = read(path, sender.keys.card, receiver.keys)
    assert records[0]["payload"] == {"n": 999}
    assert batch.records == 1


def test_parts_of_two_batches(ends: tuple[Peer, Peer]) -> None:
    sender, _ = ends
    sender.start(sender.stream)
    first = sender.batch(name="first.zip")
    second = sender.batch(name="second.zip")
    target = first.with_name("mixed.zip")
    with zipfile.ZipFile(first) as a, zipfile.ZipFile(second) as b, target.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in container.MEMBERS:
            writer.add(name, [(b if name.startswith("batch") else a).read(name)])
        writer.close()
    assert reason(target, ends) == "mixed"


def test_data_of_another_batch(ends: tuple[Peer, Peer]) -> None:
    sender, _ = ends
    sender.start(sender.stream)
    first, second = sender.batch(name="first.zip"), sender.batch(name="second.zip")
    target = first.with_name("mixed.zip")
    with zipfile.ZipFile(first) as a, zipfile.ZipFile(second) as b, target.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in container.MEMBERS:
            writer.add(name, [(b if name == "data.bin" else a).read(name)])
        writer.close()
    assert reason(target, ends) == "data_hash"


def test_signer_is_a_stranger(good: Path, ends: tuple[Peer, Peer], tmp_path: Path) -> None:
    stranger: SiteKeys = Peer(tmp_path / "stranger", "outer").keys
    with pytest.raises(Refused, match="unknown_key"):
        read(good, stranger.card, ends[1].keys)
