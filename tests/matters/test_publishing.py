"""Drafts become public guides that never change."""

import copy
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from identity.models import Department, User
from matters import catalogue, queries, services
from matters.models import GuideVersion, Matter
from matters.services import NotPublishable
from sync.models import Outbox
from tests.matters.conftest import publish
from tests.matters.guides import WHOLE, whole

pytestmark = pytest.mark.django_db


def test_a_draft_is_not_public(market_bureau: Department) -> None:
    draft = services.save_draft(whole(), market_bureau)
    assert (draft.number, draft.state) == (1, "draft")
    assert not queries.published().exists()


def test_a_draft_is_overwritten_not_doubled(market_bureau: Department) -> None:
    services.save_draft(whole(), market_bureau)
    draft = services.save_draft(whole(matter_name="食品销售许可"), market_bureau)
    assert GuideVersion.objects.count() == 1
    assert (draft.guide.matter_name, draft.matter.name) == ("食品销售许可", "食品销售许可")


@pytest.mark.parametrize("content", [{}, {"header": {"code": "x" * 51}}, whole(matter_name="食品\x00许可")])
def test_what_cannot_be_a_draft_is_refused(market_bureau: Department, content: dict) -> None:
    with pytest.raises(ValueError, match="草稿"):
        services.save_draft(content, market_bureau)
    assert not Matter.objects.exists()


def test_publishing_fills_the_lists(market_bureau: Department, publisher: User) -> None:
    services.publish(services.save_draft(whole(), market_bureau), by=publisher)
    matter = queries.get_published("YC-SCJG-0001")
    assert matter.current is not None
    assert (matter.current.published_by_name, matter.office.name) == ("罗宁", "行政审批科")
    assert (matter.level, matter.promised_value, matter.online) == ("4", 10, True)
    assert {tag.value for tag in matter.tags.all()} == {"person", "enterprise", "开办企业", "餐饮食品", "found"}
    assert (matter.life_events, matter.depth) == (["found"], "5")


def test_publishing_leaves_a_fact(food: Matter) -> None:
    fact = Outbox.objects.get(topic="matter.published")
    assert fact.key == f"matter:{food.uid}"
    assert food.current is not None
    assert food.current.digest in fact.payload


def test_a_faulty_guide_is_not_published(market_bureau: Department) -> None:
    draft = services.save_draft(whole(conditions=[]), market_bureau)
    with pytest.raises(NotPublishable) as refusal:
        services.publish(draft, by="罗宁")
    assert [problem.field for problem in refusal.value.problems] == ["conditions"]
    assert not queries.published().exists()
    assert not Outbox.objects.exists()


def test_names_are_unique_in_a_department(food: Matter, housing_bureau: Department) -> None:
    twin = services.save_draft(whole(header={"code": "YC-2"}), food.department)
    with pytest.raises(NotPublishable, match="换一个名称"):
        services.publish(twin, by="罗宁")
    publish(housing_bureau, "YC-3")


def test_steps_name_departments_that_exist(market_bureau: Department) -> None:
    steps = copy.deepcopy(WHOLE["guide"]["procedure"])
    steps[2]["department"] = "云川市没有的局"
    with pytest.raises(NotPublishable, match="没有名为“云川市没有的局”的部门"):
        services.publish(services.save_draft(whole(procedure=steps), market_bureau), by="罗宁")


def test_only_drafts_are_published(food: Matter) -> None:
    assert food.current is not None
    with pytest.raises(ValueError, match="草稿"):
        services.publish(food.current, by="罗宁")


def test_a_new_version_supersedes(food: Matter) -> None:
    publish(food.department, themes=[], promised_limit={"value": 8, "unit": "G"})
    matter = queries.get_published(food.code)
    assert matter.current is not None
    assert (matter.current.number, matter.promised_value) == (2, 8)
    assert food.versions.filter(state="published").count() == 2


def test_a_version_waits_for_its_day(food: Matter) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    draft = services.save_draft(whole(promised_limit={"value": 8, "unit": "G"}), food.department)
    services.publish(draft, by="罗宁", effective_on=tomorrow)
    food.refresh_from_db()
    assert food.promised_value == 10
    assert [catalogue.bring_due_into_force(tomorrow) for _ in range(2)] == [1, 0]
    food.refresh_from_db()
    assert (food.current.number, food.promised_value) == (2, 8)


def test_withdrawn_matters_disappear_and_stay_away(food: Matter) -> None:
    publish(food.department)
    services.withdraw(food)
    assert not queries.published().exists()
    assert catalogue.bring_due_into_force(timezone.localdate()) == 0
    assert '"state":"withdrawn"' in Outbox.objects.latest("pk").payload
    publish(food.department)
    assert queries.get_published(food.code).current.number == 3


def test_withdrawing_twice_is_refused(food: Matter) -> None:
    services.withdraw(food)
    with pytest.raises(ValueError, match="没有已发布"):
        services.withdraw(food)


@pytest.mark.parametrize(
    "change",
    [
        {"content": {}},
        {"number": 9},
        {"state": "draft"},
        {"digest": "0" * 64},
        {"published_by_name": "外人"},
        {"effective_on": "2020-01-01"},
    ],
)
def test_the_database_keeps_published_versions_as_they_are(food: Matter, change: dict) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        GuideVersion.objects.filter(pk=food.current_id).update(**change)


def test_a_withdrawn_version_does_not_come_back(food: Matter) -> None:
    services.withdraw(food)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        GuideVersion.objects.update(state="published")


def delete_by_hand(pk: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matters_guideversion WHERE id = %s", [pk])
    connection.check_constraints()


def test_a_published_version_is_not_deleted(food: Matter) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        delete_by_hand(food.current_id)


def test_drafts_may_be_changed_and_deleted(market_bureau: Department) -> None:
    draft = services.save_draft(whole(), market_bureau)
    draft.content = {}
    draft.save()
    draft.delete()
