"""Departments are kept on the inner side and travel to the outer; staff accounts are made by commands."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from identity.models import Department, Post, User
from identity.posts import roles_of
from identity.services import publish_department, save_department, save_staff
from identity.sync_handlers import department_published
from sync.models import Outbox
from sync.registry import Fact, Reject, find
from tests.people import PASSWORD

SAMPLE = Path(__file__).parent.parent / "sync" / "samples" / "department.published.v1.json"


def fact(payload: dict, key: str = "department:YC-SCJG") -> Fact:
    return Fact("department.published", 1, key, 1, 1, payload, (), timezone.now())


def sample() -> dict:
    return json.loads(SAMPLE.read_text(encoding="utf-8"))


def test_saving_twice_updates(db) -> None:
    save_department("YC-SCJG", "旧名", offices=[{"name": "行政审批科", "phone": "1"}])
    department = save_department("YC-SCJG", "新名", offices=[{"name": "行政审批科", "phone": "2"}, {"name": "法规科"}])
    assert Department.objects.get().name == "新名"
    assert set(department.offices.values_list("name", "phone")) == {("行政审批科", "2"), ("法规科", "")}


def test_publishing_records_the_golden_fact(on_inner, db) -> None:
    department = save_department(**sample())
    with transaction.atomic():
        publish_department(department)
    row = Outbox.objects.get()
    assert (row.topic, row.key) == ("department.published", "department:YC-SCJG")
    assert json.loads(row.payload) == sample()


def test_publishing_outside_a_transaction_is_refused(transactional_db) -> None:
    department = save_department("YC-SCJG", "市场监督管理局")
    with pytest.raises(RuntimeError):
        publish_department(department)
    assert not Outbox.objects.exists()


def test_fact_makes_the_copy(on_outer, db) -> None:
    department_published(fact(sample()))
    department_published(fact(sample()))
    department = Department.objects.get()
    assert department.name == "云川市市场监督管理局"
    assert department.offices.get(name="行政审批科").phone == "0839-5550101"


def test_handler_is_registered() -> None:
    assert getattr(find("department.published", 1), "handler", None) is department_published


def test_inner_side_takes_no_departments_from_outside(on_inner, db) -> None:
    with pytest.raises(Reject, match="内网"):
        department_published(fact(sample()))


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": None}, {"code": "x" * 41}, {"org_nature": "7"}, {"offices": [{}]}, {"code": "YC-OTHER"}],
)
def test_damaged_fact_is_rejected_and_nothing_written(on_outer, db, change: dict) -> None:
    with pytest.raises(Reject):
        department_published(fact(sample() | change))
    assert not Department.objects.exists()


def test_newer_sender_may_say_more(on_outer, db) -> None:
    department_published(fact(sample() | {"something_new": 1}))
    assert Department.objects.exists()


def test_staff_account_with_posts(market_bureau: Department) -> None:
    user = save_staff(
        "heqing", "何晴", PASSWORD, [(market_bureau, "clerk", "行政审批科"), (market_bureau, "reviewer", "")]
    )
    assert roles_of(user) == {"clerk", "reviewer"}
    assert Post.objects.get(role="clerk").office.name == "行政审批科"
    save_staff("heqing", "何晴", "", [(market_bureau, "approver", "")])
    assert roles_of(user) == {"approver"}
    assert User.objects.get(username="heqing").check_password(PASSWORD)


def test_weak_password_makes_no_account(market_bureau: Department) -> None:
    with pytest.raises(ValidationError):
        save_staff("heqing", "何晴", "abc", [(market_bureau, "clerk", "")])
    assert not User.objects.exists()


def test_applicants_account_is_never_turned_into_staff(wang_fang: User, market_bureau: Department) -> None:
    with pytest.raises(ValidationError, match="申请人"):
        save_staff("wangfang", "王芳", PASSWORD, [(market_bureau, "clerk", "")])


def test_load_departments_command(on_inner, db, tmp_path: Path) -> None:
    path = tmp_path / "departments.json"
    path.write_text(json.dumps([sample()]), encoding="utf-8")
    call_command("load_departments", path, verbosity=0)
    assert Department.objects.get().code == "YC-SCJG"
    assert Outbox.objects.filter(topic="department.published").count() == 1


def test_load_departments_is_all_or_nothing(on_inner, db, tmp_path: Path) -> None:
    path = tmp_path / "departments.json"
    path.write_text(json.dumps([sample(), {"code": "X"}]), encoding="utf-8")
    with pytest.raises(CommandError, match="第 2 个部门"):
        call_command("load_departments", path)
    assert not Department.objects.exists()


def test_add_staff_command(on_inner, market_bureau: Department, monkeypatch) -> None:
    monkeypatch.setenv("HALL_NEW_PASSWORD", PASSWORD)
    call_command("add_staff", "heqing", "何晴", department="YC-SCJG", role=["clerk"], verbosity=0)
    assert roles_of(User.objects.get(username="heqing")) == {"clerk"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"department": "NONE", "role": ["clerk"]}, "没有编码为 NONE 的部门"),
        ({"department": "YC-SCJG", "role": ["clerk"], "office": "没有科"}, "没有处室"),
    ],
)
def test_add_staff_explains(on_inner, market_bureau: Department, monkeypatch, options: dict, said: str) -> None:
    monkeypatch.setenv("HALL_NEW_PASSWORD", PASSWORD)
    with pytest.raises(CommandError, match=said):
        call_command("add_staff", "heqing", "何晴", **options)
    assert not User.objects.filter(username="heqing").exists()
