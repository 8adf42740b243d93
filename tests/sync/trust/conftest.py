"""Sites whose keys were stolen: with a root that was enrolled here."""

from pathlib import Path

import pytest

from sync import (
    keys,
    suites,
)
from tests.sync.peer import Peer
from tests.sync.stolen import Victim


@pytest.fixture(params=suites.NAMES)
def victim(request: pytest.FixtureRequest, db: None, data_dir: Path, tmp_path: Path) -> Victim:
    """The outer site, with a root that was enrolled here."""
    keys.create(data_dir, "inner", request.param)
    peer = Peer(tmp_path / "outer", "outer", keys.load(data_dir, "inner").card, suite=request.param)
    return Victim(peer, tmp_path)


@pytest.fixture
def one(db: None, site: keys.SiteKeys, tmp_path: Path) -> Victim:
    """The same of one suite."""
    return Victim(Peer(tmp_path / "outer", "outer", site.card), tmp_path)
