"""The only door by which facts leave: written in the caller's transaction, so fact and change stand or fall together."""

from collections.abc import Mapping, Sequence
from typing import Any

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


class OutsideTransaction(RuntimeError):
    """record() was called where a failure later on would leave a fact without its change."""


def record(topic: str, key: str, payload: Mapping[str, Any], *, blobs: Sequence[str] = (), version: int = 1) -> Outbox:
    """Note a fact for the other side, inside the caller's transaction.

    ``topic`` is past tense (``application.submitted``), ``key`` the aggregate (``application:<uid>``): facts of one key
    arrive in the order of this call. ``payload`` must be canonical JSON (no floats; decimals, dates as text), ``blobs``
    must be in the blob store already. Errors: OutsideTransaction, canonical.NotCanonical, ValueError, FileNotFoundError.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"outbox.record({topic!r}) must run inside transaction.atomic()")
    text = canonical.encode(
        dict(payload), deepest=canonical.DEEPEST - 1
    ).decode()  # it lies one level deep in its record
    if len(text) > LARGEST_PAYLOAD:
        raise ValueError(f"payload of {topic} exceeds {LARGEST_PAYLOAD} characters")
    for name in blobs:
        if not blob_store.exists(name):
            raise FileNotFoundError(f"blob {name} of {topic} is not in the store")
    fact = Outbox(
        topic=topic,
        version=version,
        key=key,
        agg_version=_next_version(key),
        payload=text,
        blobs=list(dict.fromkeys(blobs)),
        occurred_at=timezone.now(),
    )
    rows.insert(fact)
    return fact


def _next_version(key: str) -> int:
    return int(statements.ask(_NEXT_VERSION, [key])[0][0])
