"""How dates, sizes and money are written, in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.utils import translation

from hall.templatetags import hall_format


def test_a_date_has_its_weekday():
    assert hall_format.cn_date(date(2026, 2, 27)) == "2026年2月27日（周五）"
    with translation.override("en"):
        assert hall_format.cn_date(date(2026, 2, 27)) == "Fri, 27 February 2026"


def test_a_moment_is_told_in_beijing_time():
    assert hall_format.cn_moment(datetime(2026, 2, 26, 17, 3, tzinfo=UTC)) == "2026年2月27日（周五） 01:03"
    assert hall_format.cn_date(datetime(2026, 2, 26, 17, 3, tzinfo=UTC)) == "2026年2月27日（周五）"
    assert hall_format.cn_moment(date(2026, 2, 27)) == "2026年2月27日（周五）"
    assert hall_format.cn_moment(None) == ""


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (None, ""),
        (0, "0 字节"),
        (1023, "1023 字节"),
        (1536, "1.5 KB"),
        (20 * 1024**2, "20.0 MB"),
        (5 * 1024**3, "5.0 GB"),
    ],
)
def test_sizes(size, words):
    assert hall_format.file_size(size) == words


def test_money_is_kept_in_fen():
    assert hall_format.yuan(123450) == "1,234.50 元"
    assert hall_format.yuan(0) == "0.00 元"


def test_a_pager_shows_ends_and_neighbours():
    page = Paginator(range(1000), 10).page(50)
    assert list(hall_format.page_numbers(page)) == [1, "…", 48, 49, 50, 51, 52, "…", 100]
