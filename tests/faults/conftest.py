"""The exhaustive forms of tests/sync: run by ``make test-faults`` only."""

from pathlib import Path

import pytest

from tests.sync.conftest import data_dir, peer, site, suite, topic

__all__ = ["data_dir", "peer", "site", "suite", "topic"]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark all of this folder ``faults``, and leave it out unless it was asked for."""
    own = [item for item in items if HERE in item.path.parents]
    for item in own:
        item.add_marker(pytest.mark.faults)
        if "faults" not in config.getoption("markexpr"):
            item.add_marker(pytest.mark.skip(reason="make test-faults"))
