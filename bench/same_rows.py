"""What moves write, found by rehearsing them: the rows of one case before and after, turned into bare SQL."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

Row = dict[str, Any]
Statement = tuple[str, list[Any]]
# Table → the condition that finds a case's rows; %s is the case's id or the key under which its facts travel.
OF_CASE = {
    "applications_application": "id = %s",
    "applications_clock": "application_id = %s",
    "applications_routestep": "application_id = %s",
    "applications_event": "application_id = %s",
    "applications_document": "application_id = %s",
    "sync_aggregate": "key = %s",
    "sync_outbox": "key = %s",
}
COUNTER = "applications_documentcounter"  # shared by the cases of a department: only counted up


class _Undo(Exception):
    """Takes a rehearsal back."""


def rehearsed(pk: int, key: str, moves: list[Callable[[], object]]) -> list[list[Statement]]:
    """For each move the statements that write the same rows, one list per transaction. Nothing is left behind."""
    written: list[list[Statement]] = []
    try:
        with transaction.atomic():
            for move in moves:
                before = _rows(pk, key)
                move()
                written.append(list(_statements(before, _rows(pk, key))))
            raise _Undo
    except _Undo:
        return written


def write(statements: list[Statement]) -> None:
    """The bare transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)


def _rows(pk: int, key: str) -> dict[str, dict[Any, Row]]:
    found = {}
    with connection.cursor() as cursor:
        for table, condition in OF_CASE.items():
            cursor.execute(f"SELECT * FROM {table} WHERE {condition} ORDER BY 1", [key if "key" in condition else pk])
            found[table] = _by_first(cursor)
        cursor.execute(f"SELECT * FROM {COUNTER}")
        found[COUNTER] = _by_first(cursor)
    return found


def _by_first(cursor: Any) -> dict[Any, Row]:
    names = [column[0] for column in cursor.description]
    return {values[0]: dict(zip(names, values, strict=True)) for values in cursor.fetchall()}


def _statements(before: dict[str, dict[Any, Row]], after: dict[str, dict[Any, Row]]) -> Iterator[Statement]:
    for table, rows in after.items():
        new = [row for first, row in rows.items() if first not in before[table]]
        yield from (_insert(table, row) for row in new)
        for first, row in rows.items():
            old = before[table].get(first)
            if old is not None and old != row:
                yield _update(table, old, row)


def _insert(table: str, row: Row) -> Statement:
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(["%s"] * len(row))
    return f"INSERT INTO {table} ({names}) VALUES ({places})", list(row.values())


def _update(table: str, old: Row, new: Row) -> Statement:
    first = next(iter(old))
    if table == COUNTER:
        return f"UPDATE {table} SET last = last + 1 WHERE id = %s", [old["id"]]
    changed = {name: value for name, value in new.items() if value != old[name]}
    assignments = ", ".join(f'"{name}" = %s' for name in changed)
    return f'UPDATE {table} SET {assignments} WHERE "{first}" = %s', [*changed.values(), old[first]]
