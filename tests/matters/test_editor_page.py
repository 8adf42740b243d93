"""The editor's page: who may use it, keeping by its buttons, blocks without script, problems at their inputs."""

import pytest

from identity.models import Role
from matters import queries, services
from matters.editing.shapes import whole as whole_shape
from matters.models import GuideVersion
from tests.matters.conftest import publish
from tests.matters.editing import edit_url, page_of, with_typed
from tests.matters.guides import whole
from tests.people import login, make_staff

pytestmark = pytest.mark.usefixtures("on_inner")


@pytest.fixture
def draft(market_bureau):
    """A whole draft of 食品经营许可."""
    return services.save_draft(whole(), market_bureau)


def saved(draft) -> dict:
    return GuideVersion.objects.get(pk=draft.pk).content


# --- it works
def test_the_page_has_an_input_for_every_field_with_help(editor, draft):
    answer = login(editor).get(edit_url(draft.matter))
    page = answer.content.decode()
    assert answer.status_code == 200
    for name in (
        "guide.matter_name",
        "guide.materials.2.name",
        "form.sections.1.fields.0.label",
        "header.faq.0.answer",
    ):
        assert f'name="{name}"' in page
    assert "行政许可法第三十二条" in page
    assert "例如：" in page


def test_the_page_of_a_browser_changes_nothing_by_itself(editor, draft):
    client = login(editor)
    answer = client.post(edit_url(draft.matter), page_of(client, draft.matter))
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.content, draft.revision) == (whole(), 0)


def test_every_list_of_the_models_has_a_template_for_its_blocks(editor, draft):
    page = login(editor).get(edit_url(draft.matter)).content.decode()
    lists = []

    def walk(shape):
        for part in shape.parts:
            lists.extend([part.list_name] if part.list_name else [])
            walk(part)

    walk(whole_shape())
    assert len(lists) == 15
    assert [name for name in lists if f'<template id="t-{name}">' not in page] == []


def test_what_is_typed_is_kept_with_who_typed_it(editor, draft):
    client = login(editor)
    client.post(
        edit_url(draft.matter),
        with_typed(
            page_of(client, draft.matter), guide__matter_name="食品经营许可证核发", guide__materials__1__copies="3"
        ),
    )
    assert saved(draft)["guide"]["matter_name"] == "食品经营许可证核发"
    assert saved(draft)["guide"]["materials"][1]["copies"] == 3
    change = draft.changes.first()
    assert (change.by, change.fields) == (editor, ["matter_name", "materials"])


def test_a_wrong_type_is_kept_as_typed_and_told(editor, draft):
    client = login(editor)
    page = with_typed(page_of(client, draft.matter), guide__materials__1__copies="三份")
    answer = client.post(edit_url(draft.matter), page, follow=True)
    assert saved(draft)["guide"]["materials"][1]["copies"] == "三份"
    assert "应为整数" in answer.content.decode()


# --- blocks without script
@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("add guide.materials", ["form", "plan", "licence", "m1"]),
        ("remove guide.materials.1", ["form", "licence"]),
        ("up guide.materials.2", ["form", "licence", "plan"]),
        ("down guide.materials.0", ["plan", "form", "licence"]),
        ("up guide.materials.0", ["form", "plan", "licence"]),
    ],
)
def test_buttons_of_blocks_work_without_script(editor, draft, command, names):
    client = login(editor)
    answer = client.post(edit_url(draft.matter), page_of(client, draft.matter) | {"row": command})
    assert answer.status_code == 302
    assert "open=guide.materials" in answer.url
    assert [material["key"] for material in saved(draft)["guide"]["materials"]] == names


def test_a_button_of_a_block_keeps_what_was_typed(editor, draft):
    client = login(editor)
    page = with_typed(
        page_of(client, draft.matter), guide__contact__email="new@example.cn", row="add form.sections.0.fields"
    )
    client.post(edit_url(draft.matter), page)
    assert saved(draft)["guide"]["contact"]["email"] == "new@example.cn"
    assert saved(draft)["form"]["sections"][0]["fields"][-1] == {"key": "f1"}


def test_removing_the_last_block_does_not_say_that_there_are_none(editor, market_bureau):
    draft = services.save_draft(whole(materials=[{"key": "m1", "name": "申请书"}]), market_bureau)
    client = login(editor)
    client.post(edit_url(draft.matter), page_of(client, draft.matter) | {"row": "remove guide.materials.0"})
    assert "materials" not in saved(draft)["guide"]


@pytest.mark.parametrize(
    "command",
    [
        "burn guide.materials.0",
        "add guide.matter_name",
        "add nowhere",
        "remove guide.materials.99",
        "up guide.materials.x",
        "add",
    ],
)
def test_a_command_that_no_button_gives_changes_nothing(editor, draft, command):
    client = login(editor)
    page = with_typed(page_of(client, draft.matter), guide__matter_name="改了名")
    answer = client.post(edit_url(draft.matter), page | {"row": command})
    assert answer.status_code == 400
    assert "改了名" in answer.content.decode()
    assert saved(draft) == whole()


# --- problems at their place
def test_problems_stand_at_their_inputs_and_in_the_summary(editor, market_bureau):
    content = whole(contact={"phone": "12345", "email": "a@example.cn", "complaint_phone": "0839-5550199"})
    content["guide"]["materials"][1]["basis"] = ""
    draft = services.save_draft(content, market_bureau)
    page = login(editor).get(edit_url(draft.matter)).content.decode()
    for name, words in (("guide.materials.1.basis", "的依据还没有填写"), ("guide.contact.phone", "应带区号")):
        place = page.partition(f'id="p-{name}"')[2].partition("</div>")[0]
        assert words in place
        assert f'href="#{name}"' in page
    assert "还有 2 个问题" in page


def test_states_are_words(editor, market_bureau):
    draft = services.save_draft(
        {"header": {"code": "YC-1"}, "guide": {"matter_name": "某事项", "contact": {"phone": "1"}}}, market_bureau
    )
    page = login(editor).get(edit_url(draft.matter)).content.decode()
    for name, words in (
        ("guide.matter_name", "已填好"),
        ("guide.contact", "个问题"),
        ("guide.materials", "空"),
        ("form", "空（选填）"),
    ):
        assert words in page.partition(f'data-state="{name}"')[2].partition("</span>")[0]


# --- who may
def test_a_publisher_reads_but_does_not_write(publisher, draft):
    client = login(publisher)
    page = client.get(edit_url(draft.matter))
    assert page.status_code == 200
    assert "您可以查看，不能修改" in page.content.decode()
    assert "data-editor" not in page.content.decode()
    assert client.post(edit_url(draft.matter), {"whole": "yes", "seen": "0"}).status_code == 404


def test_an_editor_of_another_department_finds_nothing(housing_bureau, draft):
    other = make_staff("bieren", "别人", housing_bureau, Role.EDITOR)
    for route in ("edit", "preview", "try-form"):
        assert login(other).get(edit_url(draft.matter, route)).status_code == 404
    for route in ("edit", "autosave", "resolve", "revise"):
        assert login(other).post(edit_url(draft.matter, route)).status_code == 404


def test_an_editor_of_the_coordinating_department_writes_for_all(hr_bureau, draft):
    hr_bureau.coordinates = True
    hr_bureau.save()
    client = login(make_staff("tongchou", "统筹", hr_bureau, Role.EDITOR))
    client.post(edit_url(draft.matter), with_typed(page_of(client, draft.matter), guide__matter_name="统筹改的"))
    assert saved(draft)["guide"]["matter_name"] == "统筹改的"
    draft.matter.refresh_from_db()
    assert draft.matter.department.code == "YC-SCJG"


def test_a_clerk_without_the_post_is_refused(clerk, draft, client):
    assert login(clerk).get(edit_url(draft.matter)).status_code == 403
    assert client.get(edit_url(draft.matter)).status_code == 302


# --- wrong state, bad input
def test_a_matter_without_draft_says_how_to_begin(editor, food):
    page = login(editor).get(edit_url(food)).content.decode()
    assert "现在没有草稿" in page
    assert login(editor).post(edit_url(food), {"whole": "yes", "seen": "0"}).status_code == 409


def test_a_page_cut_short_is_not_believed(editor, draft):
    client = login(editor)
    page = page_of(client, draft.matter)
    del page["whole"]
    assert client.post(edit_url(draft.matter), page).status_code == 400
    assert saved(draft) == whole()


def test_the_published_guide_stays_while_its_draft_is_written(editor, market_bureau):
    food = publish(market_bureau)
    client = login(editor)
    assert client.post(edit_url(food, "revise")).status_code == 302
    client.post(edit_url(food), with_typed(page_of(client, food), guide__matter_name="新名称"))
    food.refresh_from_db()
    assert food.name == "食品经营许可"
    assert queries.latest_draft(food).content["guide"]["matter_name"] == "新名称"


@pytest.mark.parametrize("state", ["review", "approved"])
def test_a_version_that_others_judge_can_be_read_but_not_changed(editor, draft, state):
    client = login(editor)
    page = with_typed(page_of(client, draft.matter), guide__matter_name="改了名")
    for step in ["review", "approved"][: 1 if state == "review" else 2]:
        GuideVersion.objects.filter(pk=draft.pk).update(state=step)
    shown = client.get(edit_url(draft.matter)).content.decode()
    assert "正在审核，不能修改" in shown
    assert "data-editor" not in shown
    for route in ("edit", "autosave"):
        assert client.post(edit_url(draft.matter, route), page).status_code == 409
    assert client.get(edit_url(draft.matter, "preview")).status_code == 200
    assert saved(draft) == whole()


def test_the_number_of_queries_does_not_grow_with_the_guide(editor, market_bureau, django_assert_max_num_queries):
    materials = [{"key": f"m{n}", "name": f"材料{n}"} for n in range(60)]
    draft = services.save_draft(whole(materials=materials), market_bureau)
    client = login(editor)
    with django_assert_max_num_queries(25):
        assert client.get(edit_url(draft.matter)).status_code == 200


def test_what_comes_from_others_is_shown_as_text(editor, market_bureau):
    draft = services.save_draft(
        whole(matter_name="<script>alert(1)</script>", contact={"phone": '"><img src=x>'}), market_bureau
    )
    page = login(editor).get(edit_url(draft.matter)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
