"""Inside: a member shows its siblings, the work list a label, the lead department the whole."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import JointCase
from identity.models import User
from tests import people
from tests.applications.joint.conftest import FIRE, FOOD, LAND, child
from tests.factories import moment
from tests.helpers import move

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now is Thursday 5 March 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2026-03-05 16:00"))


def html(user: User, name: str, *args: object, status: int = 200) -> str:
    response = people.login(user).get(reverse(f"applications:{name}", args=args))
    assert response.status_code == status, response.content.decode()[:1500]
    return response.content.decode()


def test_a_members_page_shows_its_siblings(arrived: JointCase, housing_clerk: User) -> None:
    page = html(housing_clerk, "staff-case", child(arrived, FIRE).number)
    for words in ("一件事联办：开办餐饮店一件事", "食品经营许可", "消防安全检查（本件）", "用工备案", arrived.number):
        assert str(words) in page
    assert child(arrived, FOOD).number not in page
    assert reverse("applications:staff-joint", args=[arrived.number]) not in page


def test_the_work_list_labels_members(arrived: JointCase, housing_clerk: User, clerk: User) -> None:
    assert "一件事联办" in html(housing_clerk, "worklist")
    assert reverse("applications:staff-joint-list") not in html(housing_clerk, "worklist")
    assert reverse("applications:staff-joint-list") in html(clerk, "worklist")


def test_the_lead_department_sees_the_whole(arrived: JointCase, clerk: User, housing_clerk: User) -> None:
    listed = html(clerk, "staff-joint-list")
    assert arrived.number in listed
    assert "待受理" in listed
    page = html(clerk, "staff-joint", arrived.number)
    for code in (FOOD, FIRE, LAND):
        assert child(arrived, code).number in page
    assert "全部受理之后起算" in page
    assert "没有联办件" in html(housing_clerk, "staff-joint-list")
    html(housing_clerk, "staff-joint", arrived.number, status=404)
    html(clerk, "staff-joint", "519901202603020000099", status=404)


def test_the_list_takes_as_many_queries_for_many(
    arrived: JointCase, clerk: User, django_assert_max_num_queries
) -> None:
    browser = people.login(clerk)
    with django_assert_max_num_queries(20):
        browser.get(reverse("applications:staff-joint-list"))


def test_the_extension_is_entered_by_the_lead(
    arrived: JointCase, in_march: None, clerk: User, approver: User, housing_clerk: User, hr_clerk: User
) -> None:
    for code, by in ((FOOD, clerk), (FIRE, housing_clerk), (LAND, hr_clerk)):
        move(child(arrived, code), "accept", by=by)
    assert "延长联合办理期限" not in html(clerk, "staff-joint", arrived.number)
    browser: Client = people.login(approver)
    url = reverse("applications:staff-joint", args=[arrived.number])
    assert "延长联合办理期限" in browser.get(url).content.decode()
    wrong = browser.post(url, {"approved_by": "", "approval_number": "1", "reason": "x"})
    assert "请填写批准的本级人民政府负责人" in wrong.content.decode()
    browser.post(url, {"approved_by": "何市长", "approval_number": "云府办批3号", "reason": "需要论证"})
    assert JointCase.objects.get().extended_on is not None
    assert "需要论证" in browser.get(url).content.decode()
