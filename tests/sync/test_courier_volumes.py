"""The courier carries volumes: what the peer lacks goes out again and nothing else, what comes may be cut, damaged, doubled."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from sync import courier_state, receipts
from sync.courier import Courier, Schedule
from sync.models import Quarantine, Stream
from sync.transports.folder import FolderPair
from tests.sync import several
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def pair(peer: Peer, tmp_path: Path, settings: Settings) -> FolderPair:
    settings.HALL_BATCH_VOLUME_MB = 2
    pair = FolderPair(tmp_path / "from-gate", tmp_path / "to-gate", patience=1)
    pair.make()
    return pair


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def carrier(pair: FolderPair, said: list[str]) -> Courier:
    courier_state.sealed()  # a heartbeat is not due at once
    return Courier([pair], Schedule(), said.append, clock=lambda: 1000.0)


def taken(pair: FolderPair) -> dict[int, bytes]:
    """The gate empties its folder: volumes by their number."""
    found = {}
    for path in pair.target.glob("*.zip"):
        found[int(path.stem[-4:])] = path.read_bytes()
        path.unlink()
    return found


def lacks(peer: Peer, *volumes: list[int], number: int = 1) -> None:
    """The peer's receipt names these volumes as missing."""
    stream = Stream.objects.get(direction="out")
    body = peer.receipt(str(stream.epoch), number=number, missing_volumes=list(volumes))
    open_one(peer.batch([], receipts=[body]))


def test_a_lost_volume_alone_goes_out_again(carrier: Courier, pair: FolderPair, peer: Peer, said: list[str]) -> None:
    several.seal()
    carrier.round()
    first = taken(pair)
    assert sorted(first) == [1, 2, 3, 4]
    assert said == ["送出第 1 批，1 条记录"]
    carrier.round()
    assert taken(pair) == {}
    lacks(peer, [1, 2, 2])
    carrier.round()
    assert taken(pair) == {2: first[2]}
    assert "送出第 1 批的第 2 卷，1 条记录" in said
    carrier.round()
    assert taken(pair) == {}


def test_everything_behind_a_gap_at_the_end(carrier: Courier, pair: FolderPair, peer: Peer, said: list[str]) -> None:
    several.seal()
    carrier.round()
    taken(pair)
    lacks(peer, [1, 1, 1], [1, 3, 0])
    carrier.round()
    assert sorted(taken(pair)) == [1, 3, 4]
    assert "送出第 1 批的第 1、3–4 卷，1 条记录" in said


def test_a_lost_file_of_ours_means_all_volumes_anew(carrier: Courier, pair: FolderPair, peer: Peer) -> None:
    batch = several.seal()
    carrier.round()
    first = taken(pair)
    Path(batch.volumes.get(vol=2).file_path).unlink()
    lacks(peer, [1, 2, 2])
    carrier.round()
    again = taken(pair)
    assert sorted(again) == [1, 2, 3, 4]
    assert all(again[vol] != first[vol] for vol in again)


def test_what_went_out_before_a_failure_is_not_repeated(
    carrier: Courier, pair: FolderPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    several.seal()
    send = FolderPair.send

    def full(self: FolderPair, batch: object, files: list[Path]) -> None:
        if several.numbers(files) == [3]:
            raise OSError(28, "full")
        send(self, batch, files)  # type: ignore[arg-type]

    with monkeypatch.context() as third:
        third.setattr(FolderPair, "send", full)
        assert "空间不足" in carrier.round()
    assert sorted(taken(pair)) == [1, 2]
    carrier.clock = lambda: 2000.0
    assert carrier.round() == ""
    assert sorted(taken(pair)) == [3, 4]


def test_stops_between_two_volumes(
    carrier: Courier, pair: FolderPair, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may be as large as a disk; those that went out do so once."""
    several.seal()
    send = FolderPair.send

    def send_and_stop(*words: Any) -> None:
        send(*words)
        carrier.stop.set()

    with monkeypatch.context() as stopping:
        stopping.setattr(FolderPair, "send", send_and_stop)
        carrier.round()
    assert (sorted(taken(pair)), said) == ([1], [])
    carrier.stop.clear()
    carrier.round()
    assert (sorted(taken(pair)), said) == ([2, 3, 4], ["送出第 1 批的第 2–4 卷，1 条记录"])


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::7])
def test_arriving_in_any_order_and_twice(
    carrier: Courier, pair: FolderPair, peer: Peer, order: tuple[int, ...]
) -> None:
    files = {path.name: path.read_bytes() for path in several.of_the_peer(peer)}
    names = list(files)
    for at in order:
        for copy in ("a", "b"):
            (pair.source / f"{copy}-{at}.zip").write_bytes(files[names[at]])
            carrier.round()
    assert rows() == ["k:1#1"]
    assert Quarantine.objects.count() == 0
    assert list(pair.source.glob("*.zip")) == []


@pytest.mark.parametrize("harm", ["damaged", "half"])
def test_one_bad_volume_is_refused_and_asked_for_alone(
    carrier: Courier, pair: FolderPair, peer: Peer, harm: str
) -> None:
    paths, heartbeat = several.of_the_peer(peer), peer.batch([])
    good = paths[1].read_bytes()
    bad = several.damage(paths[1]) and paths[1].read_bytes() if harm == "damaged" else good[: len(good) // 2]
    for path, data in [*((path, path.read_bytes()) for path in paths), (heartbeat, heartbeat.read_bytes())]:
        (pair.source / path.name).write_bytes(bad if path == paths[1] else data)
    carrier.round()
    carrier.round()  # the patience with a file that is cut
    assert rows() == []
    assert Quarantine.objects.get().code == ("bad_crc" if harm == "damaged" else "truncated")
    assert receipts.missing_volumes(Stream.objects.get(direction="in")) == [[1, 2, 2]]
    (pair.source / "again.zip").write_bytes(good)
    carrier.round()
    assert rows() == ["k:1#1"]
    assert receipts.missing_volumes(Stream.objects.get(direction="in")) == []
