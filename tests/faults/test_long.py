"""Two hundred kills, and a thousand batches with five faults in a hundred: level in the end, memory flat."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.crashes import Journey, quick_folder, state
from tests.sync.sites import LedgerSite, two_sites

Pair = tuple[LedgerSite, LedgerSite]
SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))
BATCHES = 1000
MOST_GROWTH = 30 * 1024  # kB of resident memory


@pytest.fixture(scope="module")
def sites() -> Iterator[Pair]:
    with quick_folder() as home, two_sites(home) as pair:
        yield pair


@pytest.mark.parametrize("number", range(50))
def test_killed_at_random_times(number: int, sites: Pair) -> None:
    """Four kills or more in each of fifty journeys."""
    chance, first = random.Random(SEED + number), 1_000_000 + number * 1000
    journey = Journey(*sites, folder=sites[0].home.parent / f"disk-{first}", first=first)
    while journey.killed < 4:
        journey.travel(lambda: {"after": chance.uniform(0, 0.1)}, chance)
    journey.heal(lambda: {"after": chance.uniform(0, 0.1)} if chance.random() < 0.5 else {}, rounds=1)
    journey.heal()
    journey.check(f"seed {SEED + number}")


def test_soak(sites: Pair) -> None:
    outer, inner = sites
    chance, disk = random.Random(SEED), outer.home.parent / "soak"
    before: dict[str, int] = {}
    for number in range(BATCHES):
        outer.note(2, first=10_000_000 + number * 2, bytes=chance.choice([0, 500]))
        for path in outer.seal(disk):
            suffer(path, chance)
        inner.tell(command=["open_batch", str(disk)])
        assert inner.hear()["code"] in (0, 2, 3), f"seed {SEED}, batch {number}"
        shutil.rmtree(disk)
        if number % 10 == 9:
            for path in inner.seal(disk):
                outer.run("open_batch", path)
        if number == BATCHES // 5:
            before = {site.side: memory(site) for site in sites}
    for _ in range(4):
        outer.run("seal_batch", "--to", disk, "--heartbeat")
        inner.tell(command=["open_batch", str(disk)])
        inner.hear()
        for path in inner.seal(disk / "back"):
            outer.run("open_batch", path)
    there, here = state(outer), state(inner)
    assert there["heads"]["out"][2:] == here["heads"]["in"][2:], f"seed {SEED}"
    assert sorted(n for n in here["numbers"] if n >= 10_000_000) == list(range(10_000_000, 10_000_000 + BATCHES * 2))
    growth = {site.side: memory(site) - before[site.side] for site in sites}
    print("kB more after the first fifth:", growth, "refused:", len(here["refused"]), "seed", SEED)
    assert max(growth.values()) < MOST_GROWTH


def suffer(path: Path, chance: random.Random) -> None:
    """Five files in a hundred are lost, cut or damaged, in equal parts."""
    fault = chance.random() * 60
    data = path.read_bytes()
    if fault < 1:
        path.unlink()
    elif fault < 2:
        path.write_bytes(data[: chance.randrange(len(data))])
    elif fault < 3:
        at = chance.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


def memory(site: LedgerSite) -> int:
    """Resident kB of the process."""
    status = Path(f"/proc/{site.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
