"""A published matter of 市场监管局."""

from typing import Any

import pytest
from django.utils import timezone

from identity.models import Department
from matters import services
from matters.models import Matter
from sync.registry import Fact
from tests.matters.guides import whole


@pytest.fixture
def food(market_bureau: Department) -> Matter:
    """食品经营许可, published."""
    return publish(market_bureau)


def fact(payload: dict[str, Any], topic: str) -> Fact:
    """A fact of this topic as it arrives."""
    return Fact(topic, 1, f"{topic}:1", 1, 1, payload, [], timezone.now())


def publish(
    department: Department, code: str = "YC-SCJG-0001", name: str = "食品经营许可", **changes: object
) -> Matter:
    """A matter with the whole guide, published through the service; ``changes`` as in ``guides.whole``."""
    header = {"code": code} | changes.pop("header", {})  # type: ignore[operator]
    content = whole(matter_name=name, header=header, **changes)
    version = services.publish(services.save_draft(content, department), by="罗宁")
    return version.matter
