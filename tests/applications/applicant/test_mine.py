"""我的办件: whose they are, what they say, found and counted."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications import drafts
from applications.models import Application
from identity.models import Agency, Enterprise, User
from matters.models import Matter
from tests import factories, people
from tests.helpers import move

pytestmark = pytest.mark.django_db


def test_nothing_yet_says_how_to_begin(on_outer: str, browser: Client) -> None:
    page = browser.get("/my/").content.decode()
    assert "您还没有办件" in page
    assert "找要办的事项" in page


def test_a_case_says_state_holder_and_time_left(filed: Application, browser: Client) -> None:
    page = browser.get("/my/").content.decode()
    assert f'href="/my/{filed.uid}/"' in page
    assert "已提交，待收件" in page
    assert "等待云川市市场监督管理局收件" in page
    assert "2026年3月9日（周一）" in page


def test_only_my_own(filed: Application, other: Client) -> None:
    assert str(filed.uid) not in other.get("/my/").content.decode()


def test_an_enterprise_s_cases_are_all_its_agents_s(
    matter: Matter, li_ming: User, zhao_min: User, qinghe: Enterprise
) -> None:
    case = drafts.begin(factories.applicant(li_ming, qinghe), matter)
    browser = people.login(zhao_min)
    assert str(case.uid) not in browser.get("/my/").content.decode()
    assert f"{qinghe.name}（1）" in browser.get("/my/").content.decode()
    browser.post("/account/act-as/", {"enterprise": str(qinghe.uid), "next": "/my/"})
    assert str(case.uid) in browser.get("/my/").content.decode()


def test_a_former_agent_sees_nothing_any_more(matter: Matter, zhao_min: User, qinghe: Enterprise) -> None:
    case = drafts.begin(factories.applicant(zhao_min, qinghe), matter)
    Agency.objects.filter(user=zhao_min).update(active=False)
    browser = people.login(zhao_min)
    assert str(case.uid) not in browser.get("/my/").content.decode()
    assert browser.get(f"/drafts/{case.uid}/").status_code == 404


@pytest.mark.parametrize(
    ("tab", "shown"), [("all", True), ("running", True), ("todo", False), ("ended", False), ("x", True)]
)
def test_tabs(filed: Application, browser: Client, tab: str, shown: bool) -> None:
    assert (str(filed.uid) in browser.get(f"/my/?tab={tab}").content.decode()) is shown


@pytest.mark.parametrize(("words", "shown"), [("小餐饮", True), ("519901 2026", True), ("消防", False), ("%", False)])
def test_search(filed: Application, browser: Client, words: str, shown: bool) -> None:
    assert (str(filed.uid) in browser.get("/my/", {"q": words}).content.decode()) is shown


def test_what_i_sent_is_said(filed: Application, browser: Client, clerk: User) -> None:
    move(filed, "receive", by=None)
    browser.post(f"/my/{filed.uid}/withdraw/", {"reason": ""})
    assert "您的“撤回申请”已送出，等待窗口处理" in browser.get("/my/").content.decode()


def test_twenty_rows_cost_no_more_queries_than_one(matter: Matter, wang_fang: User, browser: Client) -> None:
    drafts.begin(factories.applicant(wang_fang), matter)
    browser.get("/my/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/my/")
    for _ in range(24):
        drafts.begin(factories.applicant(wang_fang), matter)
    with CaptureQueriesContext(connection) as twenty:
        page = browser.get("/my/").content.decode()
    assert page.count('data-label="状态"') == 20
    assert "page=2" in page
    assert len(twenty) <= len(one) <= 16


def test_login_comes_first(on_outer: str, db: None) -> None:
    assert Client().get("/my/").headers["Location"] == "/accounts/login/?next=%2Fmy%2F"
