"""How pytest-xdist spreads the tests: a file stays together, and so do all stories and all browser tests.

Each of the two folders shares one pair of sites that takes long to build; two workers would build it twice. (The marks that
xdist has for this do not work with the present pytest.)
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/stories/", "tests/browser/")
# Each test of these takes minutes and builds all that it needs.
APART = ("tests/faults/test_model_long.py",)


class ByFile(LoadScopeScheduling):
    """Gives a worker a whole file, a whole folder of ``TOGETHER``, or one test of ``APART``."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(APART):
            return nodeid
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.split("::", 1)[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """xdist asks for a scheduler whenever it runs with workers."""
    return ByFile(config, log)
