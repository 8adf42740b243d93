"""When applications are taken."""

from datetime import datetime

import pytest

from matters import window
from matters.guide import AcceptanceWindow, GuideContent
from matters.workdays import Calendar
from tests.matters.guides import whole

WEEKDAYS = {"days": [1, 2, 3, 4, 5], "open": "09:00", "close": "17:00"}


def is_open(at: str, **fields: object) -> bool:
    content = GuideContent.model_validate(whole(acceptance_window={"online_always": False} | fields))
    return window.opening(content, datetime.fromisoformat(at), Calendar()).is_open


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02 10:00", True),
        ("2026-03-02 08:59", False),
        ("2026-03-02 17:01", False),
        ("2026-03-07 10:00", False),  # Saturday
        ("2026-02-28 10:00", True),  # a working Saturday
        ("2026-02-18 10:00", False),  # spring festival, a Wednesday
    ],
)
def test_office_hours_follow_the_working_calendar(at: str, *, expected: bool) -> None:
    assert is_open(at, weekly_hours=[WEEKDAYS]) is expected


def test_saturday_service() -> None:
    assert is_open("2026-03-07 10:00", weekly_hours=[WEEKDAYS, {"days": [6], "open": "09:00", "close": "12:00"}])


@pytest.mark.parametrize(
    ("begin", "end", "day", "expected"),
    [
        ("03-01", "05-31", "2026-04-01", True),
        ("03-01", "05-31", "2026-06-01", False),
        ("11-01", "02-28", "2026-01-15", True),
        ("11-01", "02-28", "2026-03-01", False),
        ("2026-03-01", "2026-05-31", "2027-04-01", False),
    ],
)
def test_seasons(begin: str, end: str, day: str, *, expected: bool) -> None:
    assert is_open(f"{day} 10:00", online_always=True, season_from=begin, season_to=end) is expected


def test_always_open_online() -> None:
    assert is_open("2026-02-18 03:00", online_always=True)


def test_without_a_form_nobody_applies_online() -> None:
    content = GuideContent.model_validate(whole(form={"sections": []}))
    found = window.opening(content, datetime(2026, 3, 2, 10), Calendar())
    assert (found.is_open, "窗口" in found.reason) == (False, True)


def test_words() -> None:
    hours = AcceptanceWindow.model_validate(
        {
            "weekly_hours": [WEEKDAYS, {"days": [6, 7], "open": "09:00", "close": "12:00"}],
            "season_from": "03-01",
            "season_to": "05-31",
        }
    )
    assert window.hours_text(hours) == "周一至周五 09:00–17:00；周六、周日 09:00–12:00"
    assert window.season_text(hours) == "每年3月1日至5月31日"
