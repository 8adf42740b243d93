"""Values, masks, keyed hashes and the checks of a definition: pure."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.datasets import hashes, values
from matters.datasets.checks import faults
from matters.datasets.definition import Definition, FieldDefinition
from matters.datasets.masking import mask
from matters.datasets.rows import SUFFIX_LENGTH, entries
from matters.datasets.values import BadValue, clean, plain, sort_text
from tests.matters.datasets import PHARMACIES, SUBSIDIES
from tests.people import WANG_FANG_ID, credit_code


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("text", "  两端 ", "两端"),
        ("text", 13800001234.0, "13800001234"),
        ("text", True, "是"),
        ("number", "1,234.50", "1234.5"),
        ("number", 0.1, "0.1"),
        ("number", 1000, "1000"),
        ("date", "2026年3月2日", "2026-03-02"),
        ("date", "2026/3/2", "2026-03-02"),
        ("date", 20260302, "2026-03-02"),
        ("date", datetime(2026, 3, 2, 8), "2026-03-02"),
        ("date", date(2026, 3, 2), "2026-03-02"),
        ("code", "ＹＣ－００１", "YC-001"),
        ("phone", "0839-5550100", "0839-5550100"),
        ("id_number", WANG_FANG_ID.lower(), WANG_FANG_ID),
        ("uscc", credit_code(1).lower(), credit_code(1)),
        ("text", None, ""),
        ("number", "  ", ""),
    ],
)
def test_values_take_their_one_form(kind: str, raw: Any, expected: str) -> None:
    assert clean(kind, raw) == expected


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("number", "十二"),
        ("number", "nan"),
        ("number", "1e99"),
        ("date", "2026-02-30"),
        ("date", "去年"),
        ("phone", "打总机"),
        ("id_number", "519901198803121021"),
        ("id_number", 5.19901198803121e17),
        ("uscc", "91519901MA000001XX"),
        ("code", "x" * 101),
        ("text", "a\x00b"),
        ("text", "字" * 2001),
    ],
)
def test_values_that_do_not_fit_are_refused_with_a_reason(kind: str, raw: Any) -> None:
    with pytest.raises(BadValue, match=r"\w"):
        clean(kind, raw)


@given(st.decimals(-(10**14), 10**14, places=3), st.decimals(-(10**14), 10**14, places=3))
def test_numbers_sort_by_size(one: Any, other: Any) -> None:
    texts = [sort_text("number", clean("number", number)) for number in (one, other)]
    assert (texts[0] < texts[1]) == (one < other)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("person", "欧阳晓", "欧*"),
        ("id_number", "519901198803121029", "5" + "*" * 16 + "9"),
        ("phone", "13800001234", "138****1234"),
        ("district", "云川市青溪区滨河路18号3栋", "云川市青溪区***"),
        ("district", "四川省云川市白石县城关镇", "四川省云川市白石县***"),
        ("district", "滨河路18号", "***"),
        ("district", "云川市望江路小区3栋", "云川市***"),
        ("district", "望江小区3栋", "***"),
        ("district", "云川市云溪街道望江路18号", "云川市***"),
        ("district", "青溪区", "青溪区***"),
        ("hidden", "任何内容", ""),
        ("", "原样", "原样"),
        ("person", "", ""),
    ],
)
def test_masks(kind: str, text: str, expected: str) -> None:
    assert mask(kind, text) == expected


@given(st.text(min_size=1, max_size=40), st.sampled_from(["id_number", "person", "phone", "district"]))
def test_masks_never_give_the_whole_of_more_than_two_characters(text: str, kind: str) -> None:
    assert mask(kind, text) != text or len(text) <= 2 or set(text) == {"*"}


def test_a_hash_is_of_the_set_the_field_and_the_value() -> None:
    key, other = b"1" * 32, b"2" * 32
    assert hashes.digest_of(key, "id", WANG_FANG_ID) == hashes.digest_of(key, "id", f" {WANG_FANG_ID.lower()} ")
    all_of_them = {
        hashes.digest_of(key, "id", WANG_FANG_ID),
        hashes.digest_of(other, "id", WANG_FANG_ID),
        hashes.digest_of(key, "name", WANG_FANG_ID),
        hashes.digest_of(key, "id", "519901195209300770"),
    }
    assert len(all_of_them) == 4


@given(st.text(alphabet="青溪区滨河路大药房abc 12", min_size=1, max_size=30))
def test_every_part_of_a_text_begins_an_entry(text: str) -> None:
    field = FieldDefinition(key="name", search="contains")
    stored = plain(text)
    found = list(entries(field, stored))
    for start in range(len(stored)):
        for end in range(start + 1, min(start + SUFFIX_LENGTH, len(stored)) + 1):
            assert any(entry.startswith(stored[start:end]) for entry in found)


def test_two_whole_definitions_have_no_fault() -> None:
    assert faults(Definition.model_validate(PHARMACIES)) == []
    assert faults(Definition.model_validate(SUBSIDIES)) == []


def changed(name: str, **changes: Any) -> Definition:
    """PHARMACIES with one field changed."""
    fields = [field | (changes if field["key"] == name else {}) for field in PHARMACIES["fields"]]
    return Definition.model_validate(PHARMACIES | {"fields": fields})


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        (changed("owner_id", mask=""), "身份证号"),
        (changed("owner", search="contains"), "完全一致"),
        (changed("owner", sortable=True), "不能用来排序"),
        (changed("note", in_list=True), "不能显示在列表"),
        (changed("owner_id", cross=True), "一处查多库"),
        (changed("name", key="CODE"), "重复"),
        (changed("name", key="1x"), "字母开头"),
        (changed("name", key="page"), "另有用处"),
        (changed("code", required=False), "主键"),
        (Definition.model_validate(PHARMACIES | {"order": "owner"}), "默认排序"),
        (Definition.model_validate(PHARMACIES | {"open": True}), "开放下载"),
        (Definition.model_validate(PHARMACIES | {"personal": True}), "完全一致"),
        (Definition.model_validate(PHARMACIES | {"fields": []}), "1 到 40"),
        (Definition.model_validate(SUBSIDIES | {"key": "amount", "fields": SUBSIDIES["fields"][1:]}), "凭姓名"),
    ],
)
def test_what_would_give_too_much_away_or_cannot_work_is_named(definition: Definition, words: str) -> None:
    assert any(words in fault.message for fault in faults(definition))


def test_dates_are_found_in_any_spelling() -> None:
    assert values.asked("date", "2026年3月2日") == plain("2026-03-02")
    assert plain("2026-03-02").startswith(values.asked("date", "2026-03"))
