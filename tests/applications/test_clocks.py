"""Deadlines from facts: the vectors of the law, pauses, extension, natural days and months (C01, C10, C14)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import clocks
from applications.clocks import Limit, PauseSpan
from matters.workdays import Calendar

CALENDAR = Calendar()
DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))


def due(start: str, limit: Limit, *pauses: PauseSpan, extension: Limit | None = None) -> str:
    as_of = date(2026, 12, 31)
    return clocks.due_on(
        date.fromisoformat(start), limit, CALENDAR, pauses=pauses, extension=extension, as_of=as_of
    ).on.isoformat()


@pytest.mark.parametrize(
    ("start", "workdays", "expected"),
    [
        ("2026-02-13", 5, "2026-02-27"),  # 春节, with working Saturdays on the 14th and 28th
        ("2026-02-15", 5, "2026-02-28"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-09-18", 20, "2026-10-22"),
        ("2026-01-05", 45, "2026-03-13"),
        ("2026-06-12", 10, "2026-06-29"),
        ("2026-07-18", 5, "2026-07-24"),
    ],
)
def test_working_days_of_the_law(start: str, workdays: int, expected: str) -> None:
    assert due(start, Limit(workdays)) == expected


def test_extension_counts_from_the_due_date() -> None:
    assert due("2026-09-18", Limit(20), extension=Limit(10)) == "2026-11-05"


def test_a_period_into_an_unannounced_year_is_provisional() -> None:
    found = clocks.due_on(date(2026, 12, 28), Limit(7), CALENDAR, as_of=date(2026, 12, 28))
    assert (found.on.isoformat(), found.provisional) == ("2027-01-07", True)


def test_natural_days_and_months_move_on_from_a_day_of_rest() -> None:
    assert due("2026-03-27", Limit(1, "M")) == "2026-04-27"
    assert due("2026-04-01", Limit(30, "Z")) == "2026-05-06"  # 1 May and what follows are holidays


def test_the_day_of_resumption_counts() -> None:
    pause = PauseSpan(date(2026, 3, 4), date(2026, 3, 9), date(2026, 3, 11))
    assert due("2026-03-02", Limit(5), pause) == "2026-03-12"


def test_a_pause_resumed_on_its_first_day_takes_nothing() -> None:
    pause = PauseSpan(date(2026, 3, 4), date(2026, 3, 4), date(2026, 3, 11))
    assert due("2026-03-02", Limit(5), pause) == due("2026-03-02", Limit(5))


@given(start=DAYS, value=st.integers(1, 60), begin=st.integers(1, 200), length=st.integers(1, 60))
def test_a_pause_never_shortens_and_after_the_deadline_changes_nothing(
    start: date, value: int, begin: int, length: int
) -> None:
    plain = clocks.due_on(start, Limit(value), CALENDAR, as_of=start).on
    first = start + timedelta(days=begin)
    pause = PauseSpan(first, first + timedelta(days=length), first + timedelta(days=length))
    paused = clocks.due_on(start, Limit(value), CALENDAR, pauses=[pause], as_of=start).on
    assert paused >= plain
    if first > plain:
        assert paused == plain


@given(start=DAYS, value=st.integers(0, 60))
def test_a_due_day_is_a_working_day_and_the_count_is_exact(start: date, value: int) -> None:
    on = clocks.due_on(start, Limit(value), CALENDAR, as_of=start).on
    assert CALENDAR.is_workday(on)
    if value:
        assert CALENDAR.count_workdays(start, on) == value


@pytest.mark.parametrize(
    ("today", "level"),
    [("2026-03-11", "green"), ("2026-03-13", "amber"), ("2026-03-17", "yellow"), ("2026-03-31", "red")],
)
def test_the_light_follows_promise_and_law(today: str, level: str) -> None:
    law, promise = date(2026, 3, 30), date(2026, 3, 16)
    assert clocks.light(date.fromisoformat(today), law, promise, CALENDAR) == level
