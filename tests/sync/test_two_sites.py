"""Two sites, two databases, batch files between them, and a carrier who makes mistakes."""

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.sites import ROOT, LedgerSite, exchange, level, two_sites

Pair = tuple[LedgerSite, LedgerSite]
SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))


_hundreds = itertools.count(1000, 1000)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with two_sites(tmp_path_factory.mktemp("sites")) as pair:
        yield pair


@pytest.fixture
def pair(sites: Pair, tmp_path: Path) -> Pair:
    """The two sites, level in both directions; what earlier tests carried stays in their history."""
    exchange(sites, tmp_path / "before")
    return sites


@pytest.fixture
def first() -> int:
    """Facts of this test are numbered from here."""
    return next(_hundreds)


def numbers(site: LedgerSite, first: int) -> list[int]:
    return [row[1] for row in site.rows() if row[1] >= first]


def test_before_the_first_batch(sites: Pair) -> None:
    assert [site.status()["outgoing"]["stream"] for site in sites] == [None, None]
    assert level(*sites)


def test_there_and_back(pair: Pair, first: int, tmp_path: Path) -> None:
    outer, inner = pair
    outer.note(10, first=first, bytes=2000)
    inner.note(3, first=first)
    assert outer.status()["outgoing"]["waiting"] == 10
    [to_inner] = outer.seal(tmp_path / "disk")
    inner.run("open_batch", to_inner)
    assert level(outer, inner)
    arrived = inner.rows()[-10:]
    assert [row[1:3] for row in arrived] == [[n, f"第 {n} 条 😀"] for n in range(first, first + 10)]
    assert arrived[0][3] == [str(first).ljust(2000, ".")]
    [to_outer] = inner.seal(tmp_path / "disk")
    outer.run("open_batch", to_outer)
    assert level(inner, outer)
    sent = outer.status()["outgoing"]
    assert (sent["waiting"], sent["acknowledged"]) == (0, sent["seq"])


def test_nothing_new_makes_no_files(pair: Pair, first: int, tmp_path: Path) -> None:
    pair[0].note(1, first=first)
    for round_trip in range(4):
        exchange(pair, tmp_path / "rounds" / str(round_trip))
    assert [len(list(tmp_path.glob(f"rounds/*/{side}/*.zip"))) for side in ("outer", "inner")] == [1, 1]


def test_exit_codes_tell_the_carrier_what_to_do(pair: Pair, first: int, tmp_path: Path) -> None:
    outer, inner = pair
    before = inner.status()["incoming"]["quarantined"]
    files = []
    for n in range(3):
        outer.note(1, first=first + n)
        files += outer.seal(tmp_path / "disk")
    assert "缺" in inner.run("open_batch", files[1], code=2)
    data = files[0].read_bytes()
    files[0].write_bytes(data[:-5])
    assert "完整" in inner.run("open_batch", files[0], code=3)
    files[0].write_bytes(data)
    inner.run("open_batch", tmp_path / "disk")
    inner.run("open_batch", tmp_path / "disk")
    assert numbers(inner, first) == [first, first + 1, first + 2]
    assert inner.status()["incoming"]["quarantined"] == before + 1
    assert "找不到" in inner.run("open_batch", tmp_path / "nowhere", code=1)


def test_lost_batch_is_asked_for_and_made_again(pair: Pair, first: int, tmp_path: Path) -> None:
    outer, inner = pair
    for n in range(3):
        outer.note(1, first=first + n)
        outer.seal(tmp_path / "disk")
    second = sorted((tmp_path / "disk").iterdir())[1]
    second.unlink()
    inner.run("open_batch", tmp_path / "disk", code=2)
    [receipt] = inner.seal(tmp_path / "back")
    outer.run("open_batch", receipt)
    [again] = outer.seal(tmp_path / "disk")
    assert again.name == second.name
    inner.run("open_batch", tmp_path / "disk")
    assert level(outer, inner)
    assert numbers(inner, first) == [first, first + 1, first + 2]


def test_two_disks_for_one_batch_in_the_wrong_order(pair: Pair, first: int, tmp_path: Path) -> None:
    outer, inner = pair
    outer.note(2, first=first, bytes=40_000_000)
    outer.seal(tmp_path / "disk")
    files = sorted((tmp_path / "disk").iterdir())
    assert [path.name[-9:] for path in files] == ["-0001.zip", "-0002.zip"]
    assert "还缺第 1 卷" in inner.run("open_batch", files[1], code=2)
    inner.run("open_batch", files[0])
    assert level(outer, inner)
    assert numbers(inner, first) == [first, first + 1]


def test_poison_stays_alone(pair: Pair, first: int, tmp_path: Path) -> None:
    """``first + 3`` is bad, ``first + 12`` is of the same key and waits behind it."""
    outer, inner = pair
    outer.note(15, first=first, bad=first + 3, keys=9)
    [file] = outer.seal(tmp_path / "disk")
    assert "死信" in inner.run("open_batch", file)
    assert numbers(inner, first) == [n for n in range(first, first + 15) if n not in (first + 3, first + 12)]
    assert level(outer, inner)


def test_careless_carrier(pair: Pair, first: int, tmp_path: Path) -> None:
    """Files doubled, renamed, cut, mixed up and late: in the end both sides agree, and each fact was applied once."""
    outer, inner = pair
    chance, disk = random.Random(SEED), tmp_path / "disk"
    for at in range(0, 40, 4):
        outer.note(4, first=first + at, bytes=chance.choice([0, 3000]))
        outer.seal(tmp_path / "made")
    disk.mkdir()
    made = sorted((tmp_path / "made").iterdir())
    for path in chance.sample(made, len(made)):
        data = path.read_bytes()
        for _ in range(chance.randrange(1, 3)):
            target = disk / f"{chance.randrange(10**6)}.zip"
            target.write_bytes(data if chance.random() < 0.7 else data[: chance.randrange(len(data))])
        if chance.random() < 0.5:
            inner.tell(command=["open_batch", str(disk)])
            assert inner.hear()["code"] in (0, 2, 3), f"seed {SEED}"
            shutil.rmtree(disk)
            disk.mkdir()
    inner.run("open_batch", tmp_path / "made")
    assert level(outer, inner), f"seed {SEED}"
    assert sorted(numbers(inner, first)) == list(range(first, first + 40)), f"seed {SEED}"


def test_writers_while_sealing_and_two_importers(pair: Pair, first: int, tmp_path: Path) -> None:
    outer, inner = pair
    writers = [outer.another() for _ in range(3)]
    for at, writer in enumerate(writers):
        outer.tell(writer, note={"n": 25, "first": first + at * 100, "keys": 2, "key": "shared"})
    for _ in range(4):
        outer.seal(tmp_path / "disk")
    for writer in writers:
        outer.hear(writer)
        end(writer)
    outer.seal(tmp_path / "disk")
    second = inner.another()
    for process in (inner.process, second):
        inner.tell(process, command=["open_batch", str(tmp_path / "disk")])
    assert [inner.hear(process)["code"] for process in (inner.process, second)] == [0, 0]
    end(second)
    assert level(outer, inner)
    arrived = numbers(inner, first)
    assert len(arrived) == len(set(arrived)) == 75
    for at in range(3):
        of_one_writer = [n for n in arrived if n // 100 == first // 100 + at]
        assert of_one_writer == sorted(of_one_writer)


def test_killed_while_opening(pair: Pair, first: int, tmp_path: Path) -> None:
    outer, inner = pair
    chance = random.Random(SEED)
    outer.note(150, first=first, bytes=500)
    [file] = outer.seal(tmp_path / "disk")
    for _ in range(3):
        victim = inner.another()
        inner.tell(victim, rows=True)
        inner.hear(victim)  # it is up
        inner.tell(victim, command=["open_batch", str(file)])
        time.sleep(chance.random() * 0.2)
        victim.kill()
        victim.wait(timeout=10)
    inner.run("open_batch", file)
    assert level(outer, inner), f"seed {SEED}"
    assert numbers(inner, first) == list(range(first, first + 150)), f"seed {SEED}"


def test_courier_carries_until_told_to_stop(pair: Pair, first: int, tmp_path: Path) -> None:
    outer, inner = pair
    folders = {"outer": tmp_path / "to-outer", "inner": tmp_path / "to-inner"}
    couriers = [
        _courier(outer, folders["outer"], folders["inner"]),
        _courier(inner, folders["inner"], folders["outer"]),
    ]
    outer.note(5, first=first)
    inner.note(2, first=first)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and (len(numbers(inner, first)), len(numbers(outer, first))) != (5, 2):
        time.sleep(0.2)
    for courier in couriers:
        courier.send_signal(signal.SIGTERM)
    assert [courier.wait(timeout=20) for courier in couriers] == [0, 0]
    assert len(numbers(inner, first)) == 5
    assert list((folders["inner"] / "done").glob("*.zip"))
    exchange(pair, tmp_path / "rest")
    assert level(outer, inner)
    assert level(inner, outer)


def end(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()
    process.wait(timeout=10)


def _courier(site: LedgerSite, source: Path, target: Path) -> subprocess.Popen[bytes]:
    words = ["courier", "--from", str(source), "--to", str(target), "--every", "0.2"]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.sync.ledger.settings"}
    command = [sys.executable, "-m", "django", *words]
    return subprocess.Popen(command, cwd=ROOT, env=site.env | settings, stdout=subprocess.DEVNULL)
