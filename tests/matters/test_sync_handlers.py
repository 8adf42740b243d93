"""Guides and holiday notices that arrive on the outer side."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from identity.models import Department
from matters import calendar, catalogue, queries, services
from matters.models import CalendarDay, CalendarYear, GuideVersion, Matter
from matters.publishing import publish_calendar
from matters.sync_handlers import calendar_published, matter_published
from sync.models import Outbox
from sync.registry import Fact, Reject
from tests.matters.conftest import publish
from tests.matters.guides import whole

pytestmark = pytest.mark.django_db


def arriving(position: int = -1) -> Fact:
    """The fact that stands in the outbox, as the other side gets it."""
    row = list(Outbox.objects.order_by("pk"))[position]
    return Fact(row.topic, row.version, row.key, row.agg_version, 1, json.loads(row.payload), [], row.occurred_at)


@pytest.fixture
def arrived(market_bureau: Department, on_outer: str) -> dict[str, Any]:
    """The payload of a guide that this site has never seen."""
    with transaction.atomic():
        publish(market_bureau)
        payload = json.loads(Outbox.objects.get().payload)
        transaction.set_rollback(True)
    return payload


def fact(payload: dict[str, Any]) -> Fact:
    key = f"matter:{payload['matter']['uid']}"
    return Fact("matter.published", 1, key, 1, 1, payload, [], timezone.now())


def test_a_published_guide_appears(arrived: dict[str, Any]) -> None:
    assert not Matter.objects.exists()
    matter_published(fact(arrived))
    matter = queries.get_published("YC-SCJG-0001")
    assert (matter.name, matter.department.code) == ("食品经营许可", "YC-SCJG")
    assert matter.tags.count() == 5


def test_applying_twice_changes_nothing(arrived: dict[str, Any]) -> None:
    matter_published(fact(arrived))
    matter_published(fact(arrived))
    assert GuideVersion.objects.count() == 1


def test_a_withdrawn_guide_disappears(arrived: dict[str, Any]) -> None:
    matter_published(fact(arrived))
    arrived["version"]["state"] = "withdrawn"
    matter_published(fact(arrived))
    assert not queries.published().exists()


def test_an_unknown_department_is_rejected(arrived: dict[str, Any]) -> None:
    arrived["matter"]["department"] = "YC-WU"
    with pytest.raises(Reject, match="YC-WU"):
        matter_published(fact(arrived))


def test_a_changed_content_is_rejected(arrived: dict[str, Any]) -> None:
    arrived["version"]["content"]["guide"]["matter_name"] = "别的许可"
    with pytest.raises(Reject, match="摘要"):
        matter_published(fact(arrived))


@pytest.mark.parametrize("part", ["matter", "version"])
def test_a_broken_payload_is_rejected(arrived: dict[str, Any], part: str) -> None:
    arrived[part] = {}
    with pytest.raises(Reject, match="格式"):
        matter_published(Fact("matter.published", 1, "matter:x", 1, 1, arrived, [], timezone.now()))


def test_the_inner_side_takes_no_guides(arrived: dict[str, Any], on_inner: str) -> None:
    with pytest.raises(Reject, match="内网"):
        matter_published(fact(arrived))


def test_a_holiday_notice_is_in_force(on_outer: str) -> None:
    publish_calendar(2027, {date(2027, 2, 9): (False, "春节")})
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    calendar_published(arriving())
    assert not calendar.current().is_workday(date(2027, 2, 9))


def test_a_broken_notice_is_rejected(on_outer: str) -> None:
    payload = {"year": 2027, "announced": True, "days": [{"date": "2026-01-01", "is_workday": True}]}
    with pytest.raises(Reject, match="不属于"):
        calendar_published(Fact("calendar.published", 1, "calendar:2027", 1, 1, payload, [], timezone.now()))


def test_a_later_version_replaces_and_an_older_one_does_not_come_back(arrived: dict[str, Any]) -> None:
    matter_published(fact(arrived))
    matter = queries.get_published("YC-SCJG-0001")
    newer = services.publish(
        services.save_draft(whole(promised_limit={"value": 8, "unit": "G"}), matter.department), by="罗宁"
    )
    matter_published(fact(arrived))
    matter.refresh_from_db()
    assert matter.current_id == newer.pk


# --- a version that waits for its day


def payloads() -> list[dict[str, Any]]:
    """Every guide fact of the outbox, in order."""
    return [json.loads(row.payload) for row in Outbox.objects.filter(topic="matter.published").order_by("pk")]


@pytest.fixture
def scheduled(market_bureau: Department, on_outer: str) -> list[dict[str, Any]]:
    """Version 1 in force, version 2 from in five days, and version 2 withdrawn while it waits; none of it here yet."""
    with transaction.atomic():
        matter = publish(market_bureau)
        draft = services.save_draft(whole(promised_limit={"value": 8, "unit": "G"}), market_bureau)
        later = services.publish(draft, by="罗宁", effective_on=timezone.localdate() + timedelta(days=5))
        services.withdraw_version(later, by="罗宁", reason="写错了")
        assert queries.get_published(matter.code).current.number == 1
        found = payloads()
        transaction.set_rollback(True)
    return found


def test_a_scheduled_version_crosses_at_once_and_comes_into_force_here(scheduled: list[dict[str, Any]]) -> None:
    first, second, _withdrawn = scheduled
    matter_published(fact(first))
    matter_published(fact(second))
    assert queries.get_published("YC-SCJG-0001").current.number == 1
    catalogue.bring_due_into_force(timezone.localdate() + timedelta(days=5))
    assert queries.get_published("YC-SCJG-0001").current.number == 2


def test_a_scheduled_version_withdrawn_leaves_the_one_in_force(scheduled: list[dict[str, Any]]) -> None:
    for payload in scheduled:
        matter_published(fact(payload))
    catalogue.bring_due_into_force(timezone.localdate() + timedelta(days=9))
    assert queries.get_published("YC-SCJG-0001").current.number == 1


def test_a_withdrawal_that_comes_after_the_day_brings_the_old_one_back(scheduled: list[dict[str, Any]]) -> None:
    first, second, withdrawn = scheduled
    matter_published(fact(first))
    matter_published(fact(second))
    catalogue.bring_due_into_force(timezone.localdate() + timedelta(days=5))
    matter_published(fact(withdrawn))
    assert queries.get_published("YC-SCJG-0001").current.number == 1
