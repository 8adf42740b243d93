"""The whole records of a set, as the department gave them. Inner side only, encrypted at rest."""

from collections.abc import Iterable, Iterator
from itertools import islice

from identity.fields import keyed_hash
from matters.datasets.definition import Definition
from matters.datasets.values import plain
from matters.models import DataSet, StockRow

BATCH = 1000
Values = dict[str, str]


def key_of(definition: Definition, values: Values) -> str:
    """Under which a record is known here, without storing its number in the clear."""
    return keyed_hash(plain(values[definition.key]))


def keys(dataset: DataSet) -> set[str]:
    """The keys of all records."""
    return set(dataset.stock.values_list("key_hash", flat=True).iterator(BATCH))


def read(dataset: DataSet) -> Iterator[Values]:
    """All records in the order of loading, read as they are needed."""
    yield from dataset.stock.order_by("pk").values_list("values", flat=True).iterator(BATCH)


def replace(dataset: DataSet, definition: Definition, records: Iterable[Values]) -> int:
    """Put these records in place of all; how many there are. Inside the caller's transaction."""
    dataset.stock.all().delete()
    count = 0
    for batch in batches(records):
        StockRow.objects.bulk_create(_rows(dataset, definition, batch))
        count += len(batch)
    return count


def put(dataset: DataSet, definition: Definition, records: Iterable[Values]) -> Iterator[Values]:
    """Add or update records by key; yields those that are new or differ. Inside the caller's transaction."""
    for batch in batches(records):
        rows = {row.key_hash: row for row in _rows(dataset, definition, batch)}
        known = dict(dataset.stock.filter(key_hash__in=list(rows)).values_list("key_hash", "values"))
        changed = [row for key, row in rows.items() if known.get(key) != row.values]
        StockRow.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["dataset", "key_hash"], update_fields=["values"]
        )
        yield from (row.values for row in changed)


def batches(records: Iterable[Values]) -> Iterator[list[Values]]:
    """The records in lists of a thousand."""
    records = iter(records)
    while batch := list(islice(records, BATCH)):
        yield batch


def _rows(dataset: DataSet, definition: Definition, records: Iterable[Values]) -> list[StockRow]:
    return [StockRow(dataset=dataset, key_hash=key_of(definition, values), values=values) for values in records]
