"""A database that went back without anybody knowing yet: time decides nothing, and nothing is sealed a second time."""

from typing import Any

import pytest

from applications import tick
from applications.models import Application, EvidenceSeal
from tests.factories import moment

pytestmark = pytest.mark.django_db
LATER = moment("2026-03-20 10:00")


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The marks know more than the database."""
    monkeypatch.setattr("sync.marks.is_behind", lambda: True)


@pytest.mark.usefixtures("behind")
def test_silence_becomes_nothing_on_the_inner_side(received: Application) -> None:
    assert tick.run(LATER) == tick.Done()
    received.refresh_from_db()
    assert received.state == "RECEIVED"
    assert not EvidenceSeal.objects.exists()


@pytest.mark.usefixtures("behind", "no_rendering")
def test_the_outer_side_seals_nothing(received: Application, settings: Any) -> None:
    settings.HALL_SIDE, settings.IS_OUTER = "outer", True
    assert tick.run(LATER).sealed == 0
    assert not EvidenceSeal.objects.exists()


def test_otherwise_the_same_run_does_both(received: Application, no_rendering: None) -> None:
    done = tick.run(LATER)
    assert (done.deemed, done.sealed) == ([received.number], 1)
