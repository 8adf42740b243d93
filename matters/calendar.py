"""The calendar in force on this site: the package's data with what staff entered from the yearly holiday notice."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import OperationalError, connection

from matters.models import CalendarDay, CalendarYear
from matters.workdays import Calendar
from sync import statements

# One statement, without Django's compiler: every move of a case asks. Text, because SQLite has no dates.
_ENTERED = """
    SELECT CAST(date AS text), is_workday FROM matters_calendarday
    UNION ALL
    SELECT CAST(year AS text), announced FROM matters_calendaryear
"""


def current() -> Calendar:
    """The calendar with staff's corrections; one small query, so take it once per request or list."""
    return _built(tuple(sorted((text, bool(said)) for text, said in statements.ask(_ENTERED))))


@lru_cache(maxsize=4)
def _built(entered: tuple[tuple[str, bool], ...]) -> Calendar:
    """The calendar of what was entered; built once, it only remembers the years it was asked for."""
    days = {date.fromisoformat(text): is_workday for text, is_workday in entered if len(text) > len("2026")}
    return Calendar(days, [int(text) for text, is_announced in entered if len(text) == len("2026") and is_announced])


def current_or_packaged() -> Calendar:
    """``current()``, or the package's data alone on a site whose database has not been made or cannot be reached."""
    return current() if _has_tables() else Calendar()


def _has_tables() -> bool:
    # Opening a SQLite file that is not there creates it, and then the site looks as if it had been set up.
    unopened = connection.vendor == "sqlite" and connection.connection is None
    if unopened and not Path(connection.settings_dict["NAME"]).exists():
        return False
    try:
        tables = connection.introspection.table_names()
    except OperationalError:
        return False
    return {CalendarDay._meta.db_table, CalendarYear._meta.db_table} <= set(tables)
