"""``load_demo``: each side gets what is its own, and a second run changes nothing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from hall.demo import city
from identity.models import Agency, Department, Enterprise, Person, Post, User
from matters.models import CalendarDay, CalendarYear, GuideVersion, JointMatter, JointVersion, Matter
from sync.models import Outbox

CITY = city.load()
TABLES = (User, Person, Enterprise, Agency, Department, Post, Matter, GuideVersion, CalendarYear, CalendarDay, Outbox)
TABLES += (JointMatter, JointVersion)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.HALL_DATA_DIR = tmp_path
    return tmp_path


def load(*arguments: str) -> str:
    said = StringIO()
    call_command("load_demo", *arguments, stdout=said)
    return said.getvalue()


def snapshot() -> dict[str, list[Any]]:
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


def test_inner_gets_staff_and_catalogue(on_inner: str) -> None:
    said = load()
    assert Department.objects.count() == len(CITY.departments)
    assert Matter.objects.filter(active=True, current__isnull=False, online=True).count() == len(city.guide_files())
    assert User.objects.filter(kind="staff").count() == len(CITY.staff["inner"])
    assert not Person.objects.exists()
    topics = set(Outbox.objects.values_list("topic", flat=True))
    published = {f"{what}.published" for what in ("department", "matter", "calendar", "joint", "dataset")}
    assert topics == published | {"dataset.rows", "synonyms.published"}
    assert "一件事 2 件，发布 2 件" in said
    assert f"办事指南 {len(city.guide_files())} 份" in said


def test_outer_gets_applicants(on_outer: str) -> None:
    load()
    assert Person.objects.count() == len(CITY.people)
    assert Enterprise.objects.count() == len(CITY.enterprises)
    qinghe = Enterprise.objects.get(name="云川市青禾餐饮管理有限公司")
    assert set(qinghe.agencies.values_list("user__username", "role")) == {("liming", "manager"), ("zhaomin", "agent")}
    assert list(Post.objects.values_list("user__username", "role")) == [("wangcheng", "operator")]
    assert not Matter.objects.exists()
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("side", ["on_inner", "on_outer"])
def test_second_run_changes_nothing(side: str, request: pytest.FixtureRequest, data_dir: Path) -> None:
    request.getfixturevalue(side)
    load()
    before, accounts = snapshot(), (data_dir / "demo_accounts.json").stat().st_mtime_ns
    load()
    assert snapshot() == before
    assert (data_dir / "demo_accounts.json").stat().st_mtime_ns == accounts


def test_a_guide_that_changed_is_published_again(on_inner: str, settings: Settings) -> None:
    load()
    settings.HALL_OUTER_URL = "http://hall.example"
    load()
    matter = Matter.objects.select_related("current").get(name="食品经营许可证核发")
    assert matter.versions.count() == 2
    assert matter.current is not None
    assert matter.current.guide.service_address.online_url == "http://hall.example/"


def test_login_page_is_told_the_accounts(on_outer: str, data_dir: Path) -> None:
    load()
    accounts = json.loads((data_dir / "demo_accounts.json").read_text(encoding="utf-8"))
    assert accounts[0].keys() == {"side", "username", "password", "who", "can"}
    assert {"liming", "zhaomin", "zhoudahai", "wangfang"} <= {account["username"] for account in accounts}
    assert User.objects.get(username="liming").check_password(accounts[0]["password"])


def test_accounts_can_be_listed_without_loading(on_inner: str) -> None:
    assert "sunli" in load("--accounts")
    assert not User.objects.exists()


def test_phase_belongs_to_a_side(on_inner: str) -> None:
    with pytest.raises(CommandError, match="外网"):
        load("--history", "3", "--phase", "submit")


def test_history_says_what_is_missing(on_outer: str) -> None:
    with pytest.raises(CommandError, match="load_demo"):
        load("--history", "3")
    load()
    with pytest.raises(CommandError, match="交换一次批次"):
        load("--history", "3")
