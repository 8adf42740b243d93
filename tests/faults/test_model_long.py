"""The model of tests/sync/test_two_nodes_model.py, for long."""

from tests.sync.test_two_nodes_model import explore


def test_hostile_carrier_for_long() -> None:
    explore(examples=150, steps=50)
