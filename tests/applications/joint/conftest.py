"""A package of three departments, applied for together."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from applications import actors
from applications.joint import drafts, filing, papers, sync_handlers
from applications.models import Application, JointCase
from identity.models import Department, Enterprise, User
from matters.joint import publishing
from matters.models import JointMatter, Matter
from tests import factories, people
from tests.applications.applicant import files
from tests.applications.test_crossing import facts, forget
from tests.conftest import switch_side

FOOD, FIRE, LAND = "YC-FOOD-0001", "YC-FIRE-0001", "YC-LAND-0001"
WHEN = "营业面积在 300 平方米以上"


def question(key: str, label: str, **changes: object) -> dict[str, object]:
    return {"key": key, "type": "text", "label": label, "required": True, "example": "例"} | changes


PLACE = {
    "key": "place",
    "title": "经营场所",
    "fields": [
        question("name", "店名"),
        question("area", "面积（平方米）", type="decimal", example="80", min="5"),
    ],
}
FIRE_PART = {"key": "fire", "title": "消防", "fields": [question("exits", "安全出口数", type="integer", example="2")]}
PLAN = {
    "key": "plan",
    "name": "经营场所平面图",
    "kind": "plan",
    "necessity": "必要",
    "source": "申请人自备",
    "formats": ["pdf"],
}
ESCAPE = {**PLAN, "key": "escape", "name": "疏散预案"}


def matter(department: Department, code: str, name: str, *parts: dict[str, object], **guide: object) -> Matter:
    """A licence of one department with these sections."""
    return factories.matter(
        department,
        header={"code": code},
        form={"title": f"{name}申请表", "sections": list(parts)},
        matter_name=name,
        **guide,
    )


@pytest.fixture
def matters(market_bureau: Department, housing_bureau: Department, hr_bureau: Department) -> list[Matter]:
    """食品经营 wants the place; 消防 the place, exits and an escape plan; 用工 the place."""
    return [
        matter(market_bureau, FOOD, "食品经营许可", PLACE, materials=[PLAN]),
        matter(housing_bureau, FIRE, "消防安全检查", PLACE, FIRE_PART, materials=[PLAN, ESCAPE]),
        matter(hr_bureau, LAND, "用工备案", PLACE, materials=[PLAN]),
    ]


@pytest.fixture
def stages() -> dict[str, int]:
    """Everything side by side; a test of the order says otherwise."""
    return {FOOD: 1, FIRE: 1, LAND: 1}


@pytest.fixture
def package(
    matters: list[Matter], stages: dict[str, int], market_bureau: Department, editor: User, publisher: User
) -> JointMatter:
    """开办餐饮店一件事, led by 市场监管局; 消防 only for large places."""
    draft = publishing.begin("restaurant", "开办餐饮店一件事", market_bureau, by=editor)
    content = {
        "name": "开办餐饮店一件事",
        "lead": market_bureau.code,
        "description": "开一家餐饮店要办的许可和检查，一次办齐。",
        "themes": ["准营准办"],
        "life_event": "license",
        "audiences": ["enterprise"],
        "members": [
            {"code": FOOD, "stage": stages[FOOD]},
            {"code": FIRE, "stage": stages[FIRE], "when": WHEN},
            {"code": LAND, "stage": stages[LAND]},
        ],
        "contact": {"phone": "0839-5550102"},
        "place": {"hall_name": "政务服务中心", "address": "滨河路 18 号", "window_no": "一件事综合窗口"},
    }
    draft = publishing.save(draft, content, by=editor, seen=draft.revision)
    publishing.submit(draft, by=editor, seen=draft.revision)
    draft.refresh_from_db()
    return publishing.publish(draft, by=publisher, seen=draft.revision).joint


@pytest.fixture
def joint_draft(on_outer: str, package: JointMatter, zhao_min: User, qinghe: Enterprise) -> JointCase:
    """赵敏 has begun for 青禾餐饮, all three, and filled in nothing."""
    return drafts.begin(factories.applicant(zhao_min, qinghe), package, [FIRE])


@pytest.fixture
def ready(joint_draft: JointCase) -> JointCase:
    """Everything filled in and handed in."""
    return fill(joint_draft)


def fill(joint: JointCase) -> JointCase:
    """Answer every section, hand in every paper once."""
    answers = {"place": {"name": "青禾小厨", "area": "320"}, "fire": {"exits": "2"}}
    for section in joint.package.form.sections:
        drafts.save_section(joint, section.key, answers[section.key], complete=True)
    for one in papers.papers(joint):
        papers.add(joint, one.key, SimpleUploadedFile(f"{one.row.name}.pdf", files.pdf(one.row.name)))
    return JointCase.objects.get(pk=joint.pk)


def submit(joint: JointCase, user: User, at: str = "2026-03-02 10:00") -> JointCase:
    """File it; the PDFs wait."""
    moment: datetime = factories.moment(at)
    return filing.submit(joint, actor=actors.applicant(user), declared=True, at=moment, render=False)


@pytest.fixture
def filed(ready: JointCase, zhao_min: User, no_rendering: None) -> JointCase:
    """Submitted on Monday 2 March 2026."""
    return submit(ready, zhao_min)


@pytest.fixture
def browser(zhao_min: User) -> Client:
    """赵敏's browser."""
    return people.login(zhao_min)


@pytest.fixture
def other(stranger: User) -> Client:
    """外人's browser."""
    return people.login(stranger)


def arrive(joint: JointCase, settings: Settings) -> JointCase:
    """The inner side after the batch: this side forgets the joint case and hears of it."""
    fact = facts("joint.submitted")[-1]
    for child in joint.children.all():
        forget(child)
    JointCase.objects.filter(pk=joint.pk).delete()
    switch_side(settings, "inner")
    sync_handlers.submitted(fact)
    return JointCase.objects.get(number=joint.number)


def child(joint: JointCase, code: str) -> Application:
    """The member's case."""
    return joint.children.get(matter__code=code)


@pytest.fixture
def arrived(filed: JointCase, settings: Settings) -> JointCase:
    """On the desks of the three departments."""
    return arrive(filed, settings)
