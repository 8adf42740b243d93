"""Reading and writing the stored sets: the only raw SQL of the search.

A search reads up to some hundred rows by key, and writing a catalogue writes a hundred thousand. Django's query compiler takes
longer over so many parameters than either database over the rows; one list as one parameter costs it nothing. The
statements differ only in how a list is unpacked: ``json_each`` on SQLite, ``ANY`` on PostgreSQL.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from matters.models import SearchSet
from matters.search import bits

GRAM, FACET = SearchSet.Kind.GRAM.value, SearchSet.Kind.FACET.value
TABLE = SearchSet._meta.db_table
_KEYS = {"sqlite": "key IN (SELECT value FROM json_each(%s))", "postgresql": "key = ANY(%s)"}
_UPSERT = f"""
    INSERT INTO {TABLE} (kind, key, chunk, bits) VALUES (%s, %s, %s, %s)
    ON CONFLICT (kind, key, chunk) DO UPDATE SET bits = excluded.bits
"""  # noqa: S608 - the table's name


def read(kind: str, keys: Iterable[str]) -> list[tuple[str, int, int]]:
    """(key, chunk, bits) of the keys that there are."""
    return _rows(f"kind = %s AND {_KEYS[connection.vendor]}", [kind, _listed(keys)])


def read_chunk(kind: str, chunk: int, keys: Iterable[str]) -> dict[str, int]:
    """The bits of the keys in one chunk."""
    rows = _rows(f"kind = %s AND {_KEYS[connection.vendor]} AND chunk = %s", [kind, _listed(keys), chunk])
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


def _listed(keys: Iterable[str]) -> Any:
    wanted = list(keys)
    return json.dumps(wanted) if connection.vendor == "sqlite" else wanted


def _rows(where: str, parameters: list[Any]) -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, chunk, bits FROM {TABLE} WHERE {where}", parameters)  # noqa: S608 - own conditions
        return [(key, chunk, bits.unpack(stored)) for key, chunk, stored in cursor.fetchall()]
