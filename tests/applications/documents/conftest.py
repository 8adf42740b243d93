"""One warm engine for all tests of papers."""

import pytest

from applications import pdf


@pytest.fixture(scope="session", autouse=True)
def warm_engine() -> None:
    pdf.warm_up()
