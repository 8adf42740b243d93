"""A record is taken only as the format says: every field of its type and within its bounds, and none missing."""

import json
from typing import Any

import pytest

from sync import canonical, chain
from sync.reasons import Refused
from tests.sync.peer import line, name_of

NAME = name_of(b"a scan")


def changed(**fields: Any) -> bytes:
    """A good record with these fields instead; a field that is ``...`` is left out."""
    good = json.loads(line(1, blobs=[NAME])) | fields
    return canonical.encode({name: value for name, value in good.items() if value is not ...})


@pytest.mark.parametrize(
    "fields",
    [
        {"blobs": []},
        {"blobs": [NAME, "0" * 64]},
        {"v": 32767},
        {"topic": "t" * 100},
        {"key": "k" * 200},
        {"payload": {}},
        {"rseq": 2**53 - 1},
    ],
)
def test_good(fields: dict[str, Any]) -> None:
    record = chain.from_line(changed(**fields))
    for name, value in fields.items():
        assert getattr(record, "version" if name == "v" else name) == value


@pytest.mark.parametrize("number", [0, -1, True, "1", None, []])
@pytest.mark.parametrize("name", ["rseq", "agg_version", "v"])
def test_number(name: str, number: Any) -> None:
    refused(**{name: number})


@pytest.mark.parametrize("text", ["", 1, None, [], {}])
@pytest.mark.parametrize("name", ["topic", "key", "occurred_at"])
def test_text(name: str, text: Any) -> None:
    refused(**{name: text})


@pytest.mark.parametrize(
    "fields",
    [
        {"topic": "t" * 101},
        {"key": "k" * 201},
        {"occurred_at": "2026-03-02T09:00:00.123456Z" + "0" * 20},
        {"occurred_at": "2026-03-02"},
        {"v": 32768},
        {"payload": []},
        {"payload": None},
        {"payload": "{}"},
        {"blobs": {}},
        {"blobs": None},
        {"blobs": ""},
        {"blobs": NAME},
        {"blobs": [NAME, NAME]},
        {"blobs": [NAME[:-1]]},
        {"blobs": [NAME + "0"]},
        {"blobs": [NAME[:-1] + "G"]},
        {"blobs": [NAME[:-1] + "A"]},
        {"blobs": [list(NAME)]},
        {"blobs": [None]},
        {"more": 1},
        *({name: ...} for name in ("rseq", "topic", "v", "key", "agg_version", "occurred_at", "payload", "blobs")),
    ],
    ids=str,
)
def test_bounds_and_fields(fields: dict[str, Any]) -> None:
    refused(**fields)


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"1", b"{}", b'{"rseq":1', changed() + b"\n", b" " + changed()])
def test_no_record(raw: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        chain.from_line(raw)
    assert refusal.value.code == "bad_record"


def refused(**fields: Any) -> None:
    """Whatever reads the record afterwards, it never sees this one."""
    with pytest.raises(Refused) as refusal:
        chain.from_line(changed(**fields))
    assert refusal.value.code == "bad_record"
