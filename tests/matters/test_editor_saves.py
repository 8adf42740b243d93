"""Keeping the draft while it is typed, and two people on one draft."""

import json

import pytest

from identity.models import Role
from matters import services
from matters.models import GuideVersion
from tests.matters.editing import edit_url, page_of, with_typed
from tests.matters.guides import whole
from tests.people import login, make_staff

pytestmark = pytest.mark.usefixtures("on_inner")


@pytest.fixture
def draft(market_bureau):
    """A whole draft of 食品经营许可."""
    return services.save_draft(whole(), market_bureau)


@pytest.fixture
def colleague(market_bureau):
    """方圆, another editor of the department."""
    return make_staff("fangyuan", "方圆", market_bureau, Role.EDITOR)


def saved(draft) -> dict:
    return GuideVersion.objects.get(pk=draft.pk).content


# --- autosave
def test_autosave_answers_with_revision_problems_states_and_offers(editor, draft):
    client = login(editor)
    page = with_typed(page_of(client, draft.matter), guide__materials__1__name="其他材料")
    answer = client.post(edit_url(draft.matter, "autosave"), page)
    assert answer.status_code == 200
    told = answer.json()
    assert told["revision"] == 1
    assert len(told["saved_at"]) == 5
    assert "guide.materials.1.name" in [problem["name"] for problem in told["problems"]]
    assert {"name": "guide.materials", "kind": "problems", "words": "有 2 个问题"} in told["states"]
    assert ["plan", "其他材料"] in told["offers"]["materials"]
    assert ["place.online.yes", "经营场所 › 是否网上经营：是"] in told["offers"]["answers"]


def test_the_next_autosave_goes_on_from_the_answer(editor, draft):
    client = login(editor)
    page = page_of(client, draft.matter)
    told = client.post(edit_url(draft.matter, "autosave"), with_typed(page, guide__matter_name="一")).json()
    page = with_typed(page, seen=str(told["revision"]), marks=told["marks"], guide__matter_name="二二")
    assert client.post(edit_url(draft.matter, "autosave"), page).json()["revision"] == 2
    assert saved(draft)["guide"]["matter_name"] == "二二"
    assert draft.changes.count() == 2  # drafted, and one row for the edits of one sitting


def test_the_same_page_twice_is_kept_once(editor, draft):
    client = login(editor)
    page = page_of(client, draft.matter)
    assert client.post(edit_url(draft.matter, "autosave"), page).json()["revision"] == 0


def test_a_code_is_never_lost(editor, draft):
    client = login(editor)
    page = with_typed(page_of(client, draft.matter), header__code="X-1")
    client.post(edit_url(draft.matter, "autosave"), page)
    assert saved(draft)["header"]["code"] == draft.matter.code


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        ({"whole": None}, 400),
        ({"seen": ["x"]}, 400),
        ({"guide.conditions": ["?"]}, 400),
        ({"guide.matter_name": ["a\0b"]}, 400),
    ],
)
def test_autosave_refuses_what_no_page_sends(editor, draft, broken, status):
    client = login(editor)
    page = {**page_of(client, draft.matter), **broken}
    page = {name: values for name, values in page.items() if values is not None}
    assert client.post(edit_url(draft.matter, "autosave"), page).status_code == status
    assert saved(draft) == whole()


def test_autosave_takes_no_get(editor, draft):
    assert login(editor).get(edit_url(draft.matter, "autosave")).status_code == 405


def test_autosave_is_not_for_publishers(publisher, draft):
    assert login(publisher).post(edit_url(draft.matter, "autosave"), {"whole": "yes", "seen": "0"}).status_code == 404


def test_a_draft_that_is_gone_says_so(editor, draft):
    client = login(editor)
    page = page_of(client, draft.matter)
    services.publish(draft, by="罗宁")
    answer = client.post(edit_url(draft.matter, "autosave"), page)
    assert answer.status_code == 409
    assert "没有草稿" in answer.json()["message"]


# --- two people
@pytest.fixture
def crossed(editor, colleague, draft):
    """何苗 opened the page; then 方圆 changed materials and e-mail. 何苗's page has a new name and another e-mail."""
    mine = login(editor)
    page = page_of(mine, draft.matter)
    theirs = login(colleague)
    other = with_typed(page_of(theirs, draft.matter), guide__contact__email="their@example.cn")
    other |= {"guide.materials": ["2:2", "0:0"]}
    assert theirs.post(edit_url(draft.matter), other).status_code == 302
    return mine, with_typed(page, guide__matter_name="我的名称", guide__contact__email="mine@example.cn")


def test_autosave_of_a_stale_page_is_told_and_overwrites_nothing(crossed, draft):
    mine, page = crossed
    answer = mine.post(edit_url(draft.matter, "autosave"), page)
    assert (answer.status_code, answer.json()["code"]) == (409, "moved")
    assert saved(draft)["guide"]["contact"]["email"] == "their@example.cn"


def test_a_stale_page_is_compared_field_by_field(crossed, draft):
    mine, page = crossed
    answer = mine.post(edit_url(draft.matter), page)
    assert answer.status_code == 409
    found = {difference.name: difference for difference in answer.context["differences"]}
    assert {name: d.changed_by for name, d in found.items()} == {
        "guide.matter_name": "mine",
        "guide.materials": "theirs",
        "guide.contact": "both",
    }
    words = answer.content.decode()
    for expected in ("方圆", "mine@example.cn", "their@example.cn", "我的名称", "两个人都改了", "只有对方改了"):
        assert expected in words
    assert saved(draft)["guide"]["matter_name"] == "食品经营许可"


def test_the_editor_keeps_or_takes_each_field(crossed, draft):
    mine, page = crossed
    answer = mine.post(edit_url(draft.matter), page)
    choice = {
        "seen": str(answer.context["draft"].revision),
        "mine": answer.context["mine_json"],
        "marks": answer.context["marks"],
        "keep.guide.matter_name": "mine",
        "keep.guide.materials": "theirs",
        "keep.guide.contact": "mine",
    }
    assert mine.post(edit_url(draft.matter, "resolve"), choice).status_code == 302
    guide = saved(draft)["guide"]
    assert guide["matter_name"] == "我的名称"
    assert guide["contact"]["email"] == "mine@example.cn"
    assert [material["key"] for material in guide["materials"]] == ["licence", "form"]


def test_a_third_save_in_between_is_compared_again(crossed, colleague, draft):
    mine, page = crossed
    answer = mine.post(edit_url(draft.matter), page)
    theirs = login(colleague)
    theirs.post(
        edit_url(draft.matter), with_typed(page_of(theirs, draft.matter), guide__service_address__transit="9 路")
    )
    choice = {
        "seen": "1",
        "mine": answer.context["mine_json"],
        "marks": answer.context["marks"],
        "keep.guide.matter_name": "mine",
    }
    again = mine.post(edit_url(draft.matter, "resolve"), choice)
    assert again.status_code == 409
    assert "我的名称" in again.content.decode()
    assert "guide.service_address" in {difference.name for difference in again.context["differences"]}


@pytest.mark.parametrize("mine", ["", "[1]", "{"])
def test_a_choice_without_the_page_is_refused(editor, draft, mine):
    answer = login(editor).post(edit_url(draft.matter, "resolve"), {"seen": "0", "mine": mine})
    assert answer.status_code == 409
    assert saved(draft) == whole()


def test_a_carried_page_cannot_change_the_code(editor, draft):
    content = whole(matter_name="改名") | {"header": {"code": "OTHER"}}
    choice = {"seen": "0", "mine": json.dumps(content), "keep.header": "mine", "keep.guide.matter_name": "mine"}
    login(editor).post(edit_url(draft.matter, "resolve"), choice)
    assert saved(draft)["header"]["code"] == draft.matter.code
