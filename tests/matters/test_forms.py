"""Form definitions compiled to Django forms: what is asked, refused, stored and kept."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from matters.formdef import FIELD_TYPES, Field, FormDefinition, Section
from matters.formfields import BUILDERS
from matters.forms import build_form, clean_answers, wants_row
from tests.matters.guides import WHOLE
from tests.people import LI_MING_ID, QINGHE_USCC

DEFINITION = FormDefinition.model_validate(WHOLE["form"])
PLACE, STAFF = DEFINITION.sections


def section(**field: Any) -> Section:
    """A section with one field ``x``."""
    return Section.model_validate({"key": "s", "title": "某部分", "fields": [{"key": "x", "label": "某项"} | field]})


def errors(part: Section, value: Any) -> list[str]:
    form = build_form(part, {"s-x": value})
    form.is_valid()
    return [str(message) for message in form.errors.get("x", [])]


def test_every_field_type_is_built() -> None:
    assert set(BUILDERS) == set(FIELD_TYPES)


def test_answers_are_stored_as_text() -> None:
    form = build_form(PLACE, QueryDict("place-name=小青馆&place-area=80.50&place-online=no"))
    assert form.is_valid()
    assert form.answers == {"name": "小青馆", "area": "80.50", "online": "no"}


def test_what_must_be_filled_in_is_said_with_its_name() -> None:
    form = build_form(PLACE, QueryDict(""))
    assert form.errors["name"] == ["请填写“店名”。"]
    assert form.errors["online"] == ["请选择“是否网上经营”。"]


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ({"type": "text", "max_length": 3}, "四个汉字", "3"),
        ({"type": "text", "pattern": "[A-Z]+", "help": "大写字母"}, "abc", "格式不对"),
        ({"type": "text"}, "a\x00b", "空字符"),
        ({"type": "integer"}, "1.5", "整数"),
        ({"type": "integer", "min": 1}, "0", "1"),
        ({"type": "decimal"}, "很多", "数字"),
        ({"type": "decimal"}, "NaN", "数字"),
        ({"type": "money"}, "-1", "0"),
        ({"type": "money"}, "1.234", "2"),
        ({"type": "date"}, "明天", "日期"),
        ({"type": "date", "min": "2026-01-01"}, "2025-12-31", "不能早于"),
        ({"type": "date", "max": "2026-01-01"}, "2026-01-02", "不能晚于"),
        ({"type": "choice", "choices": [{"value": "a", "label": "甲"}]}, "b", "不在选项里"),
        ({"type": "multichoice", "choices": [{"value": "a", "label": "甲"}]}, ["b"], "不在选项里"),
        ({"type": "yesno"}, "maybe", "不在选项里"),
        ({"type": "phone"}, "12345", "手机号"),
        ({"type": "email"}, "a@", "邮箱"),
        ({"type": "id_number"}, "519901198803121020", "校验位"),
        ({"type": "uscc"}, "91519901MA000001X", "18 位"),
    ],
)
def test_wrong_values_get_a_chinese_sentence(field: dict[str, Any], value: Any, part: str) -> None:
    (message,) = errors(section(**field), value)
    assert part in message


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("integer", "12", 12),
        ("decimal", "12.5", "12.5"),
        ("money", "1000000.00", "1000000.00"),
        ("date", "2026年3月1日", "2026-03-01"),
        ("phone", "+86 138 0000 1234", "13800001234"),
        ("phone", "0839-5550101", "0839-5550101"),
        ("id_number", LI_MING_ID.lower(), LI_MING_ID),
        ("uscc", QINGHE_USCC.lower(), QINGHE_USCC),
        ("textarea", "两行\n文字", "两行\n文字"),
    ],
)
def test_right_values_take_their_one_form(kind: str, value: str, stored: Any) -> None:
    form = build_form(section(type=kind), {"s-x": value})
    assert form.is_valid(), form.errors
    assert form.answers == {"x": stored}


def test_a_question_that_is_not_asked_is_left_out() -> None:
    form = build_form(PLACE, QueryDict("place-name=馆&place-area=80&place-online=no&place-site=http"))
    assert form.is_valid()
    assert "site" not in form.answers


def test_a_question_that_is_asked_must_be_answered() -> None:
    form = build_form(PLACE, QueryDict("place-name=馆&place-area=80&place-online=yes"))
    assert form.errors == {"site": ["请填写“网店地址”。"]}


def test_a_condition_on_another_section_is_settled_before() -> None:
    part = section(shown_when={"section": "place", "field": "online", "equals": "yes"})
    assert "x" not in build_form(part, answers={"place": {"online": "no"}}).fields
    assert "x" in build_form(part, answers={"place": {"online": "yes"}}).fields


def test_one_of_several_choices_opens_a_question() -> None:
    part = section(shown_when={"section": "a", "field": "b", "equals": "raw"})
    assert "x" in build_form(part, answers={"a": {"b": ["hot", "raw"]}}).fields


def test_stored_answers_come_before_what_is_known() -> None:
    known = {"enterprise.name": "青禾餐饮"}
    assert build_form(PLACE, prefill=known)["name"].value() == "青禾餐饮"
    assert build_form(PLACE, answers={"place": {"name": "小青馆"}}, prefill=known)["name"].value() == "小青馆"


def test_what_was_typed_is_kept_also_when_it_is_wrong() -> None:
    form = build_form(PLACE, QueryDict("place-name=小青馆&place-area=很大"))
    assert not form.is_valid()
    assert form.typed == {"name": "小青馆", "area": "很大"}


ROWS = "staff-TOTAL_FORMS=2&staff-INITIAL_FORMS=0&staff-0-name=赵敏&staff-0-since=2026-01-05"


def test_rows_are_stored_in_order_without_empty_ones() -> None:
    form = build_form(STAFF, QueryDict(ROWS + "&staff-1-name="))
    assert form.is_valid()
    assert form.answers == [{"name": "赵敏", "since": "2026-01-05"}]


def test_a_deleted_row_is_left_out() -> None:
    form = build_form(STAFF, QueryDict(ROWS + "&staff-1-name=错的&staff-1-DELETE=on"))
    assert form.is_valid()
    assert len(form.answers) == len(form.typed) == 1


def test_too_few_rows_are_refused() -> None:
    form = build_form(STAFF, QueryDict("staff-TOTAL_FORMS=0&staff-INITIAL_FORMS=0"))
    assert not form.is_valid()
    assert form.non_form_errors() == ["“从业人员”至少要填 1 行。"]


def test_more_rows_than_allowed_are_refused() -> None:
    rows = "".join(f"&staff-{i}-name=甲&staff-{i}-since=2026-01-05" for i in range(9))
    form = build_form(STAFF, QueryDict(f"staff-TOTAL_FORMS=9&staff-INITIAL_FORMS=0{rows}"))
    assert not form.is_valid()
    assert len(form.forms) == 4


def test_a_row_is_added_without_script() -> None:
    data = QueryDict("staff-TOTAL_FORMS=1&staff-INITIAL_FORMS=0&staff-0-name=赵敏&staff-add=1")
    assert wants_row(STAFF, data)
    form = build_form(STAFF, data)
    assert (len(form.forms), form.forms[0]["name"].value()) == (2, "赵敏")


def test_stored_rows_are_shown_again() -> None:
    form = build_form(STAFF, answers={"staff": [{"name": "赵敏"}, {"name": "李明"}]})
    assert [row["name"].value() for row in form.rows] == ["赵敏", "李明"]


def test_a_page_whose_row_count_was_tampered_with_does_not_fail() -> None:
    for count in ("x", "-1", "99999999", ""):
        form = build_form(STAFF, QueryDict(f"staff-TOTAL_FORMS={count}&staff-INITIAL_FORMS=0&staff-add=1"))
        assert not form.is_valid()


def test_english_labels_are_used_on_english_pages() -> None:
    field = Field(key="x", label="店名", label_en="Shop name")
    with translation.override("en"):
        form = build_form(Section(key="s", title="某部分", fields=[field]))
        assert form.fields["x"].label == "Shop name"


def test_sections_render_with_labels_and_error_links() -> None:
    html = render_to_string("matters/parts/section_form.html", {"form": build_form(PLACE, QueryDict(""))})
    assert 'id="id_place-name_error"' in html
    assert 'data-shown-when="place-online"' in html
    assert "matters/shown_when" in str(build_form(PLACE).media)


def test_clean_answers_accepts_the_examples() -> None:
    answers, faults = clean_answers(DEFINITION, DEFINITION.example_answers())
    assert faults == {}
    assert answers["staff"] == [{"name": "赵敏", "since": "2026-01-05"}]


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ([], ""),
        ({"nothing": {}}, "nothing"),
        ({"place": []}, "place"),
        ({"place": {"none": 1}}, "place.none"),
        ({"place": {"name": {}}}, "place.name"),
        ({"place": {"name": ["a"]}}, "place.name"),
        ({"staff": {}}, "staff"),
        ({"staff": []}, "staff"),
        ({"staff": [{}] * 4}, "staff"),
        ({"staff": [{"name": "赵敏", "since": "x"}]}, "staff.0.since"),
    ],
)
def test_clean_answers_says_where_it_is_wrong(raw: Any, path: str) -> None:
    _answers, faults = clean_answers(DEFINITION, raw)
    assert path in faults


def test_clean_answers_takes_json_booleans_and_numbers() -> None:
    raw = {"place": {"name": "馆", "area": 80, "online": False}, "staff": [{"name": "甲", "since": "2026-01-05"}]}
    answers, faults = clean_answers(DEFINITION, raw)
    assert faults == {}
    assert answers["place"] == {"name": "馆", "area": "80", "online": "no"}
