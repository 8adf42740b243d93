"""When a matter takes applications, and from whom."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import opening
from matters.guide import AcceptanceWindow

HOURS = [{"days": [1, 2, 3, 4, 5], "open": "09:00", "close": "12:00"}]
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def window(**content: object) -> AcceptanceWindow:
    return AcceptanceWindow.model_validate(content)


@pytest.mark.parametrize(
    ("season", "day", "is_open"),
    [
        (("03-01", "05-31"), date(2026, 3, 1), True),
        (("03-01", "05-31"), date(2026, 5, 31), True),
        (("03-01", "05-31"), date(2026, 6, 1), False),
        (("11-15", "02-15"), date(2027, 1, 1), True),
        (("11-15", "02-15"), date(2026, 7, 1), False),
        (("2026-03-01", "2026-03-10"), date(2026, 3, 10), True),
        (("2026-03-01", "2026-03-10"), date(2027, 3, 5), False),
        (("03-01", ""), date(2026, 12, 31), True),
        (("", "2026-03-10"), date(2020, 1, 1), True),
        (("", ""), date(2026, 1, 1), True),
    ],
)
def test_seasons(season: tuple[str, str], day: date, is_open: bool) -> None:
    assert opening.in_season(window(season_from=season[0], season_to=season[1]), day) is is_open


@given(DAYS, DAYS, DAYS)
def test_a_yearly_season_and_its_gap_cover_the_year(start: date, end: date, day: date) -> None:
    season = window(season_from=f"{start:%m-%d}", season_to=f"{end:%m-%d}")
    gap = window(
        season_from=f"{end + timedelta(1):%m-%d}",
        season_to=f"{start - timedelta(1):%m-%d}",
    )
    assert opening.in_season(season, day) or opening.in_season(gap, day)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 3, 2, 9, 0), True),
        (datetime(2026, 3, 2, 11, 59), True),
        (datetime(2026, 3, 2, 12, 0), False),
        (datetime(2026, 3, 1, 10, 0), False),
    ],
)
def test_hours_count_only_where_the_net_has_hours(at: datetime, is_open: bool) -> None:
    assert opening.outside_window(window(weekly_hours=HOURS, online_always=True), at) == ""
    closed = opening.outside_window(window(weekly_hours=HOURS, online_always=False), at)
    assert (closed == "") is is_open
    assert is_open or "周一、二、三、四、五 09:00—12:00" in closed
