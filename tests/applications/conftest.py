"""Cases in the usual situations, on the inner side."""

import pytest

from applications.models import Application, Licence
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.applications.licence_life import grant
from tests.helpers import move


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    """小餐饮经营许可: one reviewer, one approver, a certificate for three years."""
    return factories.matter(market_bureau)


@pytest.fixture
def received(on_inner: str, matter: Matter, wang_fang: User) -> Application:
    """Filed on Monday 2 March 2026 and on the office's desk."""
    return factories.submitted(wang_fang, matter)


@pytest.fixture
def in_review(received: Application, clerk: User) -> Application:
    """Accepted and handed to the reviewer on 3 March."""
    return move(move(received, "accept", by=clerk), "pass_on", by=clerk)


@pytest.fixture
def awaiting_decision(in_review: Application, reviewer: User) -> Application:
    """Reviewed on 4 March, waiting for the approver."""
    return move(in_review, "pass_on", by=reviewer, at="2026-03-04 10:00")


@pytest.fixture
def office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now is Tuesday 3 March 2026, ten o'clock: the day after ``received`` was filed."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.moment("2026-03-03 10:00"))


@pytest.fixture
def licence(awaiting_decision: Application, approver: User, clerk: User) -> Licence:
    """王芳's certificate: granted and delivered."""
    return grant(awaiting_decision, approver, clerk)


@pytest.fixture
def no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs are queued and never made: the test is about moves and dates."""
    monkeypatch.setattr("applications.tasks.enqueue", lambda uid: None)
