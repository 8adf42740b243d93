"""What every test may use: the cast (tests/people.py), the two sides, and a quick hypothesis profile."""

import os
import shutil
from importlib import import_module
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from matters import searches, visits

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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """SQLite empties its tables with DELETE after a test with real transactions, so there the triggers against deletion are
    taken off (a missing one is an error); tests/applications/test_only_added_to.py puts them back to try them."""
    kept = import_module("applications.migrations.0010_evidence_is_only_added_to")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in kept.TABLES:
                cursor.execute(f"DROP TRIGGER {table}_kept_delete")


@pytest.fixture(autouse=True)
def memory_cache(settings: Settings) -> None:
    """Lock-out counters of one test must not reach the next, nor a test without database touch the cache table."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test"}}
    cache.clear()


@pytest.fixture(autouse=True)
def fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visits and searches gathered by earlier tests must not be written, a query for each, in the middle of this one."""
    for counter, fresh in ((visits.counter, visits.VisitCounter()), (searches.counter, searches.SearchCounter())):
        for name, value in vars(fresh).items():
            monkeypatch.setattr(counter, name, value)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the site that tests/settings.py made; workers of pytest-xdist leave that to their parent."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(os.environ["HALL_TEST_DIR"], ignore_errors=True)  # never HALL_DATA_DIR: it may be a real site
