"""The courier takes whole files only, keeps what it has taken, and goes on after trouble."""

import threading
from pathlib import Path

import pytest

from sync import batch_out, courier, outbox
from sync.courier import Route
from tests.sync.conftest import rows
from tests.sync.peer import TOPIC, Peer

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def route(peer: Peer, tmp_path: Path) -> Route:
    (peer.home / "out").mkdir(exist_ok=True)
    return Route(peer.home / "out", tmp_path / "to-outer")


def test_one_round(route: Route, peer: Peer) -> None:
    said: list[str] = []
    path = peer.batch()
    outbox.record(TOPIC, "k:1", {"n": 1})
    assert courier.carry(route, said.append) == ""
    assert rows() == ["k:1#1"]
    assert len(list(route.target.glob("*.zip"))) == 1
    assert (route.source / "done" / path.name).is_file()
    assert not path.exists()
    assert len(said) == 2


def test_file_still_being_copied_is_left_alone(route: Route, peer: Peer) -> None:
    path = peer.batch()
    data = path.read_bytes()
    path.write_bytes(data[:1000])
    courier.carry(route, print)
    assert path.is_file()
    path.write_bytes(data[:2000])
    courier.carry(route, print)
    assert path.is_file()
    path.write_bytes(data)
    courier.carry(route, print)
    assert rows() == ["k:1#1"]


def test_file_that_stopped_growing_is_refused(route: Route, peer: Peer) -> None:
    path = peer.batch()
    path.write_bytes(path.read_bytes()[:1000])
    courier.carry(route, print)
    courier.carry(route, print)
    assert not path.exists()
    assert not (route.source / "done").exists()


def test_trouble_is_told_and_nothing_lost(route: Route, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    with monkeypatch.context() as full:
        full.setattr(batch_out, "seal_all", lambda _folder: (_ for _ in ()).throw(OSError(28, "full")))
        assert "空间不足" in courier.carry(route, print)
    assert courier.carry(route, print) == ""
    assert len(list(route.target.glob("*.zip"))) == 1


def test_stops_when_told(route: Route) -> None:
    stop = threading.Event()
    stop.set()
    courier.serve(route, every=60, stop=stop, say=print)
