"""The portal's side: a matter with two parts, one of them a table, and what people hand in."""

from collections.abc import Callable

import pytest
from django.test import Client

from applications import drafts
from applications.models import Application
from identity.models import Department, User
from matters.models import Matter
from tests import factories, people
from tests.applications.applicant import files

FORM = {
    "title": "小餐饮经营许可申请表",
    "sections": [
        {
            "key": "place",
            "title": "经营场所",
            "fields": [
                {"key": "name", "type": "text", "label": "店名", "required": True, "example": "青禾小厨"},
                {
                    "key": "area",
                    "type": "decimal",
                    "label": "面积（平方米）",
                    "required": True,
                    "example": "80",
                    "min": "5",
                },
                {"key": "owner", "type": "text", "label": "负责人", "required": True, "prefilled_from": "person.name"},
            ],
        },
        {
            "key": "staff",
            "title": "从业人员",
            "repeating": True,
            "min_rows": 1,
            "max_rows": 3,
            "fields": [{"key": "name", "type": "text", "label": "姓名", "required": True, "example": "赵敏"}],
        },
    ],
}
PLACE = {"place-name": "青禾小厨", "place-area": "80.5", "place-owner": "王芳", "go": "1"}


@pytest.fixture
def matter(on_outer: str, market_bureau: Department) -> Matter:
    """小餐饮经营许可, applied for online: two parts of a form, one necessary material."""
    return factories.matter(market_bureau, form=FORM)


@pytest.fixture
def draft(matter: Matter, wang_fang: User) -> Application:
    """王芳 has begun and filled in nothing."""
    return drafts.begin(factories.applicant(wang_fang), matter)


@pytest.fixture
def ready(matter: Matter, wang_fang: User) -> Application:
    """王芳 has filled in everything and uploaded the plan."""
    case = drafts.begin(factories.applicant(wang_fang), matter)
    drafts.save_section(case, "place", {"name": "青禾小厨", "area": "80.5", "owner": "王芳"}, complete=True)
    drafts.save_section(case, "staff", [{"name": "赵敏"}], complete=True)
    files.hand_in(case, "plan")
    return case


@pytest.fixture
def filed(ready: Application, wang_fang: User) -> Application:
    """王芳 has submitted on Monday 2 March 2026."""
    return factories.file_draft(ready, wang_fang)


@pytest.fixture
def browser(wang_fang: User) -> Client:
    """王芳's browser."""
    return people.login(wang_fang)


@pytest.fixture
def other(stranger: User) -> Client:
    """外人's browser."""
    return people.login(stranger)


@pytest.fixture
def captured(django_capture_on_commit_callbacks: Callable) -> Callable:
    """Runs what waits for the commit."""
    return django_capture_on_commit_callbacks
