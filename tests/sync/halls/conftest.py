"""Two halls that are built once; each test has a copy of them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.halls.drill import ENVIRONMENT, Drill
from tests.sync.sites import LedgerSite, exchange, two_sites


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two halls with their offices, an applicant and a first case."""
    if os.environ.get("HALL_TEST_DATABASE") == "postgres":
        pytest.skip("the halls are copied as files")
    root = tmp_path_factory.mktemp("halls")
    with two_sites(root, **ENVIRONMENT) as pair:
        for site in pair:
            site.run("createcachetable")
        pair[1].act("open_offices")
        exchange(pair, root / "first")
        pair[0].act("register")
        pair[0].act("file")
        exchange(pair, root / "second")
    return root


@pytest.fixture
def drill(built: Path, tmp_path: Path) -> Iterator[Drill]:
    """A copy of the halls, with a carrier and an operator."""
    shutil.copytree(built, tmp_path / "sites")
    homes = {side: tmp_path / "sites" / side for side in ("outer", "inner")}
    pair = [LedgerSite(side, home, f"sqlite:///{home / 'hall.sqlite3'}", **ENVIRONMENT) for side, home in homes.items()]
    yield Drill((pair[0], pair[1]), tmp_path)
    for site in pair:
        site.stop()
