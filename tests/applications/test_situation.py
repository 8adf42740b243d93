"""What the answers about a situation do to a draft and a case: kept, filled in, crossed, and narrowing everything."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from applications import drafts, sync_handlers, uploads
from applications.errors import DataMissing, NotPossible
from applications.forms.moves import correction_targets
from applications.models import Application
from applications.views.staff.case import material_rows
from identity.models import Department, User
from matters import services
from matters.models import GuideVersion, Matter
from sync.models import Outbox
from sync.registry import Fact
from tests import factories, people
from tests.applications.applicant import files
from tests.applications.documents.reading import words
from tests.applications.test_crossing import facts, forget
from tests.conftest import switch_side
from tests.helpers import move

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[1] / "sync" / "samples" / "application.submitted.v1.json"
SCENARIO: dict[str, Any] = {
    "questions": [
        {
            "key": "trade",
            "text": "做什么生意？",
            "choices": [
                {"value": "meals", "label": "餐馆", "fills": [{"section": "place", "field": "kind", "value": "meals"}]},
                {"value": "shop", "label": "食品店", "fills": [{"section": "place", "field": "kind", "value": "shop"}]},
                {"value": "packaged", "label": "只卖预包装食品", "stop": "不用办许可，请备案。"},
            ],
        },
        {
            "key": "raw",
            "text": "做不做生食？",
            "only_when": ["trade.meals"],
            "choices": [{"value": "yes", "label": "做"}, {"value": "no", "label": "不做"}],
        },
    ]
}
KIND = {
    "key": "kind",
    "type": "choice",
    "label": "业态",
    "choices": [{"value": "meals", "label": "餐饮"}, {"value": "shop", "label": "零售"}],
    "example": "meals",
}
RAW = {"trade": ["meals"], "raw": ["yes"]}
SHOP = {"trade": ["shop"]}


def content(department: Department) -> dict[str, Any]:
    """小餐饮经营许可 where raw food needs a plan of the room, and meals a visit."""
    made = factories.content(department)
    guide = made["guide"]
    made["form"]["sections"][0]["fields"].append(KIND)
    guide["materials"].append(guide["materials"][0] | {"key": "room", "name": "专间设计图", "only_when": ["raw.yes"]})
    visit = {"order": 3, "kind": "review", "name": "现场核查", "role": "reviewer", "working_days": 3}
    guide["procedure"].insert(3, visit | {"only_when": ["trade.meals"]})
    guide["conditions"].append({"text": "有生食专间", "only_when": ["raw.yes"]})
    made["scenario"] = SCENARIO
    return made


@pytest.fixture
def matter(on_outer: str, market_bureau: Department) -> Matter:
    row = factories.matter(market_bureau)
    version = GuideVersion.objects.create(
        matter=row,
        number=2,
        state=GuideVersion.State.PUBLISHED,
        content=content(market_bureau),
        effective_on="2025-01-01",
        published_at=timezone.now(),
    )
    row.current = version
    row.save()
    return row


def begin(user: User, matter: Matter, situation: dict[str, list[str]]) -> Application:
    return drafts.begin(factories.applicant(user), matter, situation)


def fill(case: Application, kind: str = "meals") -> None:
    drafts.save_section(case, "place", {"name": "小青馆", "area": "80", "kind": kind}, complete=True)
    for material in uploads.open_materials(case):
        if material.is_uploaded:
            files.hand_in(case, material.key)


@pytest.fixture
def ready(matter: Matter, wang_fang: User) -> Application:
    """王芳 runs a restaurant with raw food; everything is filled in."""
    case = begin(wang_fang, matter, RAW)
    fill(case)
    return case


@pytest.fixture
def browser(wang_fang: User) -> Client:
    return people.login(wang_fang)


def get(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer
    return answer.content.decode()


# --- beginning


def test_applying_carries_the_answers_into_the_draft(matter: Matter, browser: Client) -> None:
    start = f"/apply/{matter.code}/?trade=meals&raw=yes&junk=1"
    page = get(browser, start)
    assert "做不做生食？做" in page
    assert "专间设计图" in page
    browser.post(start, {"name": "person"})
    case = Application.objects.get()
    assert case.situation == RAW
    section = get(browser, f"/drafts/{case.uid}/sections/place/")
    assert 'value="meals"' in section[: section.index("checked")][-120:]
    assert "“业态”已按" in section
    tasks = get(browser, f"/drafts/{case.uid}/")
    assert "做什么生意？餐馆；做不做生食？做" in tasks
    assert "必须上传的还差 2 项" in tasks


def test_a_stop_leads_back_to_the_advice(matter: Matter, browser: Client, wang_fang: User) -> None:
    answer = browser.get(f"/apply/{matter.code}/?trade=packaged")
    assert answer.headers["Location"] == f"/matters/{matter.code}/situation/?trade=packaged"
    with pytest.raises(NotPossible, match="请备案"):
        begin(wang_fang, matter, {"trade": ["packaged"]})


def test_without_answers_the_questions_come_first(matter: Matter, browser: Client, wang_fang: User) -> None:
    case = begin(wang_fang, matter, {})
    tasks = get(browser, f"/drafts/{case.uid}/")
    assert tasks.index("我的情况") < tasks.index("填写申请表")
    assert "请先回答“我的情况”" in tasks
    drafts.save_section(case, "place", {"name": "馆", "area": "80", "kind": "shop"}, complete=True)
    files.hand_in(case, "plan")
    assert list(drafts.missing(case)) == ["situation"]
    with pytest.raises(DataMissing):
        factories.file_draft(case, wang_fang)


def test_an_existing_draft_offers_to_take_the_new_answers(matter: Matter, browser: Client, wang_fang: User) -> None:
    case = begin(wang_fang, matter, SHOP)
    page = browser.post(f"/apply/{matter.code}/?trade=meals&raw=yes", {"name": "person"}).content.decode()
    assert f"/drafts/{case.uid}/situation/?trade=meals&amp;raw=yes" in page
    same = browser.post(f"/apply/{matter.code}/?trade=shop", {"name": "person"}).content.decode()
    assert "把刚才的回答用到这份草稿" not in same


# --- going through the questions again


def test_the_questions_can_be_answered_again_in_the_draft(ready: Application, browser: Client) -> None:
    url = f"/drafts/{ready.uid}/situation/"
    assert "专间设计图" in get(browser, url)
    assert "<h1>做什么生意？</h1>" in get(browser, f"{url}?re-ask=trade")
    preview = get(browser, f"{url}?trade=shop&raw=yes&was-asked=trade")
    assert "就按这些回答填写" in preview
    assert "专间设计图" not in preview
    ready.refresh_from_db()
    assert ready.situation == RAW  # looking changes nothing
    browser.post(f"{url}?trade=shop")
    ready.refresh_from_db()
    assert ready.situation == SHOP
    assert ready.answers["place"] == {"name": "小青馆", "area": "80", "kind": "shop"}
    assert [row.key for row in uploads.unneeded(ready)] == ["room"]
    assert "按您的情况用不到的文件" in get(browser, f"/drafts/{ready.uid}/materials/")


def test_what_is_not_needed_comes_back_and_otherwise_does_not_leave(ready: Application, wang_fang: User) -> None:
    drafts.set_situation(ready, SHOP)
    assert drafts.missing(ready) == {}
    drafts.set_situation(ready, RAW)
    assert drafts.missing(ready) == {}
    drafts.set_situation(ready, SHOP)
    factories.file_draft(ready, wang_fang)
    (fact,) = facts("application.submitted")
    assert [row["key"] for row in fact.payload["materials"]] == ["plan"]


def test_an_unfinished_or_stopped_way_is_not_kept(ready: Application, browser: Client) -> None:
    url = f"/drafts/{ready.uid}/situation/"
    browser.post(f"{url}?trade=packaged")
    ready.refresh_from_db()
    assert ready.situation == RAW
    page = get(browser, f"{url}?trade=packaged")
    assert "不用办许可，请备案。" in page
    assert "就按这些回答填写" not in page


def test_only_the_applicant_and_only_a_draft(ready: Application, browser: Client, stranger: User, wang_fang: User) -> None:  # fmt: skip
    url = f"/drafts/{ready.uid}/situation/"
    assert people.login(stranger).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    factories.file_draft(ready, wang_fang)
    assert browser.post(f"{url}?trade=shop").headers["Location"] == f"/my/{ready.uid}/"
    with pytest.raises(NotPossible):
        drafts.set_situation(ready, SHOP)


def test_a_matter_without_questions_has_no_such_page(on_outer: str, market_bureau: Department, wang_fang: User, browser: Client) -> None:  # fmt: skip
    case = begin(wang_fang, factories.matter(market_bureau), {"trade": ["shop"]})
    assert case.situation == {}
    assert browser.get(f"/drafts/{case.uid}/situation/").headers["Location"] == f"/drafts/{case.uid}/"
    assert "我的情况" not in get(browser, f"/drafts/{case.uid}/")


# --- the form says something else


def test_a_form_that_says_something_else_is_told_and_not_submitted(ready: Application, browser: Client) -> None:
    url = f"/drafts/{ready.uid}/sections/place/"
    typed = {"place-name": "小青馆", "place-area": "80", "place-kind": "shop", "go": "1"}
    after = browser.post(url, typed, follow=True).content.decode()
    assert "“业态”现在是“零售”，和“我的情况”里回答的“餐饮”不一致" in after
    assert "重新回答“我的情况”" in get(browser, url)
    ready.refresh_from_db()
    assert ready.answers["place"]["kind"] == "shop"  # nothing typed is lost
    assert "不一致" in drafts.missing(ready)["situation"]
    check = get(browser, f"/drafts/{ready.uid}/check/")
    assert f"/drafts/{ready.uid}/situation/" in check
    drafts.set_situation(ready, SHOP)
    assert drafts.missing(ready) == {}


def test_a_change_of_answers_is_seen_before_submitting(ready: Application, browser: Client) -> None:
    old = browser.get(f"/drafts/{ready.uid}/check/").context["checked"]
    drafts.set_situation(ready, {"trade": ["meals"], "raw": ["no"]})
    sent = browser.post(f"/drafts/{ready.uid}/check/", {"checked": old, "seen": ready.seen, "declared": "on"})
    assert "有变化" in sent.content.decode()


# --- a newer guide


def test_a_newer_guide_cleans_the_answers(ready: Application, matter: Matter, market_bureau: Department) -> None:
    newer = content(market_bureau)
    newer["scenario"] = {
        "questions": [
            SCENARIO["questions"][0],
            SCENARIO["questions"][1]
            | {"choices": [{"value": "fish", "label": "刺身"}, {"value": "no", "label": "不做"}]},
        ]
    }
    matter.current = GuideVersion.objects.create(
        matter=matter, number=3, state=GuideVersion.State.PUBLISHED, content=newer, effective_on="2025-06-01"
    )
    matter.save()
    ready.matter.refresh_from_db()
    assert drafts.renew_guide(ready)
    assert ready.situation == {"trade": ["meals"]}
    assert ready.answers["place"]["name"] == "小青馆"
    assert list(drafts.missing(ready)) == ["situation"]


# --- across the gap, in the office


@pytest.fixture
def arrived(ready: Application, wang_fang: User, settings: Any) -> Application:
    """The case on the inner side."""
    factories.file_draft(ready, wang_fang)
    (fact,) = facts("application.submitted")
    forget(ready)
    switch_side(settings, "inner")
    sync_handlers.submitted(fact)
    return Application.objects.get(uid=ready.uid)


def test_the_answers_cross(arrived: Application) -> None:
    assert arrived.situation == RAW
    assert [row["material"].key for row in material_rows(arrived)] == ["plan", "proof", "room"]


def test_an_old_payload_has_no_answers(matter: Matter, settings: Any) -> None:
    payload = json.loads(SAMPLE.read_text())
    payload |= {"matter": matter.code, "guide": str(matter.current.uid)}
    switch_side(settings, "inner")
    fact = Fact("application.submitted", 1, f"application:{payload['uid']}", 1, 1, payload, [], timezone.now())
    sync_handlers.submitted(fact)
    case = Application.objects.get(uid=payload["uid"])
    assert case.situation == {}
    assert len(case.guide.materials) == 3  # nothing is left out without an answer


def test_what_is_sent_has_the_fields_of_the_sample_and_the_answers(ready: Application, wang_fang: User) -> None:
    factories.file_draft(ready, wang_fang)
    payload = json.loads(Outbox.objects.get(topic="application.submitted").payload)
    since_then = {
        "situation",
        "purpose",
        "about_licence",
        "change_asked",
        "head",
        "way",
        "deferral_agreed_at",
        "postal",
    }
    assert set(payload) == {*json.loads(SAMPLE.read_text()), *since_then}
    assert payload["situation"] == RAW


def test_the_officer_sees_only_what_applies(arrived: Application, clerk: User) -> None:
    page = get(people.login(clerk), f"/work/{arrived.number}/")
    assert "申请人的情况" in page
    assert "餐馆" in page
    assert "专间设计图" in page
    assert "material:room" in correction_targets(arrived)


def test_the_route_has_only_the_steps_that_apply(arrived: Application, clerk: User) -> None:
    case = move(arrived, "accept", by=clerk)
    assert sorted(case.route_steps.values_list("name", flat=True)) == ["决定", "审查", "现场核查"]


def test_another_situation_has_another_route(matter: Matter, wang_fang: User, clerk: User, settings: Any) -> None:
    case = begin(wang_fang, matter, SHOP)
    fill(case, "shop")
    case = factories.file_draft(case, wang_fang)
    (fact,) = facts("application.submitted")
    forget(case)
    switch_side(settings, "inner")
    sync_handlers.submitted(fact)
    case = Application.objects.get(uid=case.uid)
    assert "material:room" not in correction_targets(case)
    assert "专间设计图" not in get(people.login(clerk), f"/work/{case.number}/")
    moved = move(case, "accept", by=clerk)
    assert sorted(moved.route_steps.values_list("name", flat=True)) == ["决定", "审查"]


def test_the_filled_form_says_the_situation(ready: Application, browser: Client) -> None:
    text = words(browser.get(f"/documents/forms/{ready.uid}.pdf").content)
    assert "申请人的情况" in text
    assert "做什么生意？餐馆" in text
    drafts.set_situation(ready, SHOP)
    assert "专间设计图" not in words(browser.get(f"/documents/forms/{ready.uid}.pdf").content)


def test_the_applicants_pages_show_it(ready: Application, browser: Client, wang_fang: User) -> None:
    assert "做什么生意？" in get(browser, f"/drafts/{ready.uid}/check/")
    factories.file_draft(ready, wang_fang)
    assert "做什么生意？" in get(browser, f"/my/{ready.uid}/")


# --- for programs


def test_programs_answer_the_questions(matter: Matter, browser: Client) -> None:
    made = browser.post(
        "/api/v1/applicant/applications/",
        {"matter": matter.code, "situation": {"trade": ["meals"], "junk": ["x"]}},
        content_type="application/json",
    ).json()
    assert made["situation"] == {"trade": ["meals"]}
    assert "situation" in made["missing"]
    url = f"/api/v1/applicant/applications/{made['uid']}/situation/"
    done = browser.put(url, {"situation": RAW}, content_type="application/json")
    assert done.json()["situation"] == RAW
    assert "material:room" in done.json()["missing"]
    assert browser.put(url, {"situation": "meals"}, content_type="application/json").status_code == 422
    assert browser.put(url, {}, content_type="application/json").status_code == 422


def test_programs_of_others_do_not(ready: Application, stranger: User, wang_fang: User, browser: Client) -> None:
    url = f"/api/v1/applicant/applications/{ready.uid}/situation/"
    body = {"situation": SHOP}
    assert people.login(stranger).put(url, body, content_type="application/json").status_code == 404
    factories.file_draft(ready, wang_fang)
    assert browser.put(url, body, content_type="application/json").status_code == 409


def test_publishing_checks_the_scenario(market_bureau: Department) -> None:
    broken = content(market_bureau) | {"scenario": {"questions": [{"key": "x", "text": "？", "choices": []}]}}
    with pytest.raises(services.NotPublishable):
        services.publish(services.save_draft(broken, market_bureau), by="罗宁")
