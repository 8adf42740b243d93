"""The calendar in force on this site: the package's data with what staff entered from the yearly holiday notice."""

from pathlib import Path

from django.db import OperationalError, connection

from matters.models import CalendarDay, CalendarYear
from matters.workdays import Calendar


def current() -> Calendar:
    """The calendar with staff's corrections; two small queries, so take it once per request or list."""
    days = dict(CalendarDay.objects.values_list("date", "is_workday"))
    return Calendar(days, CalendarYear.objects.filter(announced=True).values_list("year", flat=True))


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
