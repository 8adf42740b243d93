"""Importers, exporters and writers at once: every committed fact crosses once and in order, none that was rolled back."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.crashes import quick_folder, state
from tests.sync.crowds import Pair, Rush, check_codes
from tests.sync.sites import two_sites

SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))
_thousands = itertools.count(10_000, 10_000)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with quick_folder() as home, two_sites(home) as sites:
        yield sites


def test_rush(pair: Pair, tmp_path: Path) -> None:
    print("seed", SEED)
    Rush(writers=12, facts=8).run(pair, tmp_path / "disk", next(_thousands), SEED)


def test_importers_that_share_only_the_database(pair: Pair, tmp_path: Path) -> None:
    """No lock file keeps importers of two machines apart: the row of the stream does."""
    outer, inner = pair
    first, disk = next(_thousands), tmp_path / "disk"
    for at in range(6):
        outer.note(3, first=first + at * 3)
        outer.seal(disk)
    before = state(inner)["heads"]["in"][1]
    inner.tell(crowd=[[{"command": ["open_batch", str(disk)], "elsewhere": f"machine-{n}"}] for n in range(8)])
    check_codes(inner.hear(), {0}, f"seed {SEED}")
    assert state(inner)["heads"]["in"][1] == before + 6
    there = [row[1] for row in inner.rows() if row[1] >= first]
    assert there == list(range(first, first + 18))
