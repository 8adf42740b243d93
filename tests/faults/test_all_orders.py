"""All 720 orders of six files: six batches, or three of two volumes, in every suite."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.sync.peer import Peer
from tests.sync.test_delivery import SHAPES, deliver_in_every

pytestmark = pytest.mark.usefixtures("topic")


@pytest.mark.parametrize(("suite", "make"), SHAPES)
@pytest.mark.parametrize("first", range(6))
def test_all_orders_of_six(
    make: Callable[[Peer], list[Path]], first: int, peer: Peer, settings: Settings, tmp_path: Path
) -> None:
    orders = [order for order in itertools.permutations(range(6)) if order[0] == first]
    deliver_in_every(orders, make(peer), peer, settings, tmp_path / "tries")
