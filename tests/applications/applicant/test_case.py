"""The page of one case: what happened, by when, what can be asked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from applications.models import Application, Request
from applications.models.request import RequestState
from applications.states import State
from identity.models import User
from sync.models import Outbox
from tests.helpers import move

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(filed: Application) -> Application:
    return move(filed, "receive", by=None, at="2026-03-02 10:01")


@pytest.fixture
def granted(received: Application, clerk: User, reviewer: User, approver: User) -> Application:
    case = move(move(received, "accept", by=clerk), "pass_on", by=clerk)
    case = move(move(case, "pass_on", by=reviewer, opinion="内部意见不外传"), "grant", by=approver)
    return move(case, "deliver", by=clerk)


def page_of(client: Client, case: Application) -> str:
    return client.get(f"/my/{case.uid}/").content.decode()


def test_timeline_clocks_and_documents(granted: Application, browser: Client) -> None:
    page = page_of(browser, granted)
    for words in ("提交申请", "受理", "准予", "受理期限", "法定期限", "承诺期限", "收件回执", "准予行政许可决定书"):
        assert words in page
    assert "内部意见不外传" not in page


def test_a_licence_leads_to_its_check_page(granted: Application, browser: Client) -> None:
    page = page_of(browser, granted)
    assert f"/check/{granted.licence.document.check_code}/" in page
    assert "小餐饮经营许可证" in page


def test_a_pause_is_told(received: Application, clerk: User, reviewer: User, browser: Client) -> None:
    case = move(move(received, "accept", by=clerk), "pass_on", by=clerk)
    move(case, "pause", by=reviewer)
    page = page_of(browser, case)
    assert "已暂停计时" in page
    assert "专家评审" in page


def test_files_can_be_looked_at(granted: Application, browser: Client) -> None:
    assert f"/my/{granted.uid}/files/{granted.materials.get().pk}/" in page_of(browser, granted)


def test_personal_numbers_are_masked(granted: Application, browser: Client) -> None:
    page = page_of(browser, granted)
    assert granted.applicant_id not in page
    assert granted.contact_phone not in page


def test_foreign_and_unknown_cases_look_alike(granted: Application, other: Client) -> None:
    foreign = other.get(f"/my/{granted.uid}/")
    unknown = other.get("/my/00000000-0000-4000-8000-000000000000/")
    assert foreign.status_code == unknown.status_code == 404
    assert other.get(f"/my/{granted.uid}/withdraw/").status_code == 404
    assert other.post(f"/my/{granted.uid}/withdraw/").status_code == 404


def test_a_draft_opens_as_a_draft(draft: Application, browser: Client) -> None:
    assert browser.get(f"/my/{draft.uid}/").headers["Location"] == f"/drafts/{draft.uid}/"


def test_the_page_costs_a_fixed_number_of_queries(
    granted: Application, browser: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(32):
        page_of(browser, granted)


# --- withdrawing


def test_withdrawing_is_asked_for_and_waits(received: Application, browser: Client) -> None:
    before = Outbox.objects.count()
    assert "确定要撤回吗" in browser.get(f"/my/{received.uid}/withdraw/").content.decode()
    browser.post(f"/my/{received.uid}/withdraw/", {"reason": "不再\0开店。"})
    asked = Request.objects.get()
    assert (asked.action, asked.standing, asked.reason) == ("withdraw", RequestState.SENT, "不再开店。")
    assert Outbox.objects.count() == before + 1
    assert Application.objects.get().state == State.RECEIVED  # the office decides
    assert "撤回申请：已送出，待内网处理" in page_of(browser, received)


def test_withdrawing_twice_is_one_request(received: Application, browser: Client) -> None:
    for _ in range(2):
        browser.post(f"/my/{received.uid}/withdraw/", {"reason": ""})
    assert Request.objects.count() == 1


def test_nothing_is_withdrawn_after_the_decision(granted: Application, browser: Client) -> None:
    assert browser.get(f"/my/{granted.uid}/withdraw/").status_code == 302
    browser.post(f"/my/{granted.uid}/withdraw/", {"reason": ""})
    assert not Request.objects.exists()
    assert "撤回这件申请" not in page_of(browser, granted)


def test_a_long_reason_is_given_back(received: Application, browser: Client) -> None:
    page = browser.post(f"/my/{received.uid}/withdraw/", {"reason": "长" * 501}).content.decode()
    assert "不要超过 500 字" in page
    assert "长" * 501 in page
    assert not Request.objects.exists()


def test_a_refused_request_says_why(received: Application, browser: Client) -> None:
    Request.objects.create(
        application=received,
        action="withdraw",
        at=timezone.now() - timedelta(days=1),
        standing=RequestState.REFUSED,
        answer="决定已经作出，不能撤回。",
    )
    assert "决定已经作出，不能撤回。" in page_of(browser, received)
