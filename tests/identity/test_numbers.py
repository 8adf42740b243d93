"""Identity numbers: what is accepted, what is said about wrong ones, how they are shown."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from identity.numbers import (
    clean_id_number,
    clean_phone,
    clean_uscc,
    mask_id_number,
    mask_name,
    mask_phone,
    mask_uscc,
)
from tests.people import QINGHE_USCC, WANG_FANG_ID, id_number


@pytest.mark.parametrize(
    "typed", [WANG_FANG_ID, f" {WANG_FANG_ID} ", f"{WANG_FANG_ID[:6]} {WANG_FANG_ID[6:14]} {WANG_FANG_ID[14:]}"]
)
def test_number_is_brought_to_one_form(typed: str) -> None:
    assert clean_id_number(typed) == WANG_FANG_ID


def test_small_x_and_full_width_digits_are_understood() -> None:
    number = next(n for n in (id_number("19880312", serial) for serial in range(1, 99)) if n.endswith("X"))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert clean_id_number(number.lower()) == clean_id_number(wide) == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "18 位"),
        (WANG_FANG_ID[:-1], "17 位"),
        ("A" + WANG_FANG_ID[1:], "只能是数字"),
        (WANG_FANG_ID[:-1] + ("1" if WANG_FANG_ID[-1] != "1" else "2"), "校验位"),
        (id_number("19880231", 1), "出生日期"),
        (id_number("29880301", 1), "出生日期"),
    ],
)
def test_wrong_number_is_explained(typed: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        clean_id_number(typed)


def test_unknown_province_is_refused() -> None:
    from stdnum.cn import ric

    stem = "99990119880312102"
    with pytest.raises(ValidationError, match="地区"):
        clean_id_number(stem + ric.calc_check_digit(stem + "0"))


@given(st.text(max_size=30))
def test_any_text_is_either_cleaned_or_explained(text: str) -> None:
    for clean in (clean_id_number, clean_uscc, clean_phone):
        with suppress(ValidationError):
            assert clean(text)


def test_lower_case_credit_code_is_understood() -> None:
    assert clean_uscc(QINGHE_USCC.lower()) == QINGHE_USCC


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (QINGHE_USCC[:-1], "18 位"),
        (QINGHE_USCC[:-1] + ("1" if QINGHE_USCC[-1] != "1" else "2"), "校验位"),
        (QINGHE_USCC[:10] + "I" + QINGHE_USCC[11:], "没有 I"),
    ],
)
def test_wrong_credit_code_is_explained(typed: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        clean_uscc(typed)


def test_phone() -> None:
    assert clean_phone("+86 138-0000-1234") == "13800001234"
    with pytest.raises(ValidationError, match="11 位"):
        clean_phone("0839-5550100")


def test_masks() -> None:
    assert mask_id_number("51990119880312102X") == "5****************X"
    assert mask_name("张三丰") == "张*"
    assert mask_name("") == ""
    assert mask_phone("13812341234") == "138****1234"
    assert mask_phone("5550100") == "*****00"
    assert mask_uscc(QINGHE_USCC) == QINGHE_USCC[:4] + "*" * 10 + QINGHE_USCC[-4:]


@given(st.text(min_size=9, max_size=20))
def test_masks_keep_length_and_hide_the_middle(text: str) -> None:
    for mask in (mask_id_number, mask_phone, mask_uscc):
        assert len(mask(text)) == len(text)
        assert mask(text)[4:-4] == "*" * (len(text) - 8)
