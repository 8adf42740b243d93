"""Killed, and powered off, at every fail-point: as tests/sync/test_killed.py, with batches of many volumes in the other suites."""

import itertools
import os
import random
from collections.abc import Iterator

import pytest

from sync import failpoints
from tests.faults.variants import VARIANTS
from tests.sync.crashes import Journey, quick_folder
from tests.sync.sites import LedgerSite, two_sites

Pair = tuple[LedgerSite, LedgerSite]
SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))
_thousands = itertools.count(1000, 1000)


@pytest.fixture(scope="module", params=VARIANTS)
def sites(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with quick_folder() as home, two_sites(home, **VARIANTS[request.param]) as pair:
        yield pair


@pytest.fixture
def journey(sites: Pair) -> Journey:
    first = next(_thousands)
    return Journey(*sites, folder=sites[0].home.parent / f"disk-{first}", first=first)


@pytest.mark.parametrize("power", [False, True])
@pytest.mark.parametrize("name", failpoints.NAMES)
def test_at_every_fail_point(name: str, power: bool, journey: Journey) -> None:
    journey.travel(lambda: {"failpoint": name, "power": power}, random.Random(SEED))
    assert journey.killed, "no step came to this fail-point"
    journey.heal(lambda: {"failpoint": name}, rounds=1)
    journey.heal()
    journey.check(f"{name}, power cut {power}, seed {SEED}")


@pytest.mark.parametrize("number", range(10))
def test_at_random_times(number: int, journey: Journey) -> None:
    journey.at_random_times(SEED + number, 0.15)
