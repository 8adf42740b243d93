"""The courier takes whole files only, keeps what it has taken, goes on after trouble, and tells when the peer is silent."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import OperationalError
from django.utils import timezone

from sync import batch_out, courier, courier_state, outbox
from sync.courier import Courier, Schedule
from sync.models import Batch, CourierState, SentVolume
from sync.transports import grouping
from sync.transports.folder import FolderPair
from tests.sync.conftest import rows
from tests.sync.peer import TOPIC, Peer

pytestmark = pytest.mark.usefixtures("topic")


class Hands:
    """A clock that a test turns, and what the courier said."""

    def __init__(self) -> None:
        self.time, self.said = 1000.0, []

    def clock(self) -> float:
        return self.time


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def pair(peer: Peer, tmp_path: Path) -> FolderPair:
    pair = FolderPair(peer.home / "out", tmp_path / "to-outer", patience=1)
    pair.make()
    return pair


@pytest.fixture
def make(pair: FolderPair, hands: Hands) -> Callable[..., Courier]:
    def build(**schedule: float) -> Courier:
        return Courier([pair], Schedule(**schedule), hands.said.append, clock=hands.clock)

    return build


@pytest.fixture
def carrier(make: Callable[..., Courier]) -> Courier:
    courier_state.sealed()  # a heartbeat is not due at once
    return make()


def zips(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.zip"))


def test_one_round(carrier: Courier, pair: FolderPair, peer: Peer, hands: Hands) -> None:
    path = peer.batch()
    outbox.record(TOPIC, "k:1", {"n": 1})
    assert carrier.round() == ""
    assert rows() == ["k:1#1"]
    assert len(zips(pair.target)) == 1
    assert (pair.source / "done" / path.name).is_file()
    assert not path.exists()
    assert len(hands.said) == 2


def test_file_still_being_copied_is_left_alone(carrier: Courier, peer: Peer) -> None:
    path = peer.batch()
    data = path.read_bytes()
    path.write_bytes(data[:1000])
    carrier.round()
    assert path.is_file()
    path.write_bytes(data[:2000])
    carrier.round()
    assert path.is_file()
    path.write_bytes(data)
    carrier.round()
    assert rows() == ["k:1#1"]


def test_file_that_stopped_growing_is_refused(carrier: Courier, pair: FolderPair, peer: Peer) -> None:
    path = peer.batch()
    path.write_bytes(path.read_bytes()[:1000])
    carrier.round()
    carrier.round()
    assert not path.exists()
    assert not (pair.source / "done" / path.name).exists()


def test_trouble_is_told_and_nothing_lost(
    carrier: Courier, pair: FolderPair, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    with monkeypatch.context() as full:
        full.setattr(batch_out, "seal_all", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full")))
        assert "空间不足" in carrier.round()
        carrier.round()
    assert [line for line in hands.said if "空间不足" in line] == hands.said  # told once, not each round
    assert len(hands.said) == 1
    figures = courier_state.figures()
    assert (figures.failures, "空间不足" in figures.failure) == (2, True)
    assert carrier.round() == ""
    assert len(zips(pair.target)) == 1
    assert courier_state.figures().failures == 0


def test_a_database_that_is_away_stops_nobody(carrier: Courier, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as away:
        away.setattr(batch_out, "seal_all", lambda *_, **__: (_ for _ in ()).throw(OperationalError("gone")))
        assert "数据库暂时不可用" in carrier.round()
    assert carrier.round() == ""


def test_a_way_that_fails_is_left_alone_ever_longer(carrier: Courier, pair: FolderPair, hands: Hands) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    away = pair.target.rename(pair.target.with_name("away"))
    assert "不存在" in carrier.round()
    away.rename(pair.target)
    assert carrier.round() == ""
    assert zips(pair.target) == []  # still within the pause
    hands.time += 11
    assert carrier.round() == ""
    assert len(zips(pair.target)) == 1


def test_one_way_that_fails_does_not_hold_up_the_other(
    pair: FolderPair, peer: Peer, tmp_path: Path, hands: Hands
) -> None:
    courier_state.sealed()
    gone = FolderPair(tmp_path / "no", tmp_path / "where", name="gone")
    outbox.record(TOPIC, "k:1", {"n": 1})
    carrier = Courier([gone, pair], Schedule(), hands.said.append, clock=hands.clock)
    assert "不存在" in carrier.round()
    assert len(zips(pair.target)) == 1


def test_heartbeats_come_at_their_interval(make: Callable[..., Courier], pair: FolderPair, hands: Hands) -> None:
    carrier = make(heartbeat=600)
    carrier.round()
    assert [batch.records for batch in Batch.objects.all()] == [0]  # never sealed before: the peer hears at once
    hands.time += 599
    carrier.round()
    assert Batch.objects.count() == 1
    hands.time += 1
    carrier.round()
    assert (Batch.objects.count(), len(zips(pair.target))) == (2, 2)


def test_the_last_thing_is_a_heartbeat(carrier: Courier, pair: FolderPair) -> None:
    carrier.finish()
    assert Batch.objects.count() == 0
    outbox.record(TOPIC, "k:1", {"n": 1})
    carrier.round()
    carrier.finish()
    assert [batch.records for batch in Batch.objects.order_by("seq")] == [1, 0]
    assert len(zips(pair.target)) == 2
    carrier.finish()
    assert Batch.objects.count() == 2


def test_one_way_line_repeats_the_last_batches_with_the_heartbeat(
    make: Callable[..., Courier], pair: FolderPair, hands: Hands
) -> None:
    courier_state.sealed()
    carrier = make(repeat=2)
    for n in (1, 2, 3):
        outbox.record(TOPIC, "k:1", {"n": n})
        carrier.round()
    for path in zips(pair.target):
        path.unlink()
    hands.time += 600
    carrier.round()
    assert [path.name[-15:-9] for path in zips(pair.target)] == ["000003", "000004"]


def test_silence_raises_one_alarm_until_something_comes(
    make: Callable[..., Courier], peer: Peer, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    carrier = make(silence=3600)
    hands.time += 3599
    carrier.round()
    assert courier_state.figures().silence == ""
    hands.time += 1
    carrier.round()
    carrier.round()
    assert len([line for line in hands.said if "警报" in line]) == 1
    assert len([entry for entry in caplog.records if "nothing came" in entry.message]) == 1
    assert "从未收到" in courier_state.figures().silence
    peer.batch()
    carrier.round()
    assert courier_state.figures().silence == ""
    hands.time += 3600
    carrier.round()
    assert "以后没有收到" in courier_state.figures().silence


def test_silence_goes_on_over_a_restart(make: Callable[..., Courier], peer: Peer, hands: Hands) -> None:
    """A courier that is started anew every hour must not need another hour each time."""
    peer.batch()
    make().round()
    CourierState.objects.update(received_at=timezone.now() - timedelta(minutes=50))
    carrier = make(silence=3600)
    carrier.round()
    assert courier_state.figures().silence == ""
    hands.time += 600
    carrier.round()
    assert "以后没有收到" in courier_state.figures().silence


def test_a_refused_file_is_no_sign_of_life(carrier: Courier, pair: FolderPair) -> None:
    (pair.source / "x.zip").write_bytes(b"PK\x05\x06".rjust(40) + b"x" * 18)
    carrier.round()
    assert courier_state.figures().received_at is None


def test_a_wrong_clock_raises_no_alarm(make: Callable[..., Courier], hands: Hands) -> None:
    courier_state.heard()
    CourierState.objects.update(received_at=timezone.now() + timedelta(days=3650))
    carrier = make(silence=3600)
    carrier.round()
    assert courier_state.figures().silence == ""


def test_figures(carrier: Courier, peer: Peer) -> None:
    peer.batch()
    outbox.record(TOPIC, "k:1", {"n": 1})
    carrier.round()
    figures = courier_state.figures()
    assert None not in (figures.sealed_at, figures.sent_at, figures.received_at, figures.opened_at)
    assert (figures.failures, figures.failure, figures.silent_since) == (0, "", None)


def test_stops_between_two_files(carrier: Courier, pair: FolderPair, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in (1, 2):
        outbox.record(TOPIC, "k:1", {"n": n})
        batch_out.seal_all(batch_out.outgoing_folder())
    send = FolderPair.send

    def send_and_stop(*words: object) -> None:
        send(*words)  # type: ignore[arg-type]
        carrier.stop.set()

    monkeypatch.setattr(FolderPair, "send", send_and_stop)
    carrier.round()
    assert len(zips(pair.target)) == 1


def test_makes_no_file_anew_once_it_is_told_to_stop(
    carrier: Courier, pair: FolderPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That may take minutes, and whoever shuts the machine down does not wait for them."""
    for n in (1, 2):
        outbox.record(TOPIC, "k:1", {"n": n})
        batch_out.seal_all(batch_out.outgoing_folder())
    kept = Path(SentVolume.objects.get(batch__seq=2).file_path)
    kept.unlink()
    monkeypatch.setattr(carrier, "say", lambda _line: carrier.stop.set())  # the first went out
    carrier.round()
    assert (len(zips(pair.target)), kept.exists()) == (1, False)


def test_stops_between_two_groups_that_came(carrier: Courier, pair: FolderPair, peer: Peer) -> None:
    paths = [peer.batch() for _ in range(grouping.MOST_FILES + 1)]
    carrier.say = lambda _line: carrier.stop.set()
    carrier.round()
    assert len(rows()) == grouping.MOST_FILES
    assert [path for path in paths if path.exists()] == paths[-1:]
    carrier.stop.clear()
    carrier.round()
    assert len(rows()) == grouping.MOST_FILES + 1


def test_stops_when_told(carrier: Courier) -> None:
    carrier.stop.set()
    courier.serve(carrier)


def test_only_one_at_a_time(carrier: Courier, lock_held_elsewhere: None) -> None:
    carrier.stop.set()
    with pytest.raises(courier.AlreadyRunning, match="已有一个"):
        courier.serve(carrier)


@pytest.fixture
def lock_held_elsewhere(data_dir: Path) -> Iterator[None]:
    lock = Path(configured.HALL_BATCH_DIR) / ".courier.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    code = f"import fcntl,sys; f=open({str(lock)!r},'a'); fcntl.flock(f,fcntl.LOCK_EX); print('held',flush=True); sys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdin
    process.stdout.readline()
    yield
    process.stdin.close()
    process.wait(timeout=10)
