"""Who applies which arriving fact. Apps above sync register their functions from ``AppConfig.ready``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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
Many = Callable[[Sequence[Fact]], None]


@dataclass(frozen=True, slots=True)
class Registered:
    """Who applies the facts of one topic and version: one by one, and a run of them together where that is offered."""

    one: Handler
    many: Many | None


_handlers: dict[tuple[str, int], Registered] = {}


def handles(topic: str, version: int = 1, *, many: Many | None = None) -> Callable[[Handler], Handler]:
    """Register the decorated function for facts of ``topic`` in payload ``version``.

    The function runs inside the importer's transaction and may run twice when a neighbour in the same batch fails and
    the run is repeated: it must do nothing but write to the database (use ``transaction.on_commit`` for the rest).

    ``many`` applies several facts of the topic that follow each other, no two of one key, and must leave the same rows as
    one after the other. When it raises anything the facts are applied one by one, so it need not say which was wrong.
    """

    def register(function: Handler) -> Handler:
        known = _handlers.setdefault((topic, version), Registered(function, many)).one
        if known is not function:
            raise ValueError(f"topic {topic} v{version} is already handled by {known.__module__}.{known.__qualname__}")
        return function

    return register


def find(topic: str, version: int) -> Handler | None:
    """The function for this topic and version, None when this site is too old to know it."""
    known = _handlers.get((topic, version))
    return known.one if known else None


def find_many(topic: str, version: int) -> Many | None:
    """The function that applies a run of facts of this topic together, None when there is none."""
    known = _handlers.get((topic, version))
    return known.many if known else None


def supports() -> dict[str, int]:
    """Highest payload version understood here, by topic."""
    highest: dict[str, int] = {}
    for topic, version in _handlers:
        highest[topic] = max(version, highest.get(topic, 0))
    return highest


def forget(topic: str, version: int = 1) -> None:
    """Take a registration back (tests)."""
    _handlers.pop((topic, version), None)


def forget_many() -> None:
    """Apply everything one by one from now on (measurements, and tests that compare)."""
    for place, known in _handlers.items():
        _handlers[place] = Registered(known.one, None)
