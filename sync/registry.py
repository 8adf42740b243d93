"""Who applies which arriving fact. Apps above sync register their functions from ``AppConfig.ready``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.chain import Record


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened on the other side, in the past tense.

    ``key`` names the aggregate (``application:<uid>``), ``agg_version`` counts its facts 1, 2, 3 …, ``rseq`` counts all
    facts of the stream. ``blobs`` are SHA-256 names in ``sync.blobs``; all of them are present when a handler runs.
    """

    topic: str
    version: int
    key: str
    agg_version: int
    rseq: int
    payload: Mapping[str, Any]
    blobs: Sequence[str]
    occurred_at: datetime


class Reject(Exception):
    """Raised by a handler: this fact can never be applied. The text (Chinese) is shown to the operator."""


Handler = Callable[[Fact], None]
_handlers: dict[tuple[str, int], Handler] = {}
_restorers: dict[tuple[str, int], Handler] = {}


def handles(topic: str, version: int = 1) -> Callable[[Handler], Handler]:
    """Register the decorated function for facts of ``topic`` in payload ``version``.

    The function runs inside the importer's transaction and may run twice when a neighbour in the same batch fails and
    the run is repeated: it must do nothing but write to the database (use ``transaction.on_commit`` for the rest).
    """

    def register(function: Handler) -> Handler:
        known = _handlers.setdefault((topic, version), function)
        if known is not function:
            raise ValueError(f"topic {topic} v{version} is already handled by {known.__module__}.{known.__qualname__}")
        return function

    return register


def restores(topic: str, version: int = 1) -> Callable[[Handler], Handler]:
    """Register the decorated function for facts of ``topic`` that this side recorded itself, lost by a restored backup, and
    got back from the peer. It does again what happened here, and must not record the fact: that is done for it.
    """

    def register(function: Handler) -> Handler:
        known = _restorers.setdefault((topic, version), function)
        if known is not function:
            raise ValueError(f"topic {topic} v{version} is already restored by {known.__module__}.{known.__qualname__}")
        return function

    return register


def find_restore(topic: str, version: int) -> Handler | None:
    """The function that brings a lost fact back, None when nobody registered one."""
    return _restorers.get((topic, version))


def fact_of(record: Record) -> Fact:
    """What handlers are given."""
    return Fact(
        topic=record.topic,
        version=record.version,
        key=record.key,
        agg_version=record.agg_version,
        rseq=record.rseq,
        payload=record.payload,
        blobs=record.blobs,
        occurred_at=record.occurred_at,
    )


def find(topic: str, version: int) -> Handler | None:
    """The function for this topic and version, None when this site is too old to know it."""
    return _handlers.get((topic, version))


def supports() -> dict[str, int]:
    """Highest payload version understood here, by topic."""
    highest: dict[str, int] = {}
    for topic, version in _handlers:
        highest[topic] = max(version, highest.get(topic, 0))
    return highest


def forget(topic: str, version: int = 1) -> None:
    """Take a registration back (tests)."""
    _handlers.pop((topic, version), None)
    _restorers.pop((topic, version), None)
