"""The only door by which facts leave: written in the caller's transaction, so fact and change stand or fall together."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from sync import blobs as blob_store
from sync import canonical, rows, statements
from sync.models import Outbox

LARGEST_PAYLOAD = 8 * 1024 * 1024
# One statement takes the row lock of the aggregate and counts: two writers of one key are ordered by it.
_NEXT_VERSION = """
    INSERT INTO sync_aggregate (key, version) VALUES (%s, 1)
    ON CONFLICT (key) DO UPDATE SET version = sync_aggregate.version + 1
    RETURNING version
"""
_NEXT_VERSIONS = """
    INSERT INTO sync_aggregate (key, version) VALUES {}
    ON CONFLICT (key) DO UPDATE SET version = sync_aggregate.version + excluded.version
    RETURNING key, version
"""
AT_ONCE = 500


class OutsideTransaction(RuntimeError):
    """record() was called where a failure later on would leave a fact without its change."""


class Told(NamedTuple):
    """A fact that is to be recorded; see ``record``."""

    topic: str
    key: str
    payload: Mapping[str, Any]
    blobs: Sequence[str] = ()
    version: int = 1
    largest: int = LARGEST_PAYLOAD  # bytes of the payload


def record(topic: str, key: str, payload: Mapping[str, Any], *, blobs: Sequence[str] = (), version: int = 1) -> Outbox:
    """Note a fact for the other side, inside the caller's transaction.

    ``topic`` is past tense (``application.submitted``), ``key`` the aggregate (``application:<uid>``): facts of one key
    arrive in the order of this call. ``payload`` must be canonical JSON (no floats; decimals, dates as text), ``blobs``
    must be in the blob store already. Errors: OutsideTransaction, canonical.NotCanonical, ValueError, FileNotFoundError.
    """
    told = Told(topic, key, payload, blobs, version)
    _check_transaction(topic)
    fact = Outbox(
        topic=topic,
        version=version,
        key=key,
        agg_version=_next_version(key),
        payload=_checked_text(told),
        blobs=list(dict.fromkeys(blobs)),
        occurred_at=timezone.now(),
    )
    rows.insert(fact)
    return fact


def record_all(facts: Iterable[Told]) -> None:
    """Note many facts in the order given, with a few statements for every five hundred; errors as in ``record``."""
    left = iter(facts)
    while some := list(itertools.islice(left, AT_ONCE)):
        _check_transaction(some[0].topic)
        texts = [_checked_text(told) for told in some]
        versions = _next_versions([told.key for told in some])
        rows.insert_values(
            Outbox,
            ("topic", "version", "key", "agg_version", "payload", "blobs"),
            [
                (told.topic, told.version, told.key, version, text, list(dict.fromkeys(told.blobs)))
                for told, version, text in zip(some, versions, texts, strict=True)
            ],
            occurred_at=timezone.now(),
        )


def _check_transaction(topic: str) -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"outbox.record({topic!r}) must run inside transaction.atomic()")


def _checked_text(told: Told) -> str:
    """The payload as it is stored; its attachments are there."""
    text = canonical.encode(dict(told.payload), deepest=canonical.DEEPEST - 1)  # it lies one level deep in its record
    if len(text) > told.largest:
        raise ValueError(f"payload of {told.topic} exceeds {told.largest} bytes")
    for name in told.blobs:
        if not blob_store.exists(name):
            raise FileNotFoundError(f"blob {name} of {told.topic} is not in the store")
    return text.decode()


def _next_version(key: str) -> int:
    return int(statements.ask(_NEXT_VERSION, [key])[0][0])


def _next_versions(keys: Sequence[str]) -> list[int]:
    """A number for each key, in their order. The row locks are taken in the order of the keys: two writers cannot block each other."""
    wanted = Counter(keys)
    ordered = sorted(wanted)
    asked = [value for key in ordered for value in (key, wanted[key])]
    last = dict(statements.ask(_NEXT_VERSIONS.format(", ".join(["(%s, %s)"] * len(ordered))), asked))
    following = {key: last[key] - wanted[key] for key in ordered}
    numbers = []
    for key in keys:
        following[key] += 1
        numbers.append(following[key])
    return numbers
