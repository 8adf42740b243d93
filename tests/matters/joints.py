"""A package of two published matters, in each state of its life."""

from typing import Any

from identity.models import Department, User
from matters import services
from matters.joint import publishing
from matters.models import JointMatter, JointVersion, Matter
from tests.matters.conftest import publish as publish_matter
from tests.matters.guides import USCC, whole

FIRE = "YC-XF-0001"
FOOD = "YC-SCJG-0001"


def two_matters(market: Department, housing: Department) -> list[Matter]:
    """食品经营许可 of 市场监管局 and a fire inspection of 住建局, whose guides agree in most things."""
    plan = {
        "key": "escape",
        "name": "灭火和应急疏散预案",
        "kind": "proof",
        "necessity": "必要",
        "source": "申请人自备",
        "originals": 1,
        "basis": "消防监督检查规定第八条",
    }
    food = publish_matter(market, FOOD)
    content = food.current.content["guide"]["materials"]  # type: ignore[union-attr]
    fire = whole(
        matter_name="公众聚集场所消防安全检查",
        header={"code": FIRE},
        department={"code": housing.code, "name": housing.name, "uscc": USCC, "org_nature": "1"},
        promised_limit={"value": 7, "unit": "G"},
        materials=[*content, plan],
    )
    return [food, services.publish(services.save_draft(fire, housing), by="罗宁").matter]


CONTENT: dict[str, Any] = {
    "name": "开办餐饮店一件事",
    "name_en": "Opening a restaurant",
    "lead": "YC-SCJG",
    "life_event": "license",
    "audiences": ["enterprise"],
    "themes": ["准营准办"],
    "aliases": ["开饭店"],
    "description": "开一家餐饮店要办的许可和检查，一次办齐。",
    "members": [
        {"code": FOOD, "stage": 1},
        {"code": FIRE, "stage": 2, "when": "营业面积在 300 平方米以上"},
    ],
    "place": {"hall_name": "云川市政务服务中心", "address": "云川市滨河路 18 号", "window_no": "一件事综合窗口"},
    "contact": {"phone": "0839-5550102", "complaint_phone": "0839-5550199"},
    "faq": [{"question": "可以只办其中一项吗？", "answer": "可以，到那一项的办事指南里申请。"}],
}


def drafted(editor: User, lead: Department, code: str = "restaurant", **changes: Any) -> JointVersion:
    """A draft with the whole content."""
    version = publishing.begin(code, CONTENT["name"], lead, by=editor)
    return publishing.save(version, {**CONTENT, **changes}, by=editor, seen=version.revision)


def submitted(editor: User, lead: Department, code: str = "restaurant", **changes: Any) -> JointVersion:
    """A draft that waits for review."""
    version = drafted(editor, lead, code, **changes)
    publishing.submit(version, by=editor, seen=version.revision)
    return JointVersion.objects.get(pk=version.pk)


def published(editor: User, publisher: User, lead: Department, code: str = "restaurant", **changes: Any) -> JointMatter:
    """A package in force."""
    version = submitted(editor, lead, code, **changes)
    return publishing.publish(version, by=publisher, seen=version.revision).joint
