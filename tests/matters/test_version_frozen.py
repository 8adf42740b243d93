"""What a version that was submitted keeps: the application does not overwrite it, and the database refuses to."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from identity.models import Department
from matters import services
from matters.models import GuideVersion, Matter
from tests.matters.guides import whole
from tests.matters.versions import People, bring_to

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("standing", ["review", "approved"])
def test_a_locked_version_is_not_overwritten(standing: str, people: People, market_bureau: Department) -> None:
    version = bring_to(standing, people, market_bureau)
    with pytest.raises(services.UnderReview, match="内容已经锁定"):
        services.save_draft(whole(matter_name="偷偷改掉的名称"), market_bureau, by=people["author"])
    assert GuideVersion.objects.get().content == version.content
    assert Matter.objects.get().name == "食品经营许可"


def test_the_database_keeps_one_unpublished_version(people: People, market_bureau: Department) -> None:
    version = bring_to("review", people, market_bureau)
    with pytest.raises(IntegrityError), transaction.atomic():
        GuideVersion.objects.create(matter=version.matter, number=9)


@pytest.mark.parametrize("standing", ["review", "approved"])
@pytest.mark.parametrize("change", [{"content": {}}, {"number": 9}])
def test_a_reviewed_version_is_frozen(standing: str, change: dict, people: People, market_bureau: Department) -> None:
    version = bring_to(standing, people, market_bureau)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        GuideVersion.objects.filter(pk=version.pk).update(**change)


LEGAL = {
    ("draft", "review"), ("draft", "published"), ("review", "draft"), ("review", "approved"), ("approved", "draft"),
    ("approved", "published"), ("published", "withdrawn"),
}  # fmt: skip


@pytest.mark.parametrize("new", list(GuideVersion.State.values))
@pytest.mark.parametrize("old", list(GuideVersion.State.values))
def test_the_database_knows_which_state_follows(old: str, new: str, people: People, market_bureau: Department) -> None:
    version = bring_to({"published": "in_force"}.get(old, old), people, market_bureau)
    rows = GuideVersion.objects.filter(pk=version.pk)
    if old == new or (old, new) in LEGAL:
        rows.update(state=new)
        return
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        rows.update(state=new)


def test_the_day_of_withdrawal_is_not_rewritten(people: People, market_bureau: Department) -> None:
    for standing in ("in_force", "withdrawn"):
        version = bring_to(standing, people, market_bureau)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            GuideVersion.objects.filter(pk=version.pk).update(withdrawn_on=date(2020, 1, 1))
        GuideVersion.objects.filter(state="published").update(state="withdrawn")
