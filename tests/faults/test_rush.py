"""Eight importers, two exporters and fifty writers, some of whose transactions are rolled back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.crashes import quick_folder
from tests.sync.crowds import Pair, Rush
from tests.sync.sites import two_sites

SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with quick_folder() as home, two_sites(home) as sites:
        yield sites


@pytest.mark.parametrize("number", range(3))
def test_fifty_writers(number: int, pair: Pair, tmp_path: Path) -> None:
    print("seed", SEED + number)
    rush = Rush(writers=50, facts=20, rounds=8)
    rush.run(pair, tmp_path / "disk", (number + 1) * 10_000, SEED + number)
