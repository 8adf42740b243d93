"""Statements of the hot path, sent as they are and prepared: parsed and planned once a connection.

Django binds values on the client and has the server plan each statement anew; a move of a case makes some fifteen. Same
database errors as Django's cursors, same adapters. Whoever watches the statements (``connection.queries``, a wrapper)
gets the ordinary way. Not for a connection pooler that changes servers between transactions.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def ask(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement that answers with rows; values in the form that the database takes."""
    here = connections[DEFAULT_DB_ALIAS]  # not through the proxy: it looks the connection up for every attribute
    if _may_go_direct(here):
        with here.wrap_database_errors:
            return list(_direct(here, sql, values).fetchall())
    with here.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def change(sql: str, values: Sequence[Any] = ()) -> int:
    """Run a statement that answers with no rows; the number of rows it touched."""
    here = connections[DEFAULT_DB_ALIAS]
    if _may_go_direct(here):
        with here.wrap_database_errors:
            return int(_direct(here, sql, values).rowcount)
    with here.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def change_many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement that answers with no rows once for each row of values."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor == "sqlite" and _may_go_direct(here):
        _check_usable(here)
        with here.wrap_database_errors:
            here.connection.executemany(_with_marks(sql), rows)
        return
    with here.cursor() as cursor:
        cursor.executemany(sql, rows)


def _may_go_direct(here: Any) -> bool:
    return not (here.queries_logged or here.execute_wrappers)


def _direct(here: Any, sql: str, values: Sequence[Any]) -> Any:
    _check_usable(here)
    if (
        here.vendor == "sqlite"
    ):  # its module keeps prepared statements by their text; Django's cursor costs as much as they do
        return here.connection.execute(_with_marks(sql), values)
    cursor = here.Database.Cursor(here.connection)  # psycopg, of which a site on SQLite has no need in its memory
    cursor.execute(sql, values, prepare=True)
    return cursor


def _check_usable(here: Any) -> None:
    here.ensure_connection()
    here.validate_thread_sharing()
    here.validate_no_broken_transaction()


@lru_cache(maxsize=512)
def _with_marks(sql: str) -> str:
    """SQLite's place holders; as Django does it, ``%%`` is a per cent sign."""
    return sql.replace("%%", "\0").replace("%s", "?").replace("\0", "%")
