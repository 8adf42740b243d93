"""Statements of the hot path, sent as they are and, on PostgreSQL, prepared: parsed and planned once a connection.

Django binds values on the client and has the server plan each statement anew; a move of a case makes some fifteen. Same
database errors as Django's cursors, same adapters. Whoever watches the statements (``connection.queries``, a wrapper)
gets the ordinary way. Not for a connection pooler that changes servers between transactions.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


def ask(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement that answers with rows; values in the form that the database takes."""
    here = connections[DEFAULT_DB_ALIAS]  # not through the proxy: it looks the connection up for every attribute
    if _may_prepare(here):
        with here.wrap_database_errors:
            return _prepared(here, sql, values).fetchall()
    with here.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def change(sql: str, values: Sequence[Any] = ()) -> int:
    """Run a statement that answers with no rows; the number of rows it touched."""
    here = connections[DEFAULT_DB_ALIAS]
    if _may_prepare(here):
        with here.wrap_database_errors:
            return _prepared(here, sql, values).rowcount
    with here.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _may_prepare(here: Any) -> bool:
    return here.vendor == "postgresql" and not (here.queries_logged or here.execute_wrappers)


def _prepared(here: Any, sql: str, values: Sequence[Any]) -> "psycopg.Cursor[Any]":
    here.ensure_connection()
    here.validate_no_broken_transaction()
    cursor = psycopg.Cursor(here.connection)
    cursor.execute(sql, values, prepare=True)
    return cursor
