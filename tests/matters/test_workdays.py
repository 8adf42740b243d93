"""The working-day calendar, against the law's examples and the official notices."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.workdays import Calendar, merged

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
VECTORS = DATA / "clock_test_vectors.json"
HOLIDAYS = DATA / "cn_holidays_2007_2027.csv"
CALENDAR = Calendar()
DAYS = st.dates(date(2020, 1, 1), date(2026, 6, 30))
PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 40)).map(lambda p: (p[0], p[0] + timedelta(days=p[1]))), max_size=4)


def counted_by_hand(start: date, n: int, pauses: list[tuple[date, date]], calendar: Calendar = CALENDAR) -> date:
    """Day by day, as a clerk would count on a wall calendar."""
    day = start
    while n:
        day += timedelta(days=1)
        is_paused = any(begin <= day <= end for begin, end in pauses)
        if calendar.is_workday(day) and not is_paused:
            n -= 1
    return day


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-15", 5, "2026-02-28"),
        ("2026-09-18", 20, "2026-10-22"),
        ("2026-12-28", 7, "2027-01-07"),
    ],
)
def test_adjusted_working_days_count(start: str, n: int, due: str) -> None:
    assert str(CALENDAR.add_workdays(date.fromisoformat(start), n)) == due


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not on this machine")
def test_shared_vectors() -> None:
    for vector in json.loads(VECTORS.read_text()):
        due = CALENDAR.add_workdays(date.fromisoformat(vector["start"]), vector["workdays"])
        assert (str(due), CALENDAR.is_provisional(due)) == (vector["due"], vector.get("provisional", False))


@pytest.mark.skipif(not HOLIDAYS.exists(), reason="the official notices are not on this machine")
def test_every_day_of_twenty_years_is_as_announced() -> None:
    notices = {row["date"]: row["is_off_day"] == "0" for row in csv.DictReader(HOLIDAYS.open(encoding="utf-8"))}
    day, wrong = date(2007, 1, 1), []
    while day <= date(2026, 12, 31):
        if CALENDAR.is_workday(day) != notices.get(str(day), day.weekday() < 5):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@given(DAYS, st.integers(1, 60), PAUSES)
def test_agrees_with_counting_by_hand(start: date, n: int, pauses: list[tuple[date, date]]) -> None:
    assert CALENDAR.add_workdays(start, n, pauses) == counted_by_hand(start, n, pauses)


@given(DAYS, st.integers(0, 400))
def test_counting_back_gives_the_number_again(start: date, n: int) -> None:
    assert CALENDAR.count_workdays(start, CALENDAR.add_workdays(start, n)) in {n, n + (n == 0)}


@given(DAYS, st.integers(0, 60), PAUSES)
def test_a_limit_ends_on_a_working_day_and_a_pause_never_shortens_it(
    start: date, n: int, pauses: list[tuple[date, date]]
) -> None:
    due = CALENDAR.add_workdays(start, n, pauses)
    assert CALENDAR.is_workday(due)
    assert due >= CALENDAR.add_workdays(start, n)


def test_pause_after_the_end_changes_nothing() -> None:
    late = [(date(2026, 3, 2), date(2026, 3, 31))]
    assert CALENDAR.add_workdays(date(2026, 2, 13), 5, late) == date(2026, 2, 27)


def test_pause_on_the_last_day_moves_it() -> None:
    assert CALENDAR.add_workdays(date(2026, 3, 2), 5, [(date(2026, 3, 9), date(2026, 3, 9))]) == date(2026, 3, 10)


def test_overlapping_pauses_count_once() -> None:
    twice = [(date(2026, 3, 3), date(2026, 3, 5)), (date(2026, 3, 4), date(2026, 3, 6))]
    assert CALENDAR.add_workdays(date(2026, 3, 2), 5, twice) == date(2026, 3, 13)


def test_on_the_spot_is_the_same_day_or_the_next_working_day() -> None:
    assert CALENDAR.add_workdays(date(2026, 7, 17), 0) == date(2026, 7, 17)
    assert CALENDAR.add_workdays(date(2026, 7, 18), 0) == date(2026, 7, 20)


@pytest.mark.parametrize("n", [-1, 10_001])
def test_absurd_numbers_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match="工作日数"):
        CALENDAR.add_workdays(date(2026, 1, 5), n)


def test_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="早于"):
        merged([(date(2026, 3, 5), date(2026, 3, 4))])


def test_natural_days_and_months_move_on_from_a_day_of_rest() -> None:
    assert CALENDAR.add_days(date(2026, 9, 20), 15) == date(2026, 10, 8)  # 5 October is a holiday
    assert CALENDAR.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)  # a working Saturday
    assert CALENDAR.add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert CALENDAR.add_months(date(2026, 3, 31), 1) == date(2026, 4, 30)


def test_a_pause_stretches_natural_days() -> None:
    assert CALENDAR.add_days(date(2026, 3, 2), 10, [(date(2026, 3, 4), date(2026, 3, 6))]) == date(2026, 3, 16)


def test_a_pause_on_the_days_to_which_a_limit_moved_on_moves_it_too() -> None:
    """Saturday 14 March moves on to Monday 16; a pause from Monday to Wednesday leaves Thursday as the last day."""
    assert CALENDAR.add_days(date(2026, 3, 4), 10, [(date(2026, 3, 16), date(2026, 3, 18))]) == date(2026, 3, 19)
    assert CALENDAR.add_days(date(2026, 3, 4), 10, [(date(2026, 3, 15), date(2026, 3, 15))]) == date(2026, 3, 16)
    assert CALENDAR.add_days(date(2026, 3, 4), 10, [(date(2026, 3, 17), date(2026, 3, 18))]) == date(2026, 3, 16)
    assert CALENDAR.add_months(date(2026, 2, 14), 1, [(date(2026, 3, 15), date(2026, 3, 20))]) == date(2026, 3, 23)


def test_unannounced_year_has_weekends_and_fixed_holidays_only() -> None:
    assert CALENDAR.is_provisional(date(2027, 1, 4))
    assert not CALENDAR.is_workday(date(2027, 1, 1))
    assert CALENDAR.is_workday(date(2027, 2, 9))  # made up for only when the notice says so
    assert not CALENDAR.is_provisional(date(2026, 12, 31))


def test_entered_notice_overrides_and_ends_the_provision() -> None:
    entered = Calendar({date(2027, 1, 2): True, date(2027, 1, 4): False}, announced=[2027])
    assert entered.is_workday(date(2027, 1, 2))
    assert not entered.is_workday(date(2027, 1, 4))
    assert not entered.is_provisional(date(2027, 1, 4))
    assert entered.add_workdays(date(2026, 12, 28), 7) == date(2027, 1, 7)


def test_period_is_provisional_when_any_counted_day_is() -> None:
    assert CALENDAR.is_provisional_period(date(2026, 12, 28), date(2027, 1, 7))
    assert not CALENDAR.is_provisional_period(date(2026, 12, 1), date(2026, 12, 31))
