"""Who applies which arriving fact. Apps above sync register their functions from ``AppConfig.ready``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync import versions


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


@dataclass(frozen=True, slots=True)
class Registration:
    """What this site does with a topic: ``version`` is the newest that it understands, and the one the handler is given."""

    topic: str
    version: int
    handler: Handler
    from_side: str = ""
    halts: bool = False


_topics: dict[str, Registration] = {}


def handles(topic: str, version: int = 1, *, from_side: str = "", halts: bool = False) -> Callable[[Handler], Handler]:
    """Register the decorated function for facts of ``topic``; ``version`` is the newest, older ones are cast up to it.

    ``from_side``: the only side that may send it; empty when both do. ``halts``: a record that cannot be applied stops
    the whole stream instead of waiting alone.

    The function runs inside the importer's transaction and may run twice when a neighbour in the same batch fails and
    the run is repeated: it must do nothing but write to the database (use ``transaction.on_commit`` for the rest).
    """

    def register(function: Handler) -> Handler:
        known = _topics.setdefault(topic, Registration(topic, version, function, from_side, halts))
        if known.handler is not function:
            raise ValueError(
                f"topic {topic} is already handled by {known.handler.__module__}.{known.handler.__qualname__}, "
                f"v{known.version}: a handler is given the newest version only"
            )
        return function

    return register


def find(topic: str, version: int) -> Registration | None:
    """What to do with this topic in this version, None when this site is too old to know it."""
    known = _topics.get(topic)
    if known is None or not versions.readable(topic, version, known.version):
        return None
    return known


def supports() -> dict[str, int]:
    """Highest payload version understood here, by topic."""
    return {topic: known.version for topic, known in _topics.items()}


def registered() -> list[Registration]:
    """Every topic of this site."""
    return list(_topics.values())


def forget(topic: str) -> None:
    """Take a registration back (tests)."""
    _topics.pop(topic, None)
