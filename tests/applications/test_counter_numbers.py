"""The two networks number on their own: whatever is filed in whatever order, no number is given out twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import numbering
from applications.errors import NotPossible
from applications.models import NumberCounter
from applications.models.application import Channel
from applications.numbering import RANGES, is_number, series_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
CHANNELS = st.sampled_from([Channel.ONLINE, Channel.COUNTER])


@given(st.lists(st.tuples(CHANNELS, st.integers(0, 2), st.sampled_from(["519901", "519902"])), max_size=40))
def test_numbers_of_both_sides_never_collide(filed: list[tuple[Channel, int, str]]) -> None:
    NumberCounter.objects.all().delete()
    numbers = [(series, numbering.next_number(region, DAY + timedelta(days), series)) for series, days, region in filed]
    assert len({number for _, number in numbers}) == len(filed)
    assert all(is_number(number) and series_of(number) == series for series, number in numbers)


@given(CHANNELS, st.integers(0, 899_999))
def test_a_range_ends_where_the_other_begins(series: Channel, given_out: int) -> None:
    NumberCounter.objects.update_or_create(day=DAY, series=series, defaults={"last": given_out})
    first, last = RANGES[series]
    if first + given_out > last:
        with pytest.raises(NotPossible, match="用完"):
            numbering.next_number("519901", DAY, series)
        return
    number = numbering.next_number("519901", DAY, series)
    assert first <= int(number[14:20]) <= last
    assert series_of(number) == series


def test_the_ranges_do_not_overlap_and_fit_six_digits() -> None:
    (low, high), (first, last) = RANGES[Channel.ONLINE], RANGES[Channel.COUNTER]
    assert low == 1
    assert high < first
    assert last == 999_999


def test_the_last_number_of_a_day_is_the_last() -> None:
    NumberCounter.objects.create(day=DAY, series=Channel.ONLINE, last=899_998)
    assert numbering.next_number("519901", DAY)[14:20] == "899999"
    with pytest.raises(NotPossible):
        numbering.next_number("519901", DAY)
    assert numbering.next_number("519901", DAY, Channel.COUNTER)[14:20] == "900000"


def test_nonsense_has_no_series() -> None:
    with pytest.raises(ValueError):
        series_of("123")
