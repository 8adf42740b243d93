"""Every cut, every flipped bit, every byte lost, added or doubled in a small batch file: refused with a reason."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync import batch_file, keys, suites
from sync.reasons import REASONS, Refused
from tests.sync.peer import Peer, line, name_of

pytestmark = pytest.mark.skipif(
    os.environ.get("HALL_TEST_DATABASE") == "postgres", reason="files alone, no database: once, on SQLite"
)


@pytest.fixture(scope="module", params=suites.NAMES)
def ends(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Peer, Peer]:
    home = tmp_path_factory.mktemp("ends")
    receiver = Peer(home / "inner", "inner", suite=request.param)
    return Peer(home / "outer", "outer", receiver.keys.card, suite=request.param), receiver


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


@pytest.mark.parametrize("volumes", [1, 2])
@pytest.mark.parametrize("damage", [cuts, bits, lost, added, zeroed])
def test_every(
    damage: Callable[[bytes], Iterator[bytes]], volumes: int, ends: tuple[Peer, Peer], tmp_path: Path
) -> None:
    """In a batch of two files each of them in turn is damaged, the other one is good."""
    sender, receiver = ends
    blob = b"attachment" * 20
    sender.start(sender.stream)
    largest = batch_file.UNLIMITED if volumes == 1 else 1
    sender.batch([line(1, blobs=[name_of(blob)])], blobs={name_of(blob): blob}, keep_heads=True, largest=largest)
    paths, target = list(sender.paths), tmp_path / "damaged.zip"
    assert len(paths) == volumes
    for at, path in enumerate(paths):
        others = [target if one == path else one for one in paths]
        count = 0
        for other in damage(path.read_bytes()):
            target.write_bytes(other)
            with pytest.raises(Refused) as caught:
                read_whole(others, sender.keys.card, receiver.keys)
            assert caught.value.code in REASONS, at
            count += 1
        assert count
    read_whole(paths, sender.keys.card, receiver.keys)


def read_whole(paths: list[Path], signer: keys.Card, own: keys.SiteKeys) -> None:
    """Every check that an importer makes of all files of a batch; Refused as there."""
    with ExitStack() as stack:
        files = [batch_file.BatchFile(stack.enter_context(path.open("rb")), [signer], own) for path in paths]
        for file in files:
            file.check_recipient(own)
            file.check_data()
        contents = batch_file.WholeBatch(files).contents(own)
        assert [b"".join(blob.pieces) for blob in contents.blobs()]
        assert list(contents.blocks())
