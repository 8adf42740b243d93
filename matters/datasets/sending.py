"""What the inner side tells of data sets: the definition, and the records masked, in parts. The only writer of both facts.

Everything of one set travels under one key, so in order. A load ends with a statement of what it must be.
"""

import secrets
from collections.abc import Iterable, Iterator

from django.utils import timezone

from matters.datasets import hashes, rows, stock
from matters.datasets.rows import Row
from matters.models import DataLoad, DataSet, DataSetVersion
from sync import canonical, outbox

PUBLISHED = "dataset.published"
ROWS = "dataset.rows"


def record_version(version: DataSetVersion) -> None:
    """Tell of a definition published or withdrawn, inside the caller's transaction."""
    dataset = version.dataset
    outbox.record(
        PUBLISHED,
        _key(dataset),
        {
            "dataset": {
                "uid": str(dataset.uid),
                "slug": dataset.slug,
                "department": dataset.department.code,
                "built_in": dataset.built_in,
                "key": dataset.key_hex,
            },
            "version": {
                "number": version.number,
                "state": version.state,
                "content": version.content,
                "digest": version.digest,
                "published_at": canonical.moment(version.published_at or timezone.now()),
                "published_by_name": version.published_by_name,
            },
        },
    )


def send_all(dataset: DataSet) -> None:
    """Send every record as a new generation; the outer side shows it when it is whole. Inside the caller's transaction."""
    _send(dataset, DataLoad.Mode.REPLACE, stock.read(dataset))


def send_some(dataset: DataSet, records: Iterable[stock.Values]) -> None:
    """Send records that are new or changed, on top of what is shown. Inside the caller's transaction."""
    _send(dataset, DataLoad.Mode.UPSERT, records)


def new_key() -> str:
    """A key for a new set, in hex."""
    return secrets.token_hex(hashes.KEY_BYTES)


def _send(dataset: DataSet, mode: str, records: Iterable[stock.Values]) -> None:
    """Write the parts one by one: no more than two of them are in memory. The last one carries the statement."""
    version = dataset.current
    assert version is not None
    dataset.load_number += 1
    dataset.loaded_at = timezone.now()
    digests = rows.Digests()
    waiting: list[Row] | None = None
    part = 0
    for chunk in rows.chunks(_public(dataset, version, records, digests)):
        if waiting is not None:
            _record(dataset, part, waiting, None)
            part += 1
        waiting = chunk
    dataset.row_count = dataset.stock.count()  # only now: the records may have been stored while they were read
    final: dict[str, object] = {"mode": mode, "parts": part + 1, "count": digests.count}
    final |= {"digest": digests.hexdigest(), "total": dataset.row_count}
    _record(dataset, part, waiting or [], final | {"loaded_at": canonical.moment(dataset.loaded_at)})
    dataset.save(update_fields=["load_number", "loaded_at", "row_count"])


def _public(
    dataset: DataSet, version: DataSetVersion, records: Iterable[stock.Values], digests: rows.Digests
) -> Iterator[Row]:
    key, definition = dataset.key, version.definition
    for values in records:
        row = rows.public_row(definition, key, values)
        digests.add(rows.row_digest(row))
        yield row


def _record(dataset: DataSet, part: int, chunk: list[Row], final: dict[str, object] | None) -> None:
    assert dataset.current is not None
    payload = {"dataset": str(dataset.uid), "version": dataset.current.number, "load": dataset.load_number}
    outbox.record(ROWS, _key(dataset), payload | {"part": part, "rows": chunk, "final": final})


def _key(dataset: DataSet) -> str:
    return f"dataset:{dataset.uid}"
