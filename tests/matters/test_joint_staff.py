"""The staff's pages of joint matters, as people use them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from identity.models import Department, Role, User
from matters.joint import publishing, queries
from matters.models import JointMatter, JointVersion, Matter
from tests.matters import joints
from tests.matters.conftest import publish as publish_matter
from tests.people import login, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]


@pytest.fixture(autouse=True)
def members(market_bureau: Department, housing_bureau: Department) -> list[Matter]:
    return joints.two_matters(market_bureau, housing_bureau)


@pytest.fixture
def draft(editor: User, market_bureau: Department) -> JointVersion:
    return joints.drafted(editor, market_bureau)


@pytest.fixture
def waiting(editor: User, market_bureau: Department) -> JointVersion:
    return joints.submitted(editor, market_bureau)


@pytest.fixture
def writer(editor: User) -> Client:
    return login(editor)


@pytest.fixture
def stranger_editor(housing_bureau: Department) -> Client:
    """An editor and publisher, but of another department."""
    return login(make_staff("bieren", "别人", housing_bureau, Role.EDITOR, Role.PUBLISHER))


def address(name: str, version: JointVersion) -> str:
    return reverse(f"catalogue:joint-{name}", args=[version.joint.uid])


def typed(version: JointVersion, **changes: Any) -> dict[str, Any]:
    """What the edit page sends when nothing is changed."""
    content = version.parsed
    data: dict[str, Any] = {
        "seen": version.revision,
        "save": "1",
        **content.model_dump(
            include={"name", "name_en", "lead", "life_event", "audiences", "description", "limit_basis"}
        ),
        "aliases": "、".join(content.aliases),
        "themes": "、".join(content.themes),
        "limit": "",
        "visits": "",
        "hall_name": content.place.hall_name,
        "address": content.place.address,
        "window_no": content.place.window_no,
        "phone": content.contact.phone,
        "members-TOTAL_FORMS": len(content.members),
        "members-INITIAL_FORMS": len(content.members),
        "faq-TOTAL_FORMS": len(content.faq),
        "faq-INITIAL_FORMS": len(content.faq),
    }
    for index, member in enumerate(content.members):
        data |= {f"members-{index}-{key}": value for key, value in member.model_dump().items()}
    for index, faq in enumerate(content.faq):
        data |= {f"faq-{index}-{key}": value for key, value in faq.model_dump().items()}
    return data | changes


def now(version: JointVersion) -> JointVersion:
    return JointVersion.objects.select_related("joint").get(pk=version.pk)


# --- it works
def test_a_whole_life_by_hand(writer: Client, publisher: User, market_bureau: Department) -> None:
    sent = {"name": "开店一件事", "code": "shop", "lead": "YC-SCJG"}
    page = writer.post(reverse("catalogue:joint-new"), sent)
    version = JointVersion.objects.get(joint__code="shop")
    assert page.url == address("edit", version)
    for code in (joints.FOOD, joints.FIRE):
        version = now(version)
        answer = writer.post(address("edit", version), typed(version, save="", add=code, q="许可"))
        assert answer.status_code == 302
    version = now(version)
    assert [member.code for member in version.parsed.members] == [joints.FOOD, joints.FIRE]
    assert "发布前要解决" in writer.get(address("package", version)).text
    whole = {key: joints.CONTENT[key] for key in ("description", "life_event", "audiences")}
    sent = typed(version, **whole, phone="0839-5550102", hall_name="政务大厅", address="滨河路 18 号")
    assert writer.post(address("edit", version), sent).status_code == 302
    version = now(version)
    writer.post(address("submit", version), {"seen": version.revision})
    version = now(version)
    assert version.state == "review"
    answer = login(publisher).post(address("publish", version), {"seen": version.revision, "effective_on": ""})
    assert answer.url == address("package", version)
    assert queries.published().get().name == "开店一件事"


def test_the_list_shows_where_each_stands(draft: JointVersion, writer: Client) -> None:
    page = writer.get(reverse("catalogue:joint")).text
    assert "开办餐饮店一件事" in page
    assert "草稿" in page


def test_saved_again_unchanged_the_content_is_the_same(draft: JointVersion, writer: Client) -> None:
    before = draft.content
    writer.post(address("edit", draft), typed(draft))
    after = now(draft).content
    # The telephone for complaints is not in typed(): an emptied box empties it.
    assert after == {**before, "contact": {**before["contact"], "complaint_phone": ""}}


def test_members_are_found_added_and_removed(draft: JointVersion, writer: Client, market_bureau: Department) -> None:
    publish_matter(market_bureau, "YC-9", "餐厨垃圾处置核准", header={"aliases": []})
    found = writer.get(address("edit", draft) + "?q=餐厨")
    assert "餐厨垃圾处置核准" in found.text
    writer.post(address("edit", draft), typed(draft, save="", add="YC-9"))
    assert [member.code for member in now(draft).parsed.members][-1] == "YC-9"
    version = now(draft)
    writer.post(address("edit", version), typed(version, **{"members-2-gone": "on"}))
    assert len(now(draft).parsed.members) == 2


def test_enter_in_the_search_box_searches(draft: JointVersion, writer: Client) -> None:
    sent = typed(draft, q="许可")
    sent.pop("save")
    assert "q=" in writer.post(address("edit", draft), sent).url


def test_problems_stand_at_the_field(draft: JointVersion, writer: Client, editor: User) -> None:
    version = publishing.save(draft, {**draft.content, "limit": 60}, by=editor, seen=draft.revision)
    page = writer.get(address("edit", version)).text
    at_limit = page.split('id="part-limit"')[1].split('id="part-')[0]
    assert "不得超过 45 个工作日" in at_limit
    answer = writer.post(address("submit", version), {"seen": version.revision})
    assert answer.status_code == 422
    assert now(version).state == "draft"


def test_rows_are_joined_named_parted_and_left_to_themselves(draft: JointVersion, writer: Client) -> None:
    plan, escape = f"{joints.FOOD}/plan", f"{joints.FIRE}/escape"

    def act(**sent: Any) -> list[str]:
        version = now(draft)
        data = {"part": "materials", "seen": version.revision, **sent}
        assert writer.post(address("merge", version), data).status_code == 302
        return [row.name for row in publishing.standing(now(draft)).package.materials]

    assert act(join="1", pick=[plan, escape]) == ["联合申请表", "经营场所平面图", "营业执照"]
    assert len(act(join="1", pick=[plan, escape], **{f"name:{plan}": "图和预案"})) == 3
    assert "图和预案" in act(save="1")
    assert len(act(split=plan)) == 5
    assert len(act(automatic=plan)) == 5
    writer.get(address("merge", draft))


def test_like_rows_are_offered(draft: JointVersion, writer: Client, housing_bureau: Department, editor: User) -> None:
    other = [
        {
            "key": "plan",
            "name": "场所平面布置图",
            "kind": "plan",
            "necessity": "必要",
            "source": "申请人自备",
            "originals": 1,
            "basis": "规定第一条",
        }
    ]
    publish_matter(housing_bureau, "YC-7", "占道许可", materials=other, form_downloads=[])
    added = [*draft.content["members"], {"code": "YC-7", "stage": 1}]
    version = publishing.save(draft, {**draft.content, "members": added}, by=editor, seen=draft.revision)
    page = writer.get(address("merge", version)).text
    assert "可能是同一项" in page
    pair = f"YC-7/plan|{joints.FOOD}/plan"
    assert f'value="{pair}"' in page
    writer.post(address("merge", version), {"part": "materials", "seen": version.revision, "pair": pair})
    (grouping,) = now(version).parsed.rules.materials
    assert set(pair.split("|")) <= set(grouping.of)


def test_the_difference_to_what_is_in_force(
    editor: User, publisher: User, market_bureau: Department, writer: Client
) -> None:
    joint = joints.published(editor, publisher, market_bureau)
    version = publishing.revise(joint, by=editor)
    assert "两版相同" in writer.get(address("diff", version)).text
    publishing.save(
        version,
        {**version.content, "description": "改过的说明。", "limit": 9, "members": [{"code": joints.FOOD}]},
        by=editor,
        seen=version.revision,
    )
    page = writer.get(address("diff", version)).text
    for words in (
        "改过的说明。",
        "开一家餐饮店要办的许可和检查",
        "17 个工作日",
        "9 个工作日",
        "（删去）",
        "灭火和应急疏散预案",
    ):
        assert words in page


def test_the_preview_shows_what_the_public_would_see(draft: JointVersion, writer: Client) -> None:
    page = writer.get(address("preview", draft)).text
    assert "还没有发布" in page
    assert "灭火和应急疏散预案" in page


def test_a_changed_member_calls_for_review(
    editor: User, publisher: User, market_bureau: Department, writer: Client
) -> None:
    joint = joints.published(editor, publisher, market_bureau)
    publish_matter(market_bureau, joints.FOOD, conditions=["有固定的经营场所"])
    assert "需复核" in writer.get(reverse("catalogue:joint") + "?show=changed").text
    assert "现在是第 2 版" in writer.get(reverse("catalogue:joint-package", args=[joint.uid])).text


# --- the wrong person
@pytest.mark.parametrize("name", ["package", "edit", "merge", "diff", "preview"])
def test_another_department_sees_nothing(draft: JointVersion, stranger_editor: Client, name: str) -> None:
    assert stranger_editor.get(address(name, draft)).status_code == 404
    assert "开办餐饮店一件事" not in stranger_editor.get(reverse("catalogue:joint")).text


@pytest.mark.parametrize("name", ["edit", "merge", "submit", "discard", "revise", "publish", "send-back", "withdraw"])
def test_another_department_does_nothing(waiting: JointVersion, stranger_editor: Client, name: str) -> None:
    sent = {"seen": waiting.revision, "reason": "不该由我", "withdraw-reason": "不该由我"}
    assert stranger_editor.post(address(name, waiting), sent).status_code == 404
    assert now(waiting).state == "review"


@pytest.mark.parametrize("name", ["edit", "merge", "submit", "discard", "revise"])
def test_a_publisher_does_not_write(draft: JointVersion, publisher: User, name: str) -> None:
    assert login(publisher).post(address(name, draft), {"seen": draft.revision}).status_code == 404
    assert now(draft).revision == draft.revision


@pytest.mark.parametrize("name", ["publish", "send-back", "withdraw"])
def test_an_editor_does_not_publish(waiting: JointVersion, writer: Client, name: str) -> None:
    assert writer.post(address(name, waiting), {"seen": waiting.revision, "reason": "我来发布"}).status_code == 404
    assert now(waiting).state == "review"


def test_whoever_submitted_does_not_publish(market_bureau: Department) -> None:
    both = make_staff("liangren", "两任", market_bureau, Role.EDITOR, Role.PUBLISHER)
    version = joints.submitted(both, market_bureau)
    browser = login(both)
    assert "请由另一位发布人员" in browser.get(address("package", version)).text
    assert browser.post(address("publish", version), {"seen": version.revision}).status_code == 403


def test_a_clerk_and_a_stranger_do_not_come_in(draft: JointVersion, clerk: User, client: Client) -> None:
    assert login(clerk).get(reverse("catalogue:joint")).status_code == 403
    assert client.get(reverse("catalogue:joint")).status_code == 302


def test_a_publisher_cannot_begin_one(publisher: User) -> None:
    assert login(publisher).get(reverse("catalogue:joint-new")).status_code == 404


# --- the wrong state, bad input
def test_what_waits_for_review_has_no_edit_page(waiting: JointVersion, writer: Client) -> None:
    assert writer.get(address("edit", waiting)).status_code == 404


def test_nothing_typed_is_lost_when_somebody_else_saved(draft: JointVersion, writer: Client, editor: User) -> None:
    sent = typed(draft, name="我打的名字")
    publishing.save(draft, {**draft.content, "name": "别人存的"}, by=editor, seen=draft.revision)
    answer = writer.post(address("edit", draft), sent)
    assert answer.status_code == 409
    assert "我打的名字" in answer.text
    assert now(draft).parsed.name == "别人存的"
    seen = answer.text.split('name="seen" value="')[1].split('"')[0]
    assert writer.post(address("edit", draft), sent | {"seen": seen}).status_code == 302
    assert now(draft).parsed.name == "我打的名字"


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "很多"},
        {"limit": "-1"},
        {"members-0-stage": "x"},
        {"lead": "YC-WU"},
        {"audiences": "nobody"},
        {"members-TOTAL_FORMS": "99999"},
        {"members-TOTAL_FORMS": "x"},
    ],
)
def test_bad_input_is_shown_again(draft: JointVersion, writer: Client, wrong: dict[str, Any]) -> None:
    answer = writer.post(address("edit", draft), typed(draft, description="不能丢的说明", **wrong))
    assert answer.status_code == 422
    assert "不能丢的说明" in answer.text
    assert now(draft).revision == draft.revision


@pytest.mark.parametrize("seen", ["", "x", "9" * 30, "-1"])
def test_a_page_that_never_was_is_refused(draft: JointVersion, writer: Client, seen: str) -> None:
    assert writer.post(address("submit", draft), {"seen": seen}).status_code == 409


@pytest.mark.parametrize("sent", [{"part": "no"}, {}, {"part": "materials", "join": "1", "pick": ["x"]}])
def test_nonsense_about_the_merge_changes_nothing(draft: JointVersion, writer: Client, sent: dict[str, Any]) -> None:
    writer.post(address("merge", draft), {"seen": draft.revision, **sent})
    assert now(draft).parsed.rules.materials == []


@pytest.mark.parametrize("code", ["开店", "a b", "-x", ""])
def test_a_code_must_stand_in_an_address(writer: Client, code: str) -> None:
    answer = writer.post(reverse("catalogue:joint-new"), {"name": "开店一件事", "code": code, "lead": "YC-SCJG"})
    assert answer.status_code == 422
    assert "开店一件事" in answer.text


def test_a_code_that_is_taken_is_said_at_the_field(draft: JointVersion, writer: Client) -> None:
    sent = {"name": "又一个", "code": "restaurant", "lead": "YC-SCJG"}
    assert "已经用过" in writer.post(reverse("catalogue:joint-new"), sent).text


def test_withdrawing_and_sending_back_want_a_reason(
    editor: User, publisher: User, market_bureau: Department, waiting: JointVersion
) -> None:
    browser = login(publisher)
    assert browser.post(address("send-back", waiting), {"seen": waiting.revision}).status_code == 422
    answer = browser.post(address("publish", waiting), {"seen": waiting.revision, "effective_on": "2020-01-01"})
    assert "不能早于今天" in answer.text
    browser.post(address("publish", waiting), {"seen": waiting.revision})
    assert browser.post(address("withdraw", waiting), {"withdraw-reason": " "}).status_code == 422
    browser.post(address("withdraw", waiting), {"withdraw-reason": "政策调整"})
    assert not queries.published().exists()


def test_a_draft_is_discarded(draft: JointVersion, writer: Client) -> None:
    assert writer.post(address("discard", draft), {"seen": draft.revision}).url == reverse("catalogue:joint")
    assert not JointMatter.objects.exists()


def test_acts_are_not_done_by_a_link(draft: JointVersion, writer: Client) -> None:
    for name in ("submit", "discard", "revise", "publish", "send-back", "withdraw"):
        assert writer.get(address(name, draft)).status_code == 405


# --- how much it asks the database
def test_the_list_takes_as_many_queries_for_many(
    draft: JointVersion, writer: Client, editor: User, market_bureau: Department
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert writer.get(reverse("catalogue:joint")).status_code == 200
        return len(found)

    few = count()
    for number in range(10):
        joints.drafted(editor, market_bureau, f"p{number}")
    assert count() == few
