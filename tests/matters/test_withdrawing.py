"""What is in force after a version was withdrawn."""

from datetime import timedelta

import pytest
from django.utils import timezone

from identity.models import Department
from matters import catalogue, publishing, queries, services
from matters.models import GuideVersion
from tests.matters.guides import whole
from tests.matters.versions import OPINION, People, act, bring_to

pytestmark = pytest.mark.django_db


def test_a_withdrawn_version_that_waited_leaves_the_others(people: People, market_bureau: Department) -> None:
    bring_to("in_force", people, market_bureau)
    days = [timezone.localdate() + timedelta(days=number) for number in (5, 9)]
    for day in days:
        draft = services.save_draft(
            whole(promised_limit={"value": 10 + day.toordinal() % 7, "unit": "G"}), market_bureau, by="别人"
        )
        publishing.publish(draft, by="别人", effective_on=day)
    last = GuideVersion.objects.get(number=3)
    act(last, "withdraw", people["publisher"])
    matter = queries.get_published("YC-SCJG-0001")
    assert matter.current.number == 1
    catalogue.bring_due_into_force(days[1])
    assert queries.get_published("YC-SCJG-0001").current.number == 2


def test_withdrawing_the_one_in_force_takes_the_matter_out(people: People, market_bureau: Department) -> None:
    version = bring_to("in_force", people, market_bureau)
    act(version, "withdraw", people["publisher"])
    assert not queries.published().exists()
    assert version.changes.first().note == OPINION
