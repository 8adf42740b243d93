"""Forms on paper: what is asked, where one may write, and nothing that does not apply."""

from typing import Any

import pytest

from applications.documents import application_form, form_inputs
from applications.documents.form_layout import blocks, example_answers
from matters.formdef import FormDefinition
from tests.applications.documents.reading import words
from tests.applications.documents.samples import CASE


def field(key: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "label": f"{key}栏", "example": "示例", **more}


CHOICES = [{"value": "a", "label": "甲类"}, {"value": "b", "label": "乙类"}]
FORM = {
    "title": "试验申请表",
    "sections": [
        {
            "key": "one",
            "title": "基本情况",
            "fields": [
                field("名称"),
                field("人数", "integer", example="12"),
                field("日期", "date", example="2026-03-06"),
                field("类别", "choice", choices=CHOICES, example="b"),
                field("细类", shown_when={"section": "one", "field": "类别", "equals": "a"}, help="照实写"),
                field("说明", "textarea"),
            ],
        },
        {"key": "rows", "title": "人员", "repeating": True, "fields": [field("姓名"), field("工种", "multichoice", choices=CHOICES, example=["a", "b"])]},
    ],
}  # fmt: skip
CONTENT = {
    "header": {"type_code": "01"},
    "guide": {
        "matter_name": "试验事项",
        "department": {"name": "云川市试验局"},
        "materials": [
            {"key": "form", "name": "试验申请表", "kind": "form", "necessity": "必要"},
            {"key": "plan", "name": "平面图", "necessity": "必要", "originals": 1},
            {"key": "licence", "name": "营业执照", "necessity": "必要", "shared_data": True},
        ],
    },
    "form": FORM,
}


@pytest.fixture
def form() -> FormDefinition:
    return FormDefinition.model_validate(FORM)


def test_a_blank_form_asks_everything_and_says_when(form):
    cells = [cell for row in blocks(form, None)[0].rows for cell in row]
    assert [cell.label for cell in cells] == ["名称栏", "人数栏", "日期栏", "类别栏", "细类栏", "说明栏"]
    assert next(cell for cell in cells if cell.label == "细类栏").note == "“类别栏”选“甲类”时填写；照实写"
    assert cells[-1].tall


def test_short_cells_share_a_row(form):
    rows = blocks(form, None)[0].rows
    assert [cell.label for cell in rows[1]] == ["人数栏", "日期栏"]


def test_a_filled_form_leaves_out_what_does_not_apply(form):
    cells = [cell for row in blocks(form, example_answers(form))[0].rows for cell in row]
    assert "细类栏" not in [cell.label for cell in cells]
    assert [cell.value for cell in cells if cell.label == "日期栏"] == ["2026年3月6日"]
    ticked = [option.label for cell in cells for option in cell.options if option.ticked]
    assert ticked == ["乙类"]


def test_repeating_sections_have_room_or_their_rows(form):
    assert len(blocks(form, None)[1].lines) == form_inputs.MOST_BLANK_ROWS
    filled = blocks(form, {"rows": [{"姓名": "赵敏", "工种": ["a", "b"]}, {"姓名": "李*", "工种": []}]})[1]
    assert [[cell.value for cell in line] for line in filled.lines] == [["赵敏", "甲类、乙类"], ["李*", ""]]


@pytest.mark.parametrize("answer", [True, "yes"])
def test_yes_is_ticked_however_it_was_kept(answer):
    one = FormDefinition.model_validate({"sections": [{"key": "s", "title": "", "fields": [field("q", "yesno")]}]})
    cell = blocks(one, {"s": {"q": answer}})[0].rows[0][0]
    assert [(option.label, option.ticked) for option in cell.options] == [("是", True), ("否", False)]


def test_the_blank_page_has_materials_declaration_and_room_for_the_office():
    text = words(application_form.blank_form(CONTENT))
    for phrase in (
        "试验申请表",
        "云川市试验局",
        "平面图",
        "由部门数据共享取得，不用提交",
        "申请人承诺",
        "收件人",
        "必填项",
    ):
        assert phrase in text
    assert "示例" not in text


def test_the_sample_is_marked_and_filled():
    text = words(application_form.sample_form(CONTENT))
    assert "样表" in text
    assert "示例" in text


def test_the_filled_page_carries_the_number_and_answers():
    answers = {"one": {"名称": "云川市青禾餐饮", "人数": "7", "类别": "a", "细类": "快餐"}, "rows": []}
    text = words(application_form.filled_form(CONTENT, answers, CASE))
    for phrase in (CASE.number, "云川市青禾餐饮", "快餐", "（网上提交）"):
        assert phrase in text


def test_a_form_that_somebody_left_empty_is_still_a_form():
    assert words(application_form.blank_form({"guide": {"matter_name": "无表事项"}})).count("无表事项") >= 2
