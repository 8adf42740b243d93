"""One record of a stream, its bytes, and the hash chain over all of them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sync import canonical
from sync.reasons import Refused

LARGEST_LINE = 9 * 1024 * 1024
_FIELDS = {"agg_version", "blobs", "key", "occurred_at", "payload", "rseq", "topic", "v"}


class Record(NamedTuple):
    """A fact with its number in the stream."""

    rseq: int
    topic: str
    version: int
    key: str
    agg_version: int
    occurred_at: datetime
    payload: Mapping[str, Any]
    blobs: list[str]


def genesis(stream: UUID) -> bytes:
    """The chain before the first record."""
    return hashlib.sha256(b"ZWFW-sync-chain-v1\0" + stream.bytes).digest()


def advance(chain: bytes, line: bytes) -> bytes:
    """The chain after one more record, given as its canonical bytes without the line feed."""
    return hashlib.sha256(chain + line).digest()


def to_line(
    *,
    rseq: int,
    topic: str,
    version: int,
    key: str,
    agg_version: int,
    occurred_at: datetime,
    payload: str,
    blobs: list[str],
) -> bytes:
    """The canonical bytes of a record; ``payload`` is canonical JSON already and is not read and written again."""
    return b"".join(
        (
            b'{"agg_version":%d,"blobs":' % agg_version,
            canonical.encode(blobs) if blobs else b"[]",
            b',"key":',
            canonical.encode_text(key),
            b',"occurred_at":"',
            canonical.moment(occurred_at).encode(),
            b'","payload":',
            payload.encode(),
            b',"rseq":%d,"topic":' % rseq,
            canonical.encode_text(topic),
            b',"v":%d}' % version,
        )
    )


def digest(line: bytes) -> str:
    """The name of the fact in a line: a hash over all but its number, so that it is the same in every epoch."""
    at = line.rindex(b',"rseq":')  # only ``topic`` and ``v`` come after it, and no quote stands bare inside a text
    after = line.index(b",", at + 1)
    return hashlib.sha256(b"ZWFW-sync-fact-v1\0" + line[:at] + line[after:]).hexdigest()


def from_line(line: bytes) -> Record:
    """The record of canonical bytes; Refused("bad_record") for anything else."""
    try:
        value = canonical.decode(line)
        if not isinstance(value, dict) or value.keys() != _FIELDS:
            raise canonical.NotCanonical("字段不符")
        _check_types(value)
        occurred_at = canonical.parse_moment(value["occurred_at"])
    except canonical.NotCanonical as error:
        raise Refused("bad_record", str(error)) from error
    return Record(
        rseq=value["rseq"],
        topic=value["topic"],
        version=value["v"],
        key=value["key"],
        agg_version=value["agg_version"],
        occurred_at=occurred_at,
        payload=value["payload"],
        blobs=value["blobs"],
    )


def _check_types(value: dict[str, Any]) -> None:
    if not (_is_text(value["topic"], 100) and _is_text(value["key"], 200) and _is_text(value["occurred_at"], 40)):
        raise canonical.NotCanonical("topic、key 或 occurred_at 不符")
    if not (_is_number(value["rseq"]) and _is_number(value["agg_version"])):
        raise canonical.NotCanonical("序号不符")
    if not _is_number(value["v"]) or value["v"] > 32767:
        raise canonical.NotCanonical("版本不符")
    if not isinstance(value["payload"], dict) or not isinstance(value["blobs"], list):
        raise canonical.NotCanonical("payload 或 blobs 不符")
    if not _are_hashes(value["blobs"]):
        raise canonical.NotCanonical("附件名不符")


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest


def _is_number(value: Any) -> bool:
    return type(value) is int and value > 0  # True is an int, too


def _are_hashes(names: list[Any]) -> bool:
    """Names of attachments, each once."""
    return all(_is_hash(name) for name in names) and len(set(names)) == len(names)


def _is_hash(name: Any) -> bool:
    return isinstance(name, str) and len(name) == 64 and all(letter in "0123456789abcdef" for letter in name)
