"""Codes of matters: taken apart, and held against what the guide says."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters import codes, itemcodes
from matters.guide_checks import check_guide
from matters.itemcodes import Claims, CodeKind, describe, faults, kind_of
from tests.matters.guides import USCC, whole

BASE = "000131120000"
CODE = f"{USCC}4{BASE}"
TABLES = Path("/work/shared/data/code_tables.json")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (BASE, CodeKind.BASE),
        (CODE, CodeKind.IMPLEMENTATION),
        (CODE.lower(), CodeKind.IMPLEMENTATION),
        (f"{CODE}01", CodeKind.BUSINESS),
        ("scjg-0001", CodeKind.LOCAL),
        (f"{USCC}9{BASE}", CodeKind.LOCAL),  # no such level
        ("", CodeKind.LOCAL),
        ("x" * 50, CodeKind.LOCAL),
    ],
)
def test_a_code_is_known_by_its_shape(code, kind):
    assert kind_of(code) == kind


def test_an_implementation_code_is_taken_apart():
    parts = [(part.text, part.name, part.meaning) for part in describe(CODE)]
    assert parts == [
        (USCC, "实施机关的统一社会信用代码", ""),
        ("4", "行使层级", "县级"),
        ("00", "地区", "国家统一"),
        ("01", "事项类型", "行政许可"),
        ("31", "部门", ""),
        ("120", "主项", ""),
        ("000", "子项", "没有子项"),
    ]
    assert describe(f"{CODE}07")[-1].text == "07"
    assert describe("scjg-0001") == []


@given(st.from_regex(itemcodes.STANDARD, fullmatch=True))
def test_the_parts_make_the_code(code):
    assert "".join(part.text for part in describe(code)) == code.upper()


@given(st.text(max_size=60))
def test_anything_may_be_asked(text):
    assert isinstance(describe(text), list)
    assert kind_of(text) != CodeKind.LOCAL or faults(text, Claims(USCC, "4", BASE, "01")) == []


RIGHT = Claims(USCC, "4", BASE, "01")


@pytest.mark.parametrize(
    ("code", "claims", "words"),
    [
        (f"{USCC[:-1]}7{CODE[18:]}", RIGHT, "校验位不对"),
        (CODE, Claims("11990181033100219G"), "部门的统一社会信用代码"),
        (CODE, Claims(level="3"), "办理级别"),
        (CODE, Claims(base_code="000131001000"), "基本编码"),
        (CODE, Claims(type_code="07"), "事项类型 07"),
        (f"{USCC}4009931120000", Claims(), "不是事项类型"),
    ],
)
def test_a_part_that_contradicts_the_guide_is_told(code, claims, words):
    assert words in "".join(faults(code, claims))


def test_a_right_code_and_a_local_one_have_no_faults():
    assert faults(CODE, RIGHT) == []
    assert faults(f"{CODE}02", RIGHT) == []
    assert faults("YC-2026-7", RIGHT) == []


@pytest.mark.parametrize(
    ("code", "type_code", "words"),
    [
        ("123", "01", "12 位"),
        (BASE, "07", "事项类型 07"),
        ("000131000000", "01", "主项"),
        ("00013112000X", "01", "12 位"),
    ],
)
def test_a_wrong_base_code_is_told(code, type_code, words):
    assert words in "".join(itemcodes.base_faults(code, type_code))
    assert itemcodes.base_faults(BASE, "01") == []


def test_the_guide_check_says_where():
    content = whole(header={"code": f"{USCC}3000131001000"})
    assert [(p.path, p.message) for p in check_guide(content)] == [
        ("header.code", "编码第 19 位是行使层级 3，和办理级别 4 不一致。")
    ]
    assert check_guide(whole(header={"code": f"{USCC}4000131001000"})) == []


@pytest.mark.skipif(not TABLES.exists(), reason="the reference data is not here")
@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("matter_type", codes.MATTER_TYPES),
        ("use_level", codes.LEVELS),
        ("org_nature", codes.ORG_NATURES),
        ("service_object", codes.SERVICE_OBJECTS),
        ("handle_form", codes.CHANNELS),
        ("case_kind", codes.CASE_KINDS),
        ("cross_scope", codes.CROSS_SCOPES),
        ("online_depth", codes.DEPTHS),
        ("time_unit", codes.UNITS),
        ("material_trust", codes.TRUST_LEVELS),
    ],
)
def test_the_standards_tables_are_whole(name, table):
    published = json.loads(TABLES.read_text(encoding="utf-8"))
    wanted = next(values for key, values in published.items() if key.split(" ")[0] == name)
    assert set(wanted) <= set(table)
