"""The model of tests/sync/test_two_nodes_model.py, for long, and with batches of many volumes in the other suites."""

import pytest

from tests.faults.variants import VARIANTS
from tests.sync.test_two_nodes_model import explore


@pytest.mark.parametrize("part", range(6))
def test_hostile_carrier_for_long(part: int) -> None:
    """In parts, so that several workers share them."""
    explore(examples=25, steps=50, part=part)


@pytest.mark.parametrize("name", VARIANTS)
def test_in_volumes(name: str) -> None:
    explore(examples=25, steps=40, **VARIANTS[name])
