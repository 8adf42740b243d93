"""Two halls that are built once; each test has a copy of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.halls.drill import ENVIRONMENT, Drill, Pair
from tests.sync.sites import copied, exchange, two_sites


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two halls with their offices, an applicant and a first case; their processes have ended."""
    root = tmp_path_factory.mktemp("halls")
    with two_sites(root, **ENVIRONMENT) as pair:
        for site in pair:
            site.run("createcachetable")
        pair[1].act("open_offices")
        exchange(pair, root / "first")
        pair[0].act("register")
        pair[0].act("file")
        exchange(pair, root / "second")
        for site in pair:
            site.stop()
        yield pair


@pytest.fixture
def drill(built: Pair, tmp_path: Path) -> Iterator[Drill]:
    """A copy of the halls, with a carrier and an operator."""
    with copied(built, tmp_path / "sites") as pair:
        yield Drill(pair, tmp_path)
