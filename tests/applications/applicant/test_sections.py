"""One part a page: judged when the person goes on, kept whatever was typed."""

import copy

import pytest
from django.test import Client

from applications.models import Application
from tests.applications.applicant.conftest import PLACE

pytestmark = pytest.mark.django_db
ROWS = {"staff-TOTAL_FORMS": "2", "staff-INITIAL_FORMS": "0", "staff-0-name": "赵敏", "staff-1-name": "钱多"}


def url(case: Application, key: str = "place", tail: str = "") -> str:
    return f"/drafts/{case.uid}/sections/{key}/{tail}"


def reload(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def test_a_complete_part_is_done_and_leads_on(draft: Application, browser: Client) -> None:
    answer = browser.post(url(draft), PLACE)
    assert answer.headers["Location"] == url(draft, "staff")
    case = reload(draft)
    assert case.sections_done == ["place"]
    assert case.answers["place"] == {"name": "青禾小厨", "area": "80.5", "owner": "王芳"}


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(draft: Application, browser: Client) -> None:
    page = browser.post(url(draft), PLACE | {"place-area": "很大", "place-name": ""}).content.decode()
    assert "请填写数字" in page
    assert 'href="#id_place-area"' in page
    assert 'value="很大"' in page
    case = reload(draft)
    assert (case.sections_done, case.answers["place"]["area"]) == ([], "很大")
    assert "已保存" in browser.get(f"/drafts/{draft.uid}/").content.decode()


def test_known_facts_are_filled_in_until_the_part_was_saved(draft: Application, browser: Client) -> None:
    assert 'value="王芳"' in browser.get(url(draft)).content.decode()
    browser.post(url(draft), PLACE | {"place-owner": ""})
    assert 'value="王芳"' not in browser.get(url(draft)).content.decode()


def test_the_way_back_from_the_check_page_is_kept(draft: Application, browser: Client) -> None:
    answer = browser.post(url(draft) + "?back=check", PLACE)
    assert answer.headers["Location"] == f"/drafts/{draft.uid}/check/"


def test_leaving_keeps_what_was_typed(draft: Application, browser: Client) -> None:
    half = {"place-name": "青禾", "place-area": "", "place-owner": "", "leave": "1"}
    assert browser.post(url(draft), half).headers["Location"] == f"/drafts/{draft.uid}/"
    assert reload(draft).answers["place"] == {"name": "青禾"}


def test_rows_are_added_and_removed_without_script(draft: Application, browser: Client) -> None:
    browser.post(url(draft, "staff"), ROWS | {"staff-add": "1"})
    assert browser.get(url(draft, "staff")).content.decode().count("data-row-number") == 4  # and the template's
    assert reload(draft).answers["staff"] == [{"name": "赵敏"}, {"name": "钱多"}, {}]
    browser.post(url(draft, "staff"), ROWS | {"staff-0-DELETE": "on"})
    assert reload(draft).answers["staff"] == [{"name": "钱多"}]


def test_rows_stop_at_the_most(draft: Application, browser: Client) -> None:
    three = ROWS | {"staff-TOTAL_FORMS": "3", "staff-2-name": "孙三"}
    browser.post(url(draft, "staff"), three | {"staff-add": "1"})
    assert len(reload(draft).answers["staff"]) == 3
    assert "最多 3 行" in browser.get(url(draft, "staff")).content.decode()


def test_rows_are_judged_when_going_on(draft: Application, browser: Client) -> None:
    none = {"staff-TOTAL_FORMS": "1", "staff-INITIAL_FORMS": "0", "staff-0-name": "", "go": "1"}
    assert browser.post(url(draft, "staff"), none).status_code == 200
    assert reload(draft).sections_done == []
    browser.post(url(draft, "staff"), ROWS | {"go": "1"})
    assert reload(draft).sections_done == ["staff"]


def test_a_page_without_its_row_counter_empties_nothing(ready: Application, browser: Client) -> None:
    browser.post(url(ready, "staff"), {"staff-0-name": "x", "go": "1"})
    assert reload(ready).answers["staff"] == [{"name": "赵敏"}]
    assert browser.post(url(ready, "staff", "autosave/"), {"staff-0-name": "x"}).status_code == 400
    assert reload(ready).answers["staff"] == [{"name": "赵敏"}]


def test_autosave_keeps_and_says_when(draft: Application, browser: Client) -> None:
    answer = browser.post(url(draft, tail="autosave/"), {"place-name": "青禾", "place-area": "很大"})
    assert len(answer.json()["saved_at"]) == len("14:03")
    case = reload(draft)
    assert (case.answers["place"], case.sections_done) == ({"name": "青禾", "area": "很大"}, [])


def test_autosave_opens_a_finished_part_that_is_no_longer_right(ready: Application, browser: Client) -> None:
    browser.post(url(ready, tail="autosave/"), PLACE | {"place-area": "81"})
    assert reload(ready).sections_done == ["place", "staff"]
    browser.post(url(ready, tail="autosave/"), PLACE | {"place-area": ""})
    assert reload(ready).sections_done == ["staff"]


def test_the_other_applicant_finds_nothing(draft: Application, other: Client) -> None:
    for answer in (
        other.get(f"/drafts/{draft.uid}/"),
        other.get(url(draft)),
        other.post(url(draft), PLACE),
        other.post(url(draft, tail="autosave/"), PLACE),
        other.post(f"/drafts/{draft.uid}/delete/"),
    ):
        assert answer.status_code == 404
    assert reload(draft).answers == {}


def test_an_expired_session_leads_to_login_and_back(draft: Application) -> None:
    page = f"http://testserver{url(draft)}"
    answer = Client().post(url(draft, tail="autosave/"), PLACE, HTTP_REFERER=page)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/login/?next=%2Fdrafts%2F{draft.uid}%2Fsections%2Fplace%2F"


def test_after_submission_nothing_changes(filed: Application, browser: Client) -> None:
    before = reload(filed).answers
    assert browser.post(url(filed), PLACE | {"place-name": "别的店"}).headers["Location"] == f"/my/{filed.uid}/"
    assert browser.post(url(filed, tail="autosave/"), PLACE).status_code == 409
    assert reload(filed).answers == before


def test_an_unknown_part_is_not_found(draft: Application, browser: Client) -> None:
    assert browser.get(url(draft, "nothing")).status_code == 404


def test_a_new_version_of_the_guide_keeps_what_was_typed(ready: Application, browser: Client) -> None:
    version = ready.matter.current
    version.pk, version.uid, version.number = None, "5b1c8a3e-0000-4000-8000-000000000001", 2
    version.content = copy.deepcopy(version.content)
    version.content["form"]["sections"][0]["fields"].append(
        {"key": "phone", "type": "phone", "label": "电话", "required": True}
    )
    version.__dict__.pop("parsed", None)
    version.save()
    type(ready.matter).objects.filter(pk=ready.matter_id).update(current=version)
    assert "办事指南刚刚更新过" in browser.get(f"/drafts/{ready.uid}/").content.decode()
    case = reload(ready)
    assert (case.guide_version_id, case.sections_done) == (version.pk, ["staff"])
    assert case.answers["place"]["name"] == "青禾小厨"


def test_a_draft_is_thrown_away_after_asking(ready: Application, browser: Client) -> None:
    assert "不能恢复" in browser.get(f"/drafts/{ready.uid}/delete/").content.decode()
    assert Application.objects.exists()
    browser.post(f"/drafts/{ready.uid}/delete/")
    assert not Application.objects.exists()


def test_a_submitted_one_cannot_be_thrown_away(filed: Application, browser: Client) -> None:
    browser.post(f"/drafts/{filed.uid}/delete/")
    assert Application.objects.filter(pk=filed.pk).exists()
