"""Batches replayed, shuffled, dropped, and clocks that are wrong: the same history, the same decisions."""

import itertools
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from sync import batch_out, intake, outbox, reports, status, suites
from sync.models import InboxRecord, Receipt, Stream
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer, line, name_of

pytestmark = pytest.mark.usefixtures("topic")
SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))
ALL = [f"k:1#{n}" for n in range(1, 7)]


@contextmanager
def undone(settings: Settings, home: Path) -> Iterator[None]:
    """A fresh receiving site for one try; database and folders are as before afterwards."""
    settings.HALL_BATCH_DIR = home
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def six(peer: Peer) -> list[Path]:
    return [peer.batch() for _ in range(6)]


def three_of_two(peer: Peer) -> list[Path]:
    """Six files too: three batches of two volumes, one with an attachment and one with the record."""
    paths = []
    for n in range(3):
        blob = bytes([n]) * 1000
        peer.batch([line(n + 1, blobs=[name_of(blob)])], blobs={name_of(blob): blob}, largest=1)
        paths += peer.paths
    assert len(paths) == 6
    return paths


# Suite, and how six files are made.
SHAPES: list[tuple[str, Callable[[Peer], list[Path]]]] = [
    (suites.INTL, six),
    ("gm", three_of_two),
    ("clear", three_of_two),
]


def deliver_in_every(
    orders: list[tuple[int, ...]], paths: list[Path], peer: Peer, settings: Settings, home: Path
) -> None:
    """Each order leads to the same rows and heads."""
    for number, order in enumerate(orders):
        with undone(settings, home / str(number)):
            for at in order:
                intake.open_path(paths[at])
            there = status.incoming()
            assert rows() == ALL[: peer.rseq], order
            assert (there.seq, there.rseq, there.chain) == (peer.seq, peer.rseq, peer.chain.hex()), order


@pytest.mark.parametrize(("suite", "make"), SHAPES)
def test_orders_of_six(make: Callable[[Peer], list[Path]], peer: Peer, settings: Settings, tmp_path: Path) -> None:
    orders = list(itertools.permutations(range(6)))
    print("seed", SEED)
    deliver_in_every(random.Random(SEED).sample(orders, 6), make(peer), peer, settings, tmp_path / "tries")


@pytest.mark.parametrize("suite", suites.NAMES)
def test_replay_of_every_earlier_batch(peer: Peer) -> None:
    paths = six(peer)
    for at, path in enumerate(paths):
        assert open_one(path).state == reports.APPLIED
        assert [open_one(earlier).state for earlier in paths[: at + 1]] == [reports.DUPLICATE] * (at + 1)
        assert rows() == ALL[: at + 1]
    assert InboxRecord.objects.count() == 6


@pytest.mark.parametrize("lost", range(6))
def test_each_one_dropped(lost: int, peer: Peer) -> None:
    """The heartbeat that ends every disk shows even the loss of the last one."""
    paths = [*six(peer), peer.batch([])]
    for path in paths[:lost] + paths[lost + 1 :]:
        intake.open_path(path)
    assert rows() == ALL[:lost]
    assert Receipt.objects.order_by("-number")[0].body["missing"] == [[lost + 1, lost + 1]]
    intake.open_path(paths[lost])
    assert rows() == ALL
    assert status.incoming().chain == peer.chain.hex()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_receipts_reordered_doubled_and_lost(order: tuple[int, ...], peer: Peer, tmp_path: Path) -> None:
    """Receipt ``n`` acknowledges batch ``n``; the middle one says that nothing is new."""
    sent = []
    for n in (1, 2, 3):
        outbox.record(TOPIC, "k:1", {"n": n})
        sent += batch_out.seal_all(tmp_path / "disk")
    for number in (*order, *order):
        batch = sent[number]
        fields = {"applied_seq": batch.seq, "applied_rseq": batch.rseq_last, "chain": batch.chain_after}
        receipt = peer.receipt(str(batch.stream.epoch), number=number + 1, **fields)
        open_one(peer.batch([], receipts=[receipt]))
    assert status.outgoing().acknowledged == 3
    assert not Stream.objects.exclude(frozen="").exists()


@pytest.mark.parametrize("bad", [0, 2, 4])
def test_poison_first_middle_last(bad: int, peer: Peer) -> None:
    entries = [(f"k:{n}", {"n": n} | ({"bad": 1} if n == bad else {})) for n in range(5)]
    outcome = open_one(peer.batch(peer.records(*entries)))
    assert (outcome.state, outcome.dead) == (reports.APPLIED, 1)
    assert rows() == [f"k:{n}#{n}" for n in range(5) if n != bad]
    assert open_one(peer.batch(peer.records((f"k:{bad}", {"n": 9})))).state == reports.APPLIED
    assert f"k:{bad}#9" not in rows()  # parked behind the poison


def decisions(peer: Peer, tmp_path: Path) -> list[tuple[str, str]]:
    """A fixed story with every kind of outcome."""
    paths = [peer.batch() for _ in range(3)]
    outbox.record(TOPIC, "k:1", {"n": 1})
    [ours] = batch_out.seal_all(tmp_path / "disk")
    fields = {"applied_seq": 1, "applied_rseq": 1, "chain": ours.chain_after}
    acknowledging = peer.batch([], receipts=[peer.receipt(str(ours.stream.epoch), **fields)])
    broken = tmp_path / "broken.zip"
    broken.write_bytes(paths[0].read_bytes()[:-1])
    story = [paths[1], broken, paths[0], paths[0], acknowledging, paths[2], acknowledging]
    outcomes = [outcome for path in story for outcome in intake.open_path(path)]
    return [(outcome.state, outcome.code) for outcome in outcomes] + [
        ("acknowledged", str(status.outgoing().acknowledged))
    ]


@pytest.mark.parametrize("ours", [-10, 0, 10])
@pytest.mark.parametrize("theirs", ["2016-03-02", "2026-03-02", "2036-03-02"])
def test_clock_ten_years_off(
    ours: int, theirs: str, peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = timezone.now

    def now() -> datetime:
        return real() + timedelta(days=ours * 365.25)

    monkeypatch.setattr(timezone, "now", now)
    monkeypatch.setattr("tests.sync.peer.AT", datetime.fromisoformat(f"{theirs}T09:00:00.000001+00:00"))
    assert decisions(peer, tmp_path) == [
        ("parked", "gap"),
        ("refused", "truncated"),
        ("applied", ""),
        ("applied", ""),
        ("duplicate", ""),
        ("parked", "gap"),
        ("applied", ""),
        ("applied", ""),
        ("duplicate", ""),
        ("acknowledged", "1"),
    ]
