"""Answers as people read them."""

from matters.formdef import Field, FormDefinition, Section
from matters.formview import answer_rows, shown_value
from tests.matters.guides import WHOLE
from tests.people import LI_MING_ID

DEFINITION = FormDefinition.model_validate(WHOLE["form"])


def test_rows_of_label_and_value() -> None:
    answers = {
        "place": {"name": "小青馆", "area": "80", "online": "no"},
        "staff": [{"name": "甲", "since": "2026-01-05"}],
    }
    (place, place_rows), (staff, staff_rows) = answer_rows(DEFINITION, answers)
    assert (place.title, place_rows) == (
        "经营场所",
        [("店名", "小青馆"), ("面积（平方米）", "80"), ("是否网上经营", "否")],
    )
    assert (staff.key, staff_rows) == ("staff", [("1. 姓名", "甲"), ("1. 入职日期", "2026年1月5日")])


def test_unanswered_questions_are_shown_empty_and_unasked_ones_not() -> None:
    (_place, rows), (_staff, none) = answer_rows(DEFINITION, {})
    assert ("店名", "") in rows
    assert "网店地址" not in [label for label, _value in rows]
    assert none == []


def test_values_of_a_draft_that_make_no_sense_are_shown_as_they_are() -> None:
    assert shown_value(Field(type="date"), "明天") == "明天"
    assert shown_value(Field(type="money"), "很多") == "很多"
    assert answer_rows(DEFINITION, {"place": "?", "staff": "?"})


def test_money_and_choices() -> None:
    field = Field.model_validate(
        {"type": "multichoice", "choices": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]}
    )
    assert shown_value(field, ["a", "b"]) == "甲、乙"
    assert shown_value(Field(type="money"), "1234567.5") == "1,234,567.50 元"


def test_numbers_of_persons_are_masked_on_demand() -> None:
    form = FormDefinition(
        sections=[Section(key="s", title="人", fields=[Field(key="x", type="id_number", label="身份证号")])]
    )
    ((_section, rows),) = answer_rows(form, {"s": {"x": LI_MING_ID}}, masked=True)
    assert rows == [("身份证号", LI_MING_ID[0] + "*" * 16 + LI_MING_ID[-1])]
