"""Correcting: only what the notice names is open, and it leaves all at once."""

import pytest
from django.test import Client

from applications import actors, corrections, services
from applications.errors import NotPossible
from applications.models import Application, Request
from applications.states import State
from identity.models import User
from sync.models import Outbox
from tests import factories, people
from tests.applications.applicant import files
from tests.applications.applicant.conftest import PLACE
from tests.helpers import move

pytestmark = pytest.mark.django_db
ITEMS = [
    {"target": "material:plan", "label": "经营场所平面图", "problem": "缺少比例尺", "remedy": "标注比例尺"},
    {"target": "section:place", "label": "经营场所", "problem": "面积与平面图不一致", "remedy": ""},
]
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def asked(filed: Application, clerk: User) -> Application:
    """Asked on 3 March to correct the plan and the first part."""
    case = move(filed, "receive", by=None, at="2026-03-02 10:01")
    return move(case, "ask_correction", by=clerk, items=ITEMS)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The applicant acts on 4 March 2026."""
    monkeypatch.setattr("applications.requests.timezone.now", lambda: factories.moment("2026-03-04 10:00"))


def address(case: Application, tail: str = "") -> str:
    return f"/my/{case.uid}/correct/{tail}"


def upload(client: Client, case: Application, key: str = "plan", content: bytes | None = None):
    file = files.upload("新平面图.pdf", files.pdf("new") if content is None else content)
    return client.post(f"/my/{case.uid}/materials/{key}/upload/", {"file": file}, **JSON)


def test_the_notice_is_shown_with_its_limit(asked: Application, browser: Client) -> None:
    page = browser.get(address(asked)).content.decode()
    for words in ("缺少比例尺", "标注比例尺", "面积与平面图不一致", "2026年4月2日"):
        assert words in page
    assert "请补正 2 处内容" in browser.get(f"/my/{asked.uid}/").content.decode()


def test_everything_leaves_at_once(asked: Application, browser: Client, now: None) -> None:
    assert upload(browser, asked).status_code == 201
    assert browser.post(address(asked, "place/"), PLACE | {"place-area": "90"}).headers["Location"] == address(asked)
    assert Application.objects.get().answers["place"]["area"] == "80.5"  # nothing moves before it is sent
    browser.post(address(asked), {"reason": "面积按产权证。"})
    sent = Request.objects.get()
    assert sent.changes["answers"] == {"place": {"name": "青禾小厨", "area": "90", "owner": "王芳"}}
    assert [row["file_name"] for row in sent.changes["materials"]] == ["新平面图.pdf"]
    assert (sent.action, sent.reason) == ("supplement", "面积按产权证。")
    assert Outbox.objects.order_by("pk").last().topic == "application.requested"
    assert "提交补正：已送出，待内网处理" in browser.get(f"/my/{asked.uid}/").content.decode()


def test_what_was_sent_becomes_the_case_s(asked: Application, browser: Client, now: None) -> None:
    upload(browser, asked)
    browser.post(address(asked, "place/"), PLACE | {"place-area": "90"})
    browser.post(address(asked), {})
    services.perform(
        asked.pk,
        "supplement",
        actor=actors.applicant_named("王芳"),
        seen=None,
        at=factories.moment("2026-03-04 10:00"),
        request=str(Request.objects.get().uid),
    )
    case = Application.objects.get()
    assert (case.state, case.answers["place"]["area"]) == (State.RESUBMITTED, "90")
    assert list(case.materials.order_by("round").values_list("round", "replaced")) == [(0, True), (1, False)]


def test_what_is_missing_is_said_and_nothing_sent(asked: Application, browser: Client) -> None:
    page = browser.post(address(asked), {"reason": "还没好"}).content.decode()
    assert "还没有上传新的“经营场所平面图”" in page
    assert "“经营场所”还没有修改" in page
    assert "还没好" in page
    assert not Request.objects.exists()


def test_wrong_answers_are_kept_but_not_sent(asked: Application, browser: Client, now: None) -> None:
    upload(browser, asked)
    page = browser.post(address(asked, "place/"), PLACE | {"place-area": "很大"}).content.decode()
    assert "请填写数字" in page
    assert 'value="很大"' in browser.get(address(asked, "place/")).content.decode()
    assert "“经营场所”还没有填写完" in browser.post(address(asked), {}).content.decode()
    assert not Request.objects.exists()


def test_autosave_keeps_what_is_typed(asked: Application, browser: Client) -> None:
    assert "saved_at" in browser.post(address(asked, "place/autosave/"), {"place-name": "新店"}).json()
    assert asked.corrections.get(target="section:place").typed == {"name": "新店"}


def test_what_the_notice_does_not_name_stays_shut(asked: Application, browser: Client) -> None:
    assert upload(browser, asked, "proof").status_code == 409
    assert browser.get(address(asked, "staff/")).status_code == 404
    assert browser.post(address(asked, "staff/"), {"go": "1"}).status_code == 404
    with pytest.raises(NotPossible):
        corrections.save_part(asked, "staff", [])


def test_new_files_can_be_taken_back_and_old_ones_not(asked: Application, browser: Client) -> None:
    old = asked.materials.get()
    upload(browser, asked)
    new = asked.materials.get(round=1)
    browser.post(f"/my/{asked.uid}/files/{new.pk}/delete/")
    browser.post(f"/my/{asked.uid}/files/{old.pk}/delete/")
    assert asked.materials.get() == old


def test_after_sending_nothing_changes_any_more(asked: Application, browser: Client, now: None) -> None:
    upload(browser, asked)
    browser.post(address(asked, "place/"), PLACE)
    browser.post(address(asked), {})
    browser.post(address(asked), {})
    assert Request.objects.count() == 1
    assert upload(browser, asked, content=files.pdf("later")).status_code == 409
    assert browser.post(address(asked, "place/autosave/"), PLACE).status_code == 409
    assert browser.get(address(asked)).headers["Location"] == f"/my/{asked.uid}/"


def test_too_late_is_said(asked: Application, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.requests.timezone.now", lambda: factories.moment("2026-06-01 10:00"))
    upload(browser, asked)
    browser.post(address(asked, "place/"), PLACE)
    answer = browser.post(address(asked), {}, follow=True).content.decode()
    assert "补正期限已过" in answer
    assert not Request.objects.exists()


def test_nothing_to_correct(filed: Application, browser: Client) -> None:
    assert browser.get(address(filed)).headers["Location"] == f"/my/{filed.uid}/"
    assert Application.objects.get().state == State.SUBMITTED


def test_the_other_applicant_corrects_nothing(asked: Application, other: Client) -> None:
    for answer in (
        other.get(address(asked)),
        other.post(address(asked), {}),
        other.get(address(asked, "place/")),
        other.post(address(asked, "place/autosave/"), PLACE),
        upload(other, asked),
    ):
        assert answer.status_code == 404
    assert not Request.objects.exists()


def test_a_colleague_may_correct(asked: Application, qinghe: object, zhao_min: User, now: None) -> None:
    Application.objects.update(enterprise=qinghe)
    colleague = people.login(zhao_min)
    upload(colleague, asked)
    colleague.post(address(asked, "place/"), PLACE)
    colleague.post(address(asked), {})
    assert Request.objects.count() == 1
