"""Checking, declaring, submitting once; the page that says it arrived."""

import re

import pytest
from django.test import Client

from applications.models import Application, Document, Event
from applications.models.document import DocumentState
from applications.states import State
from applications.views.applicant.submit import fingerprint
from identity.models import User
from matters.models import Matter
from sync.models import Outbox
from tests import people
from tests.applications.applicant import files

pytestmark = pytest.mark.django_db


def url(case: Application) -> str:
    return f"/drafts/{case.uid}/check/"


def submit(client: Client, case: Application, **changes: str):
    case.refresh_from_db()
    return client.post(url(case), {"seen": "DRAFT.0", "checked": fingerprint(case), "declared": "on"} | changes)


def test_everything_is_shown_with_a_way_back(ready: Application, browser: Client) -> None:
    page = browser.get(url(ready)).content.decode()
    for shown in ("青禾小厨", "80.5", "赵敏", "平面图.pdf", f"/drafts/{ready.uid}/sections/place/?back=check"):
        assert shown in page


def test_a_submission_gets_number_code_and_receipt(ready: Application, browser: Client) -> None:
    answer = submit(browser, ready)
    assert answer.headers["Location"] == f"/my/{ready.uid}/submitted/"
    ready.refresh_from_db()
    assert ready.state == State.SUBMITTED
    assert re.fullmatch(r"519901\d{15}", ready.number or "")
    assert len(ready.query_code) == 6
    assert ready.documents.get().kind == "receipt"


def test_it_leaves_an_event_and_a_fact(ready: Application, browser: Client) -> None:
    submit(browser, ready)
    assert Event.objects.get(application=ready).actor_name == "王芳"
    assert Outbox.objects.get().topic == "application.submitted"


def test_a_double_click_or_a_re_sent_page_is_one_case(ready: Application, browser: Client) -> None:
    checked = fingerprint(ready)
    first = submit(browser, ready, checked=checked)
    number = Application.objects.get().number
    again = submit(browser, ready, checked=checked)
    assert first.headers["Location"] == again.headers["Location"]
    assert Application.objects.get().number == number
    assert Event.objects.count() == Outbox.objects.count() == 1


def test_the_declaration_is_needed(ready: Application, browser: Client) -> None:
    page = submit(browser, ready, declared="").content.decode()
    assert "请阅读并勾选承诺" in page
    ready.refresh_from_db()
    assert (ready.state, ready.number) == (State.DRAFT, None)


def test_what_is_missing_is_named_where_it_is_mended(draft: Application, browser: Client) -> None:
    page = submit(browser, draft).content.decode()
    assert f'href="/drafts/{draft.uid}/sections/place/?back=check"' in page
    assert f'href="/drafts/{draft.uid}/materials/?back=check#material-plan"' in page
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_what_changed_after_checking_is_shown_again(ready: Application, browser: Client) -> None:
    checked = fingerprint(ready)
    files.hand_in(ready, "proof", content=files.pdf("later"))
    page = submit(browser, ready, checked=checked).content.decode()
    assert "内容在您核对之后有变化" in page
    ready.refresh_from_db()
    assert ready.state == State.DRAFT


def test_a_stored_answer_that_is_wrong_never_leaves(ready: Application, browser: Client) -> None:
    ready.answers = ready.answers | {"place": {"name": "青禾小厨", "area": "-1", "owner": "王芳"}}
    ready.save(update_fields=["answers"])
    page = submit(browser, ready).content.decode()
    assert "“经营场所”还没有填写完" in page
    ready.refresh_from_db()
    assert ready.state == State.DRAFT


def test_a_matter_that_was_withdrawn_meanwhile(ready: Application, browser: Client) -> None:
    Matter.objects.update(active=False)
    assert "停办或正在修订" in submit(browser, ready).content.decode()
    ready.refresh_from_db()
    assert (ready.state, ready.answers["place"]["name"]) == (State.DRAFT, "青禾小厨")


def test_the_other_applicant_cannot_submit_it(ready: Application, other: Client) -> None:
    assert submit(other, ready).status_code == 404
    assert other.get(f"/my/{ready.uid}/submitted/").status_code == 404


def test_an_expired_session_submits_nothing(ready: Application) -> None:
    assert submit(Client(), ready).headers["Location"].startswith("/accounts/login/?next=")
    ready.refresh_from_db()
    assert ready.state == State.DRAFT


def test_an_agent_of_the_enterprise_submits_what_a_colleague_wrote(
    ready: Application, qinghe: object, zhao_min: User
) -> None:
    Application.objects.update(enterprise=qinghe)
    submit(people.login(zhao_min), ready)
    ready.refresh_from_db()
    assert ready.state == State.SUBMITTED


def test_the_confirmation_stays(filed: Application, browser: Client) -> None:
    page = browser.get(f"/my/{filed.uid}/submitted/").content.decode()
    number = filed.number or ""
    assert f"{number[:6]} {number[6:14]} {number[14:20]} {number[20:]}" in page
    assert filed.query_code in page
    assert "2026年3月9日（周一）" in page  # five working days after Monday 2 March
    assert filed.query_code in browser.get(f"/my/{filed.uid}/submitted/").content.decode()


def test_the_receipt_is_waited_for_without_script(filed: Application, browser: Client) -> None:
    address = f"/my/{filed.uid}/submitted/"
    assert '<noscript><a href="">刷新看看</a></noscript>' in browser.get(address).content.decode()
    receipt = filed.documents.get()
    Document.objects.update(state=DocumentState.READY)
    page = browser.get(address).content.decode()
    assert "data-poll" not in page
    assert f"/documents/{receipt.uid}/" in page


def test_a_draft_has_no_confirmation(ready: Application, browser: Client) -> None:
    assert browser.get(f"/my/{ready.uid}/submitted/").headers["Location"] == f"/drafts/{ready.uid}/"
