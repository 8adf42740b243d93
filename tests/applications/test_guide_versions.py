"""A case keeps the guide under which it was filed, whatever comes into force afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import drafts
from applications.states import State
from identity.models import Department, User
from matters import catalogue, services
from matters.models import GuideVersion, Matter
from tests import factories
from tests.helpers import move

pytestmark = pytest.mark.django_db


def newer(matter: Matter) -> GuideVersion:
    """A second version with half the promise, in force from tomorrow."""
    content = factories.content(matter.department, promised_limit={"value": 5, "unit": "G"})
    return GuideVersion.objects.create(
        matter=matter,
        number=2,
        state=GuideVersion.State.PUBLISHED,
        content=content,
        effective_on=timezone.localdate() + timedelta(days=1),
        published_at=timezone.now(),
    )


def test_a_running_case_keeps_its_version(
    market_bureau: Department, wang_fang: User, clerk: User, on_inner: str
) -> None:
    matter = factories.matter(market_bureau)
    case = factories.submitted(wang_fang, matter)
    fresh = newer(matter)
    catalogue.bring_due_into_force(fresh.effective_on)
    matter.refresh_from_db()
    assert matter.current == fresh
    case = move(case, "accept", by=clerk, at="2026-03-03 10:00")
    assert case.guide_version.number == 1
    assert case.clocks.get(kind="promise").value == 10
    assert drafts.begin(factories.applicant(wang_fang), matter).guide_version == fresh


def test_a_running_case_outlives_its_withdrawn_version(
    market_bureau: Department, wang_fang: User, clerk: User, on_inner: str
) -> None:
    matter = factories.matter(market_bureau)
    case = factories.submitted(wang_fang, matter)
    services.withdraw(matter, by="罗宁", reason="并入别的事项")
    case = move(case, "accept", by=clerk, at="2026-03-03 10:00")
    assert (case.guide_version.number, case.state) == (1, State.ACCEPTED)
