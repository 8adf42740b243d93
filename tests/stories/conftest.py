"""Stories: whole lives over HTTP on two real sites. What a story can use is told in tests/two_sites.py and tests/visitor.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.two_sites import Hall, hall_in_temporary_folder

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``pytest -m "not story"`` leaves them out."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.story)


@pytest.fixture(scope="package")
def hall() -> Iterator[Hall]:
    """Two sites with the demo city, running."""
    with hall_in_temporary_folder() as running:
        yield running
