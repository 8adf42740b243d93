"""The calendar in force: the package's data, corrected by what staff entered."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from matters import calendar
from matters.models import CalendarDay, CalendarYear
from matters.publishing import publish_calendar
from sync.models import Outbox

SPRING = {date(2027, 2, 9): (False, "春节"), date(2027, 2, 20): (True, "春节调休")}


@pytest.mark.django_db
def test_entered_days_are_in_force_at_once() -> None:
    publish_calendar(2027, SPRING)
    days = calendar.current()
    assert not days.is_workday(date(2027, 2, 9))
    assert days.is_workday(date(2027, 2, 20))
    assert not days.is_provisional(date(2027, 2, 20))


@pytest.mark.django_db
def test_entering_again_replaces_the_year() -> None:
    publish_calendar(2027, SPRING)
    publish_calendar(2027, {date(2027, 2, 10): (False, "春节")}, announced=False)
    assert list(CalendarDay.objects.values_list("date", flat=True)) == [date(2027, 2, 10)]
    assert not CalendarYear.objects.get().announced


@pytest.mark.django_db
def test_the_notice_leaves_for_the_outer_side() -> None:
    publish_calendar(2027, SPRING)
    fact = Outbox.objects.get()
    assert (fact.topic, fact.key) == ("calendar.published", "calendar:2027")


@pytest.mark.django_db
def test_days_of_another_year_are_refused() -> None:
    with pytest.raises(ValueError, match="2027"):
        publish_calendar(2027, {date(2026, 1, 1): (False, "")})
    assert not CalendarYear.objects.exists()


@pytest.mark.django_db
def test_takes_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        calendar.current()


def test_works_before_any_database_exists(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    missing = tmp_path / "none" / "hall.sqlite3"
    unopened = SimpleNamespace(vendor="sqlite", connection=None, settings_dict={"NAME": str(missing)})
    monkeypatch.setattr(calendar, "connection", unopened)
    assert calendar.current_or_packaged().is_workday(date(2026, 2, 14))
    assert not missing.exists()


@pytest.mark.django_db
def test_works_in_a_database_without_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", list)
    CalendarDay.objects.create(date=date(2026, 2, 14), is_workday=False)
    assert calendar.current_or_packaged().is_workday(date(2026, 2, 14))


@pytest.mark.django_db
def test_commands_use_what_staff_entered() -> None:
    CalendarDay.objects.create(date=date(2026, 2, 14), is_workday=False)
    assert not calendar.current_or_packaged().is_workday(date(2026, 2, 14))
