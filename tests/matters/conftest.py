"""A published matter of 市场监管局, and the people who keep guides."""

from typing import Any

import pytest
from django.utils import timezone

from identity.models import Department, Role
from matters import services
from matters.models import Matter
from sync.registry import Fact
from tests.matters.guides import whole
from tests.matters.versions import People
from tests.people import make_department, make_staff


@pytest.fixture
def food(market_bureau: Department) -> Matter:
    """食品经营许可, published."""
    return publish(market_bureau)


@pytest.fixture
def people(market_bureau: Department, housing_bureau: Department) -> People:
    """Authors and others, of the guide's department, of the coordinating one, of another, and one without such a post."""
    centre = make_department("YC-ZWFW", "云川市政务服务管理局", "市政务局")
    Department.objects.filter(pk=centre.pk).update(coordinates=True)
    centre.refresh_from_db()
    return {
        "author": make_staff("zuozhe", "作者", market_bureau, Role.EDITOR),
        "author publisher": make_staff("zuozhefabu", "作者兼发布", market_bureau, Role.EDITOR, Role.PUBLISHER),
        "editor": make_staff("hemiao2", "何苗二", market_bureau, Role.EDITOR),
        "publisher": make_staff("luoning2", "罗宁二", market_bureau, Role.PUBLISHER),
        "centre editor": make_staff("zhouning2", "周宁二", centre, Role.EDITOR),
        "centre publisher": make_staff("xuzhuo2", "许卓二", centre, Role.PUBLISHER),
        "housing editor": make_staff("zhujian1", "住建编", housing_bureau, Role.EDITOR),
        "housing publisher": make_staff("zhujian2", "住建发", housing_bureau, Role.PUBLISHER),
        "clerk": make_staff("chenjing2", "陈静二", market_bureau, Role.CLERK),
    }


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
