"""The model of tests/sync/test_two_nodes_model.py, for long, and with batches of many volumes in the other suites."""

import pytest

from tests.faults.variants import VARIANTS
from tests.sync.test_two_nodes_model import explore


def test_hostile_carrier_for_long() -> None:
    explore(examples=150, steps=50)


@pytest.mark.parametrize("name", VARIANTS)
def test_in_volumes(name: str) -> None:
    explore(examples=25, steps=40, **VARIANTS[name])
