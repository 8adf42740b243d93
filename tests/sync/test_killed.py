"""Killed at every named fail-point and at random times, also while recovering: nothing lost, nothing twice."""

import itertools
import os
import random
from collections.abc import Iterator

import pytest

from sync import failpoints
from tests.sync.crashes import Journey, quick_folder
from tests.sync.sites import LedgerSite, two_sites

Pair = tuple[LedgerSite, LedgerSite]
SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))
_thousands = itertools.count(1000, 1000)


@pytest.fixture(scope="module")
def sites() -> Iterator[Pair]:
    with quick_folder() as home, two_sites(home) as pair:
        yield pair


@pytest.fixture
def journey(sites: Pair) -> Journey:
    first = next(_thousands)
    return Journey(*sites, folder=sites[0].home.parent / f"disk-{first}", first=first)


def test_nobody_is_killed(journey: Journey) -> None:
    journey.travel(dict, random.Random(SEED))
    journey.heal()
    journey.check(f"seed {SEED}")
    assert journey.killed == 0


@pytest.mark.parametrize("name", failpoints.NAMES)
def test_at_every_fail_point(name: str, journey: Journey) -> None:
    def fate() -> dict[str, str]:
        return {"failpoint": name}

    journey.travel(fate, random.Random(SEED))
    assert journey.killed, "no step came to this fail-point"
    journey.heal(fate, rounds=1)
    journey.heal()
    journey.check(f"fail-point {name}, seed {SEED}")


@pytest.mark.parametrize("name", failpoints.NAMES)
def test_power_cut_at_every_fail_point(name: str, journey: Journey) -> None:
    journey.travel(lambda: {"failpoint": name, "power": True}, random.Random(SEED))
    assert journey.killed
    journey.heal()
    journey.check(f"power cut at {name}, seed {SEED}")


@pytest.mark.parametrize("number", range(12))
def test_at_random_times(number: int, journey: Journey) -> None:
    journey.at_random_times(SEED + number, 0.12)
