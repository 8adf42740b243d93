"""Reading and writing the index: the only raw SQL of the search.

A search reads up to some hundred rows by key, and writing a catalogue writes a hundred thousand. Django's query compiler takes
longer over so many parameters, and over three small queries a search, than either database over the rows; one list as
one parameter costs nothing. The statements differ only in how a list is unpacked: ``json_each`` on SQLite, ``ANY`` on PostgreSQL.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from matters.models import Findable, SearchSet, SearchState
from matters.search import bits

GRAM, FACET = SearchSet.Kind.GRAM.value, SearchSet.Kind.FACET.value
TABLE, STATES, TEXTS = (model._meta.db_table for model in (SearchSet, SearchState, Findable))
_ONE_OF = {"sqlite": "IN (SELECT value FROM json_each(%s))", "postgresql": "= ANY(%s)"}
_UPSERT = f"""
    INSERT INTO {TABLE} (kind, key, chunk, bits) VALUES (%s, %s, %s, %s)
    ON CONFLICT (kind, key, chunk) DO UPDATE SET bits = excluded.bits
"""  # noqa: S608 - the table's name


@dataclass(frozen=True)
class State:
    """What a reader needs to know of ``SearchState``."""

    form: int
    first_slot: int
    stamp: str


def read_state() -> State | None:
    """The state as it is now; None when there is none yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT form, first_slot, stamp FROM {STATES} WHERE id = 1")  # noqa: S608 - the table's name
        row = cursor.fetchone()
    return State(*row) if row else None


def read_texts(slots: Iterable[int], *, names: bool) -> dict[int, str]:
    """The names, or else the other texts, of the matters in these slots."""
    column = "names" if names else "places"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT slot, {column} FROM {TEXTS} WHERE slot {_ONE_OF[connection.vendor]}",  # noqa: S608 - own names
            [_listed(slots)],
        )
        return dict(cursor.fetchall())


def read(kind: str, keys: Iterable[str]) -> list[tuple[str, int, int]]:
    """(key, chunk, bits) of the keys that there are."""
    return _rows(f"kind = %s AND key {_ONE_OF[connection.vendor]}", [kind, _listed(keys)])


def read_chunk(kind: str, chunk: int, keys: Iterable[str]) -> dict[str, int]:
    """The bits of the keys in one chunk."""
    rows = _rows(f"kind = %s AND key {_ONE_OF[connection.vendor]} AND chunk = %s", [kind, _listed(keys), chunk])
    return {key: part for key, _chunk, part in rows}


def read_all(kind: str) -> list[tuple[str, int, int]]:
    """Every row of a kind."""
    return _rows("kind = %s", [kind])


def write(kind: str, rows: Iterable[tuple[str, int, int]]) -> None:
    """Store (key, chunk, bits), in place of what was there."""
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, [(kind, key, chunk, bits.pack(part)) for key, chunk, part in rows])


def delete(kind: str, prefix: str) -> None:
    """Remove the keys that begin so."""
    SearchSet.objects.filter(kind=kind, key__startswith=prefix).delete()


def _listed(values: Iterable[Any]) -> Any:
    wanted = list(values)
    return json.dumps(wanted) if connection.vendor == "sqlite" else wanted


def _rows(where: str, parameters: list[Any]) -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, chunk, bits FROM {TABLE} WHERE {where}", parameters)  # noqa: S608 - own conditions
        return [(key, chunk, bits.unpack(stored)) for key, chunk, stored in cursor.fetchall()]
