"""What every test may use: the cast (tests/people.py), the two sides, and a quick hypothesis profile."""

import os
import shutil

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

pytest_plugins = ["tests.people", "tests.scheduling"]

hypothesis_settings.register_profile(
    "hall", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "hall"))


def switch_side(settings: Settings, side: str) -> None:
    """Let the running test be on one side of the hall: its settings and its addresses."""
    settings.HALL_SIDE = side
    settings.IS_OUTER = side == "outer"
    settings.HALL_PEER_SIDE = "inner" if side == "outer" else "outer"
    settings.ROOT_URLCONF = f"hall.urls_{side}"


@pytest.fixture
def on_outer(settings: Settings) -> str:
    """The test runs on the public portal."""
    switch_side(settings, "outer")
    return "outer"


@pytest.fixture
def on_inner(settings: Settings) -> str:
    """The test runs in the office."""
    switch_side(settings, "inner")
    return "inner"


@pytest.fixture(autouse=True)
def memory_cache(settings: Settings) -> None:
    """Lock-out counters of one test must not reach the next, nor a test without database touch the cache table."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test"}}
    cache.clear()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the site that tests/settings.py made; workers of pytest-xdist leave that to their parent."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(os.environ["HALL_TEST_DIR"], ignore_errors=True)  # never HALL_DATA_DIR: it may be a real site
