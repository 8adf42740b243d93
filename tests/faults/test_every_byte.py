"""Every cut, every flipped bit, every byte lost, added or doubled in a small batch file: refused with a reason."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.reasons import REASONS, Refused
from tests.sync.peer import Peer, line, name_of, read


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> tuple[Peer, Peer]:
    home = tmp_path_factory.mktemp("ends")
    receiver = Peer(home / "inner", "inner")
    return Peer(home / "outer", "outer", receiver.keys.card), receiver


def cuts(data: bytes) -> Iterator[bytes]:
    return (data[:length] for length in range(len(data)))


def bits(data: bytes) -> Iterator[bytes]:
    for at in range(len(data)):
        for bit in range(8):
            yield data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def lost(data: bytes) -> Iterator[bytes]:
    return (data[:at] + data[at + 1 :] for at in range(len(data)))


def added(data: bytes) -> Iterator[bytes]:
    for at in range(len(data) + 1):
        yield data[:at] + b"\0" + data[at:]
        yield data[:at] + b"x" + data[at:]


def zeroed(data: bytes) -> Iterator[bytes]:
    for sector in (16, 64, 512, 4096):
        for at in range(0, len(data), sector):
            length = len(data[at : at + sector])
            if any(data[at : at + length]):
                yield data[:at] + bytes(length) + data[at + length :]


@pytest.mark.parametrize("damage", [cuts, bits, lost, added, zeroed])
def test_every(damage: Callable[[bytes], Iterator[bytes]], ends: tuple[Peer, Peer], tmp_path: Path) -> None:
    sender, receiver = ends
    blob = b"attachment" * 20
    sender.start(sender.stream)
    good = sender.batch([line(1, blobs=[name_of(blob)])], blobs={name_of(blob): blob}, keep_heads=True)
    target, count = tmp_path / "damaged.zip", 0
    for other in damage(good.read_bytes()):
        target.write_bytes(other)
        with pytest.raises(Refused) as caught:
            read(target, sender.keys.card, receiver.keys)
        assert caught.value.code in REASONS
        count += 1
    assert count
    read(good, sender.keys.card, receiver.keys)
