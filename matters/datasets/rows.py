"""One record on its way: what of it crosses the gap, and what the outer side makes of that for searching. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from matters.datasets import hashes
from matters.datasets.definition import Definition, FieldDefinition
from matters.datasets.masking import mask
from matters.datasets.values import plain, sort_text
from sync import canonical

Row = dict[str, Any]
Values = Mapping[str, str]

MOST_ROWS = 1000
MOST_BYTES = 1024 * 1024  # of rows in one fact; sync.outbox takes 8 MiB at most
LOOKUP_LENGTH = 100
SUFFIX_LENGTH = (
    16  # of each entry of a field that is searched inside; longer queries are looked up in parts of this length
)


# --- inner side
def public_row(definition: Definition, key: bytes, values: Values) -> Row:
    """What the public may have of a record: ``{"ref", "values", "hashes"}``, masked, and keyed hashes of searchable secrets."""
    secret = [field for field in definition.searchable if field.is_secret]
    own = definition.field(definition.key)
    shown = {field.key: mask(field.mask, values.get(field.key, "")) for field in definition.crossing}
    return {
        "ref": hashes.ref_of(key, values[definition.key], secret=own is None or own.is_secret),
        "values": {name: text for name, text in shown.items() if text},
        "hashes": {
            field.key: hashes.digest_of(key, field.key, values[field.key]) for field in secret if values.get(field.key)
        },
    }


def row_digest(row: Row) -> str:
    """SHA-256 of a public row in canonical JSON, hex."""
    return hashlib.sha256(canonical.encode(row)).hexdigest()


class Digests:
    """One digest over those of many rows, in order: what both sides compare before a load is shown."""

    def __init__(self, digests: Iterable[str] = ()) -> None:
        self.count = 0
        self._whole = hashlib.sha256()
        for digest in digests:
            self.add(digest)

    def add(self, digest: str) -> None:
        """The next row's."""
        self._whole.update(digest.encode())
        self.count += 1

    def hexdigest(self) -> str:
        """64 hex digits."""
        return self._whole.hexdigest()


def chunks(rows: Iterable[Row], most_rows: int = MOST_ROWS, most_bytes: int = MOST_BYTES) -> Iterator[list[Row]]:
    """The rows in order, in lists that each fit into one fact; at least one list, which may be empty."""
    chunk: list[Row] = []
    size, any_yet = 0, False
    for row in rows:
        length = len(canonical.encode(row))
        if chunk and (len(chunk) >= most_rows or size + length > most_bytes):
            yield chunk
            chunk, size, any_yet = [], 0, True
        chunk.append(row)
        size += length
    if chunk or not any_yet:
        yield chunk


# --- outer side
def lookups(definition: Definition, row: Row) -> Iterator[tuple[int, str]]:
    """(number of the field, text) for every way in which the record may be found."""
    numbers = definition.lookup_numbers()
    for field in definition.searchable:
        number = numbers[field.key]
        if field.is_secret:
            if found := row["hashes"].get(field.key):
                yield number, found
        elif text := plain(row["values"].get(field.key, "")):
            yield from ((number, entry) for entry in entries(field, text))


def entries(field: FieldDefinition, text: str) -> Iterable[str]:
    """The texts under which a value is found by their beginning: itself, and each of its ends when it is searched inside."""
    if field.search != "contains":
        return (text[:LOOKUP_LENGTH],)
    return dict.fromkeys(text[at : at + SUFFIX_LENGTH] for at in range(min(len(text), LOOKUP_LENGTH)))


def sort_texts(definition: Definition, row: Row) -> list[str]:
    """The contents of the three sort columns."""
    texts = [_sort_text(definition.field(key), row) for key in definition.sorts]
    return [*texts, "", "", ""][:3]


def _sort_text(field: FieldDefinition | None, row: Row) -> str:
    return sort_text(field.kind, row["values"].get(field.key, "")) if field else ""
