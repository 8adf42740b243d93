"""Beginning to write: new matters, drafts of published ones; preview and trying the form."""

import pytest

from identity.models import Role
from matters import drafting, queries, services
from matters.models import Findable, Matter
from tests.matters.conftest import publish
from tests.matters.editing import edit_url
from tests.matters.guides import GUIDE_TEXTS, whole
from tests.people import login, make_staff

pytestmark = pytest.mark.usefixtures("on_inner")
NEW = "/catalogue/new/"


# --- a new matter
def test_a_new_matter_begins_with_what_the_site_knows(editor, market_bureau):
    answer = login(editor).post(NEW, {"name": "食品摊贩登记", "department": market_bureau.pk, "code": ""})
    matter = Matter.objects.get(name="食品摊贩登记")
    assert answer.url == edit_url(matter)
    draft = queries.latest_draft(matter)
    assert matter.code == "YC-SCJG-0001"
    assert (matter.active, matter.current) == (False, None)
    assert draft.content["guide"]["department"]["name"] == "云川市市场监督管理局"
    assert draft.content["guide"]["responsible_office"] == {"name": "行政审批科", "phone": "0839-5550101"}
    assert [step["kind"] for step in draft.content["guide"]["procedure"]] == [
        "apply",
        "accept",
        "review",
        "decide",
        "deliver",
    ]
    assert draft.changes.get().by == editor


def test_generated_codes_are_free_and_follow_each_other(editor, market_bureau):
    first = drafting.begin("甲事项", market_bureau, "", by=editor)
    second = drafting.begin("乙事项", market_bureau, "", by=editor)
    assert (first.matter.code, second.matter.code) == ("YC-SCJG-0001", "YC-SCJG-0002")


def test_a_code_in_use_is_refused_and_nothing_overwritten(editor, market_bureau):
    food = publish(market_bureau)
    answer = login(editor).post(NEW, {"name": "别的事项", "department": market_bureau.pk, "code": food.code})
    assert answer.status_code == 400
    assert "已经有事项在用" in answer.content.decode()
    assert food.versions.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "请填写事项名称"),
        ({"name": "食品经营许可"}, "本部门已有名为"),
        ({"code": "不是编码"}, "只含字母、数字"),
        ({"department": ""}, "请选择部门"),
    ],
)
def test_what_is_missing_is_told(editor, market_bureau, typed, words):
    publish(market_bureau)
    answer = login(editor).post(NEW, {"name": "新事项", "department": market_bureau.pk, "code": ""} | typed)
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_nobody_begins_a_matter_of_another_department(editor, market_bureau, housing_bureau):
    answer = login(editor).post(NEW, {"name": "新事项", "department": housing_bureau.pk, "code": ""})
    assert "您不能为这个部门新建事项" in answer.content.decode()
    assert not Matter.objects.exists()


def test_a_publisher_has_no_department_to_begin_in(publisher):
    assert "您没有可以新建事项的部门" in login(publisher).get(NEW).content.decode()


# --- revising
def test_revising_copies_the_guide_in_force_once(editor, market_bureau):
    food = publish(market_bureau)
    client = login(editor)
    assert client.post(edit_url(food, "revise")).url == edit_url(food)
    client.post(edit_url(food, "revise"))
    draft = food.versions.get(state="draft")
    assert (draft.number, draft.content) == (2, food.current.content)


def test_revising_does_not_overwrite_a_draft_in_hand(editor, market_bureau):
    food = publish(market_bureau)
    services.save_draft(whole(matter_name="改到一半"), market_bureau)
    login(editor).post(edit_url(food, "revise"))
    assert queries.latest_draft(food).content["guide"]["matter_name"] == "改到一半"


def test_revising_is_for_editors_and_by_post(editor, publisher, market_bureau):
    food = publish(market_bureau)
    assert login(publisher).post(edit_url(food, "revise")).status_code == 404
    assert login(editor).get(edit_url(food, "revise")).status_code == 405


def test_a_matter_without_any_guide_cannot_be_revised(editor, market_bureau):
    bare = Matter.objects.create(code="X", name="空事项", department=market_bureau)
    assert login(editor).post(edit_url(bare, "revise")).status_code == 409


# --- preview
def test_the_preview_shows_the_draft_as_the_public_will_see_it(editor, market_bureau):
    draft = services.save_draft(whole(), market_bureau)
    answer = login(editor).get(edit_url(draft.matter, "preview"))
    page = answer.content.decode()
    hidden = {"空白表", "填写样表"}
    assert [text for text in GUIDE_TEXTS if text not in page and text not in hidden] == []
    assert "草稿预览" in page
    assert 'href="/apply/' not in page
    assert "我符合条件吗" not in page
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert not Findable.objects.filter(matter=draft.matter).exists()


def test_the_preview_says_what_is_not_written_yet(editor, market_bureau):
    draft = drafting.begin("食品摊贩登记", market_bureau, "", by=editor)
    page = login(editor).get(edit_url(draft.matter, "preview")).content.decode()
    assert "下面按“没有”显示的要素：办理依据、受理期限" in page
    whole_draft = services.save_draft(whole(), market_bureau)
    assert "按“没有”显示" not in login(editor).get(edit_url(whole_draft.matter, "preview")).content.decode()


@pytest.mark.parametrize(
    "content",
    [
        {"guide": {}},
        {"guide": {"materials": "x", "procedure": [{"order": "x"}], "promised_limit": "?"}},
        {"form": {"sections": 3}, "scenario": []},
        {
            "guide": {
                "acceptance_window": {
                    "weekly_hours": [{"days": [], "open": "", "close": ""}],
                    "season_from": "x",
                    "season_to": "y",
                }
            }
        },
        {"guide": {"acceptance_window": {"season_from": "03-01"}, "outcome": {"validity": {"value": 3}}}},
    ],
)
def test_preview_and_editor_bear_any_draft(editor, market_bureau, content):
    draft = services.save_draft({"header": {"code": "YC-1"}, **content}, market_bureau)
    for route in ("preview", "edit", "try-form"):
        assert login(editor).get(edit_url(draft.matter, route)).status_code == 200


def test_no_draft_no_preview(editor, food):
    assert login(editor).get(edit_url(food, "preview")).status_code == 404


# --- trying the form
@pytest.fixture
def tried(editor, market_bureau):
    """A client and the address where the form of 食品经营许可 is tried."""
    draft = services.save_draft(whole(), market_bureau)
    return login(editor), edit_url(draft.matter, "try-form")


ANSWERS = {
    "place-name": "小青馆",
    "place-area": "80",
    "place-online": "no",
    "staff-TOTAL_FORMS": "1",
    "staff-INITIAL_FORMS": "0",
    "staff-0-name": "赵敏",
    "staff-0-since": "2026-01-05",
}


def test_right_answers_are_shown_as_the_office_will_see_them(tried):
    client, address = tried
    page = client.post(address, ANSWERS).content.decode()
    assert "全部填对了" in page
    assert "小青馆" in page


def test_wrong_answers_are_told_as_to_an_applicant(tried):
    client, address = tried
    page = client.post(address, ANSWERS | {"place-area": "1", "place-online": "yes"}).content.decode()
    assert "申请人会被要求改正这些" in page
    assert "请填写“网店地址”" in page


def test_a_row_may_be_added_without_being_judged(tried):
    client, address = tried
    page = client.post(address, ANSWERS | {"place-name": "", "staff-add": "1"}).content.decode()
    assert 'name="staff-1-name"' in page
    assert "申请人会被要求改正" not in page


def test_examples_fill_the_form(tried):
    client, address = tried
    page = client.get(f"{address}?example=1").content.decode()
    assert 'value="小青馆"' in page
    assert 'value="赵敏"' in page


def test_a_form_with_broken_rules_is_not_tried(editor, market_bureau):
    fields = [
        {"key": "A!", "label": "坏标识", "pattern": "["},
        {"key": "n", "type": "integer", "label": "数", "min": "x"},
    ]
    draft = services.save_draft(
        whole(form={"sections": [{"key": "s", "title": "部分", "fields": fields}]}), market_bureau
    )
    page = login(editor).get(edit_url(draft.matter, "try-form")).content.decode()
    for words in ("还不能试填", "坏标识", "正则表达式"):
        assert words in page


def test_trying_keeps_nothing(tried, market_bureau):
    client, address = tried
    client.post(address, ANSWERS)
    assert Matter.objects.get().versions.get().revision == 0
    other = make_staff("kan", "看看", market_bureau, Role.PUBLISHER)
    assert login(other).get(address).status_code == 200
