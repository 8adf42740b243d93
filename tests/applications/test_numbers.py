"""Application numbers: region, day, sequence, check digit; never twice."""

from datetime import date

import pytest

from applications import numbering

pytestmark = pytest.mark.django_db


def test_a_number_names_region_and_day_and_checks_itself() -> None:
    number = numbering.next_number("519901", date(2026, 3, 2))
    assert number.startswith("51990120260302000001")
    assert len(number) == 21
    assert numbering.is_number(number)


def test_one_wrong_digit_is_noticed() -> None:
    number = numbering.next_number("519901", date(2026, 3, 2))
    wrong = [number[:i] + str((int(digit) + 1) % 10) + number[i + 1 :] for i, digit in enumerate(number)]
    assert not any(numbering.is_number(text) for text in wrong)


def test_each_day_counts_from_one() -> None:
    first = numbering.next_number("519901", date(2026, 3, 2))
    second = numbering.next_number("519901", date(2026, 3, 2))
    tomorrow = numbering.next_number("519901", date(2026, 3, 3))
    assert [number[14:20] for number in (first, second, tomorrow)] == ["000001", "000002", "000001"]


@pytest.mark.parametrize("text", ["", "abc", "1" * 20, "1" * 22, "５" * 21])
def test_anything_else_is_no_number(text: str) -> None:
    assert not numbering.is_number(text)
