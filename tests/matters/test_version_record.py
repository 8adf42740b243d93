"""The record of a version: what counts as a change, one row a sitting, and nothing of it altered or deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from identity.models import Department
from matters import services
from matters.models import GuideChange, GuideVersion
from tests.matters.guides import whole
from tests.matters.versions import People, bring_to, written

pytestmark = pytest.mark.django_db


def row_of(version: GuideVersion, action: str) -> Any:
    return GuideChange.objects.filter(version=version, action=action)


def test_the_row_of_one_sitting_grows(people: People, market_bureau: Department) -> None:
    written(people, market_bureau)
    version = services.save_draft(whole(conditions=[]), market_bureau, by=people["author publisher"])
    assert row_of(version, "edited").get().fields == ["matter_name", "conditions"]


def test_a_default_written_out_is_no_change(people: People, market_bureau: Department) -> None:
    version = bring_to("in_force", people, market_bureau)
    draft = services.save_draft(whole(promised_limit={"value": 7, "unit": "G"}), market_bureau, by=people["author"])
    assert version.content != whole()
    assert draft.changes.get().fields == ["promised_limit"]


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("submitted", {"by_name": "外人"}),
        ("submitted", {"fields": ["contact"]}),
        ("submitted", {"at": timezone.now()}),
        ("edited", {"note": "改了"}),
        ("edited", {"fields": []}),
        ("edited", {"action": "imported"}),
        ("edited", {"at": timezone.now() - timedelta(days=3)}),
    ],
)
def test_the_record_is_only_added_to(action: str, change: dict, people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        row_of(version, action).update(**change)


def test_nothing_of_a_submitted_version_is_deleted(people: People, market_bureau: Department) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite leaves deletion to the foreign keys")
    version = bring_to("review", people, market_bureau)
    for rows in (GuideChange.objects.filter(version=version), GuideVersion.objects.filter(pk=version.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
