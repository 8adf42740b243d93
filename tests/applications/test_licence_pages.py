"""Pages about licences: the holder's, on the outer side, and the office's."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import actors, bars, licence_requests
from applications.models import Application, Bar, Document, Licence, Request
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.applications.test_crossing import facts
from tests.conftest import switch_side
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering")]


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    return factories.matter(market_bureau, header={"public_safety": True})


@pytest.fixture
def mine(licence: Licence, settings: Any) -> Licence:
    """王芳's licence as the portal has it."""
    switch_side(settings, "outer")
    return licence


@pytest.fixture
def january_2029(monkeypatch: pytest.MonkeyPatch) -> None:
    """48 days before the licence ends."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2029-01-15 10:00"))


@pytest.fixture
def february_2029(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than thirty days before."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2029-02-20 10:00"))


def text(response: Any) -> str:
    return str(response.content.decode())


# --- the holder
def test_my_licences_with_days_left(mine: Licence, wang_fang: User, january_2029: None) -> None:
    page = text(login(wang_fang).get("/my/licences/"))
    assert mine.number in page
    assert "48 天" in page
    assert "2029年2月2日" in page


def test_none_yet(on_outer: str, wang_fang: User) -> None:
    assert "还没有证照" in text(login(wang_fang).get("/my/licences/"))


def test_a_stranger_sees_nothing(mine: Licence, stranger: User) -> None:
    client = login(stranger)
    assert mine.number not in text(client.get("/my/licences/"))
    for act in ("", "change/", "cancel/"):
        assert client.get(f"/my/licences/{mine.uid}/{act}").status_code == 404
    assert client.post(f"/my/licences/{mine.uid}/renew/").status_code == 404


def test_the_list_asks_as_much_for_thirty_as_for_one(
    mine: Licence, wang_fang: User, django_assert_max_num_queries: Any, clerk: User
) -> None:
    multiply(mine, 30)
    client = login(wang_fang)
    client.get("/my/licences/")
    with django_assert_max_num_queries(12):
        assert "共 31 份" in text(client.get("/my/licences/"))


def multiply(licence: Licence, times: int) -> None:
    """More licences of the same holder."""
    for number in range(times):
        case = licence.application
        twin = Application.objects.create(
            matter=case.matter,
            guide_version=case.guide_version,
            department=case.department,
            owner=case.owner,
            applicant_kind="person",
            applicant_name=case.applicant_name,
            number=f"5199012026030300{number:05d}",
        )
        paper = Document.objects.create(
            application=twin,
            kind="licence",
            title="证",
            content=licence.document.content,
            content_sha256="0" * 64,
            check_code=f"TWIN{number:04d}",
            created_at=licence.document.created_at,
        )
        Licence.objects.create(
            application=twin,
            document=paper,
            name="内蒙古自治区鄂尔多斯市达拉特旗小餐饮经营许可证（副本）" if number % 2 else licence.name,
            number=f"YZ{twin.number}",
            holder=licence.holder,
            valid_from=licence.valid_from,
            valid_to=licence.valid_to,
        )


def test_renewal_begins_a_draft_filled_in_as_before(mine: Licence, wang_fang: User, january_2029: None) -> None:
    client = login(wang_fang)
    page = text(client.get(f"/my/licences/{mine.uid}/"))
    assert "申请延续" in page
    assert "视为准予延续" in page
    first = client.post(f"/my/licences/{mine.uid}/renew/")
    again = client.post(f"/my/licences/{mine.uid}/renew/")
    draft = Application.objects.get(purpose="renewal")
    assert first.url == again.url == reverse("applications:task-list", args=[draft.uid])
    assert draft.answers == mine.application.answers
    tasks = text(client.get(first.url))
    assert "小餐饮经营许可（延续）" in tasks
    assert mine.number in tasks
    assert "接着填写" in text(client.get(f"/my/licences/{mine.uid}/"))


def test_who_is_late_is_warned_and_may_ask(mine: Licence, wang_fang: User, february_2029: None) -> None:
    client = login(wang_fang)
    assert "不会视为准予延续" in text(client.get(f"/my/licences/{mine.uid}/"))
    assert client.post(f"/my/licences/{mine.uid}/renew/").status_code == 302


def test_a_revoked_licence_is_not_renewed_and_says_why(mine: Licence, wang_fang: User, january_2029: None) -> None:
    Licence.objects.update(standing="revoked", changed_on="2027-01-01", reason="弄虚作假。")
    client = login(wang_fang)
    page = text(client.get(f"/my/licences/{mine.uid}/"))
    assert "弄虚作假" in page
    assert "申请延续</button>" not in page
    answer = client.post(f"/my/licences/{mine.uid}/renew/")
    assert (answer.status_code, "已撤销，不能申请延续" in text(answer)) == (409, True)


def test_a_change_asks_what_and_shows_it_until_submission(mine: Licence, wang_fang: User, january_2029: None) -> None:
    client = login(wang_fang)
    url = f"/my/licences/{mine.uid}/change/"
    assert "证照上现在是：王芳" in text(client.get(url))
    same = client.post(url, {"holder": "王芳"})
    assert (same.status_code, "请至少改一项" in text(same)) == (422, True)
    to = client.post(url, {"holder": "王芳芳"})
    draft = Application.objects.get(purpose="change")
    assert to.url == reverse("applications:task-list", args=[draft.uid])
    for page in (to.url, reverse("applications:check-answers", args=[draft.uid])):
        assert "王芳芳" in text(client.get(page))


def test_asking_for_cancellation_and_the_answer(
    mine: Licence, wang_fang: User, approver: User, clerk: User, settings: Any, january_2029: None
) -> None:
    client, url = login(wang_fang), f"/my/licences/{mine.uid}/cancel/"
    empty = client.post(url, {"reason": " "})
    assert (empty.status_code, "请填写" in text(empty)) == (422, True)
    assert client.post(url, {"reason": "不再开店"}).status_code == 302
    assert "已送出，待机关处理" in text(client.get(f"/my/licences/{mine.uid}/"))
    assert "已送出" in text(client.get(f"/my/{mine.application.uid}/"))
    client.post(url, {"reason": "再来一次"})
    assert len(facts("application.requested")) == 1
    switch_side(settings, "inner")
    request = Request.objects.get(action="cancel_licence")
    inside = f"/licences/{mine.uid}/"
    assert "不再开店" in text(login(clerk).get(inside))
    answer = f"{inside}requests/{request.uid}/"
    assert login(clerk).post(answer, {"agree": "1"}).status_code == 403
    assert login(approver).post(answer, {"decline": "1", "answer": ""}).status_code == 422
    assert login(approver).post(answer, {"agree": "1"}).status_code == 302
    assert login(approver).post(answer, {"agree": "1"}).status_code == 409
    mine.refresh_from_db()
    request.refresh_from_db()
    assert (mine.standing, mine.ground, request.standing) == ("cancelled", "other", "done")
    assert mine.reason == "持证人申请注销。"  # it is public: the holder's own words are not in it
    assert facts("request.answered")[-1].payload["standing"] == "done"


def test_a_declined_cancellation_leaves_it_valid(mine: Licence, wang_fang: User, approver: User, settings: Any) -> None:
    request = licence_requests.ask(mine, actor=actors.applicant(wang_fang), reason="不再开店")
    switch_side(settings, "inner")
    form = {"decline": "1", "answer": "有未办结的处罚。"}
    assert login(approver).post(f"/licences/{mine.uid}/requests/{request.uid}/", form).status_code == 302
    mine.refresh_from_db()
    assert mine.standing == "valid"
    assert facts("request.answered")[-1].payload["answer"] == "有未办结的处罚。"


def test_who_may_not_apply_again_is_told_on_the_start_page(
    awaiting_decision: Application, approver: User, wang_fang: User, settings: Any
) -> None:
    case = move(awaiting_decision, "refuse", by=approver)
    bars.impose(case.pk, actor=actors.staff(approver), ground="false_materials", reason="伪造。")
    switch_side(settings, "outer")
    page = text(login(wang_fang).get(f"/apply/{case.matter.code}/"))
    assert "不得再次申请" in page
    assert "开始填写" not in page


# --- the office
def test_the_list_finds_by_number_holder_and_name(licence: Licence, clerk: User) -> None:
    client = login(clerk)
    for words in (licence.number[:12], "王芳", "小餐饮"):
        assert licence.number in text(client.get("/licences/", {"tab": "all", "q": words}))
    assert "没有符合条件的证照" in text(client.get("/licences/", {"q": "不存在"}))
    assert client.get("/licences/", {"tab": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("now", "tab"), [("2026-06-01 10:00", "valid"), ("2029-01-15 10:00", "expiring"), ("2029-03-05 10:00", "expired")]
)
def test_the_tabs(licence: Licence, clerk: User, monkeypatch: pytest.MonkeyPatch, now: str, tab: str) -> None:
    client = login(clerk)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment(now))
    client = login(clerk)
    assert licence.number in text(client.get("/licences/", {"tab": tab}))
    assert licence.number not in text(client.get("/licences/", {"tab": "ended"}))


def test_the_list_asks_as_much_for_sixty_as_for_one(
    licence: Licence, clerk: User, django_assert_max_num_queries: Any
) -> None:
    client = login(clerk)
    client.get("/licences/?tab=all")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/licences/?tab=all")
    multiply(licence, 60)
    with django_assert_max_num_queries(len(for_one)):
        assert "共 61 份" in text(client.get("/licences/?tab=all"))
    assert len(for_one) <= 12


def test_another_department_sees_nothing(licence: Licence, outsider: User) -> None:
    client = login(outsider)
    assert licence.number not in text(client.get("/licences/?tab=all"))
    assert client.get(f"/licences/{licence.uid}/").status_code == 404
    assert client.get(f"/licences/{licence.uid}/revoke/").status_code == 404


def test_a_licence_is_revoked_by_the_approver_only_and_asked_twice(
    licence: Licence, approver: User, clerk: User
) -> None:
    url, said = f"/licences/{licence.uid}/revoke/", {"ground": "fraud", "reason": "弄虚作假"}
    assert login(clerk).post(url, said).status_code == 403
    client = login(approver)
    assert client.post(url, said | {"reason": ""}).status_code == 422
    assert client.post(url, said | {"ground": "expired"}).status_code == 422
    again = client.post(url, said)
    assert (again.status_code, "再确认一次" in text(again)) == (200, True)
    licence.refresh_from_db()
    assert licence.standing == "valid"
    assert client.post(url, said | {"confirmed": "1"}).status_code == 302
    licence.refresh_from_db()
    assert (licence.standing, licence.reason) == ("revoked", "弄虚作假")
    twice = client.post(url, said | {"confirmed": "1"})
    assert (twice.status_code, "已撤销，不能再撤销" in text(twice)) == (409, True)
    page = text(client.get(f"/licences/{licence.uid}/"))
    assert "注销证照" in page
    assert "撤回证照" not in page
    assert client.get(f"/licences/{licence.uid}/frame/").status_code == 404


def test_a_bar_is_made_on_the_page_listed_and_lifted(
    awaiting_decision: Application, approver: User, clerk: User
) -> None:
    url = f"/work/{awaiting_decision.number}/bar/"
    assert login(approver).get(url).status_code == 409
    case = move(awaiting_decision, "refuse", by=approver)
    said = {"ground": "false_materials", "reason": "场所证明系伪造。"}
    assert login(clerk).post(url, said | {"confirmed": "1"}).status_code == 403
    client = login(approver)
    assert "警告及不得再次申请" in text(client.get(f"/work/{case.number}/"))
    assert client.post(url, {"ground": "false_materials"}).status_code == 422
    assert "再确认一次" in text(client.post(url, said))
    assert client.post(url, said | {"confirmed": "1"}).status_code == 302
    bar = Bar.objects.get()
    assert "场所证明系伪造" in text(client.get("/bars/"))
    assert login(clerk).post(f"/bars/{bar.uid}/lift/", {"reason": "x"}).status_code == 403
    assert client.post(f"/bars/{bar.uid}/lift/", {"reason": ""}).status_code == 422
    assert client.post(f"/bars/{bar.uid}/lift/", {"reason": "申辩成立。"}).status_code == 302
    assert "申辩成立" in text(client.get("/bars/"))


def test_the_case_page_of_a_renewal_says_what_it_is_about(licence: Licence, wang_fang: User, clerk: User) -> None:
    from tests.applications.licence_life import ask

    case = ask(licence, wang_fang, "renewal", "2029-01-15 10:00")
    page = text(login(clerk).get(f"/work/{case.number}/"))
    assert "最迟决定日" in page
    assert licence.number in page
    assert case.number in text(login(clerk).get(f"/licences/{licence.uid}/"))
    assert "小餐饮经营许可（延续）" in text(login(clerk).get("/work/?tab=department"))


def test_the_present_face_is_the_one_to_open(licence: Licence, clerk: User) -> None:
    assert str(licence.document.uid) in text(login(clerk).get(f"/licences/{licence.uid}/"))
