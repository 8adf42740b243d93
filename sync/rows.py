"""Rows read and written without running Django's compiler each time: the SQL is made once. For what every move does, no more.

Same columns and same conversions as the ORM's; no signals are sent (the hall has none).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import get_related_populators
from django.utils import timezone

from sync import statements

Row = TypeVar("Row", bound=models.Model)
MOST_VALUES = 30_000  # of one statement: SQLite takes 32,766, PostgreSQL 65,535
MARK = -1_000_000_007  # stands for the value that is asked with, where the query is written


class Prepared(Generic[Row]):
    """A query written with the ORM, compiled once and asked with one id after another.

    ``write`` is given ``MARK`` where the id goes: ``Prepared(lambda pk: Clock.objects.filter(application_id=pk))``.
    ``select_related`` and ``defer`` work, prefetching and values() do not.
    """

    def __init__(self, write: Callable[[int], models.QuerySet[Row]]) -> None:
        self._write = write
        self._made: dict[str, Callable[[int], list[Row]]] = {}

    def __call__(self, value: int) -> list[Row]:
        if connection.vendor not in self._made:
            self._made[connection.vendor] = self._compiled()
        return self._made[connection.vendor](value)

    def _compiled(self) -> Callable[[int], list[Row]]:
        compiler: Any = self._write(MARK).query.get_compiler(connection.alias)
        sql, parameters = compiler.as_sql()
        selected, info = compiler.select, compiler.klass_info
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in selected[first:last]]
        populators = get_related_populators(info, selected, connection.alias)  # type: ignore[call-arg]
        converters = compiler.get_converters([column[0] for column in selected])

        def ask(value: int) -> list[Row]:
            found = [list(row) for row in statements.ask(sql, [value if one == MARK else one for one in parameters])]
            return [build(row) for row in compiler.apply_converters(found, converters)]

        def build(row: Sequence[Any]) -> Row:
            made: Row = info["model"].from_db(connection.alias, names, row[first:last])
            for populator in populators:
                populator.populate(row, made)
            return made

        return ask


def keys_of(model: type[models.Model], uids: Sequence[str]) -> dict[str, int]:
    """The primary keys of those rows that are there, by their ``uid`` as it was given (text, as facts carry it)."""
    found: dict[str, int] = {}
    for first in range(0, len(uids), MOST_VALUES):
        wanted = {uid.replace("-", "").lower(): uid for uid in uids[first : first + MOST_VALUES]}
        sql = f'SELECT uid, id FROM "{model._meta.db_table}" WHERE uid IN {_places(list(wanted))}'  # noqa: S608
        for uid, pk in statements.ask(sql, list(wanted)):
            found[wanted[uid if isinstance(uid, str) else uid.hex]] = pk  # SQLite keeps the digits as text
    return found


def insert(row: models.Model) -> None:
    """Write a new row and note its id, as ``save(force_insert=True)`` does."""
    head, fields = _insert_into(type(row))
    row.pk = statements.ask(f"{head} {_places(fields)} RETURNING id", _stored(row, fields, add=True))[0][0]
    row._state.adding, row._state.db = False, connection.alias


def insert_all(new: Sequence[models.Model]) -> None:
    """Write new rows of one model together; their ids are not noted."""
    if new:
        head, fields = _insert_into(type(new[0]))
        _write_all(head, [_stored(row, fields, add=True) for row in new])


def insert_values(
    model: type[models.Model], names: Sequence[str], values: Iterable[Sequence[Any]], **same: Any
) -> None:
    """Write rows given as tuples in the order of ``names`` (attribute names: ``handler_id``), ``same`` in every row.

    For thousands of rows: no object is made for each. Fields that are not named get their default.
    """
    head, fields = _insert_into(model)
    here = connections[DEFAULT_DB_ALIAS]
    at = [names.index(field.attname) if field.attname in names else None for field in fields]
    constant = [
        _constant(field, same, here) if place is None else None for field, place in zip(fields, at, strict=True)
    ]
    columns = list(zip(fields, _plain(tuple(fields), here.vendor), at, constant, strict=True))
    _write_all(
        head,
        [
            [
                fixed
                if place is None
                else (value if type(value := row[place]) in plain else field.get_db_prep_save(value, here))
                for field, plain, place, fixed in columns
            ]
            for row in values
        ],
    )


def _constant(field: Any, same: Mapping[str, Any], here: Any) -> Any:
    if _is_set_by_itself(field):
        return field.get_db_prep_save(timezone.now(), here)
    return field.get_db_prep_save(same[field.attname] if field.attname in same else field.get_default(), here)


def _write_all(head: str, stored: Sequence[list[Any]]) -> None:
    if not stored:
        return
    places = _places(stored[0])
    if (
        connection.vendor == "sqlite"
    ):  # one statement of a row, prepared once: a long one would be parsed anew each time
        statements.change_many(f"{head} {places}", stored)
        return
    at_once = max(1, MOST_VALUES // len(stored[0]))
    for first in range(0, len(stored), at_once):
        some = stored[first : first + at_once]
        statements.change(f"{head} {', '.join([places] * len(some))}", list(itertools.chain.from_iterable(some)))


def update(row: models.Model, names: Iterable[str]) -> None:
    """Write these columns (attribute names: ``handler_id``) of a row that is there, as ``save(update_fields=…)`` does.

    ValueError for a name that is no column, LookupError when the row is gone.
    """
    wanted = set(names)
    fields = [field for field in row._meta.concrete_fields if field.attname in wanted]
    if len(fields) != len(wanted):
        raise ValueError(f"{row._meta.label} has no columns {sorted(wanted - {field.attname for field in fields})}")
    assignments = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = _stored(row, fields, add=False)
    written = statements.change(
        f'UPDATE "{row._meta.db_table}" SET {assignments} WHERE id = %s',  # noqa: S608
        [*values, row.pk],
    )
    if written != 1:
        raise LookupError(f"{row._meta.label} {row.pk} is not there any more")


@cache
def _insert_into(model: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    names = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES', fields


def _places(fields: Sequence[Any]) -> str:
    return "(" + ", ".join(["%s"] * len(fields)) + ")"


def _stored(row: models.Model, fields: Sequence[Any], *, add: bool) -> list[Any]:
    here = connections[DEFAULT_DB_ALIAS]  # not through the proxy: it looks the connection up for every attribute
    values = row.__dict__
    return [
        values[field.attname]
        if type(values.get(field.attname)) in plain
        else field.get_db_prep_save(field.pre_save(row, add), here)
        for field, plain in zip(fields, _plain(tuple(fields), here.vendor), strict=True)
    ]


@cache
def _plain(fields: tuple[Any, ...], vendor: str) -> tuple[frozenset[type], ...]:
    """For each field the types of values that the database takes as they are; everything else goes the field's own way."""
    return tuple(frozenset() if _is_set_by_itself(field) else _taken_by(type(field), vendor) for field in fields)


def _is_set_by_itself(field: Any) -> bool:
    return getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)


def _taken_by(field: type[Any], vendor: str) -> frozenset[type]:
    nothing = type(None)
    if field in (models.CharField, models.TextField):
        return frozenset({str, nothing})
    if field in _NUMBERS:
        return frozenset({int, nothing})
    if field in _OTHERS:
        return frozenset({nothing, _OTHERS[field]} if vendor == "postgresql" else {nothing})
    if issubclass(field, models.BinaryField):
        return frozenset({nothing})
    return frozenset({bool}) if field is models.BooleanField and vendor == "postgresql" else frozenset()


_NUMBERS = (
    models.ForeignKey,
    models.OneToOneField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.PositiveBigIntegerField,
)
_OTHERS: dict[type, type] = {models.DateField: date, models.DateTimeField: datetime, models.UUIDField: UUID}
