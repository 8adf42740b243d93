"""Who applies which arriving fact. Apps above sync register their functions from ``AppConfig.ready``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sync import versions
from sync.chain import Record


class Fact(NamedTuple):
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
class Registration:
    """What this site does with a topic: ``version`` is the newest that it understands, and the one the handler is given."""

    topic: str
    version: int
    handler: Handler
    from_side: str = ""
    halts: bool = False
    many: Many | None = None


_topics: dict[str, Registration] = {}
_restorers: dict[str, tuple[int, Handler]] = {}
_after_return: list[Callable[[], object]] = []
_Function = TypeVar("_Function", bound=Callable[[], object])


def handles(
    topic: str, version: int = 1, *, from_side: str = "", halts: bool = False, many: Many | None = None
) -> Callable[[Handler], Handler]:
    """Register the decorated function for facts of ``topic``; ``version`` is the newest, older ones are cast up to it.

    ``from_side``: the only side that may send it; empty when both do. ``halts``: a record that cannot be applied stops
    the whole stream instead of waiting alone.

    The function runs inside the importer's transaction and may run twice when a neighbour in the same batch fails and
    the run is repeated: it must do nothing but write to the database (use ``transaction.on_commit`` for the rest).

    ``many`` applies several facts of the topic that follow each other, no two of one key, and must leave the same rows as
    one after the other. When it raises anything the facts are applied one by one, so it need not say which was wrong.
    """

    def register(function: Handler) -> Handler:
        known = _topics.setdefault(topic, Registration(topic, version, function, from_side, halts, many))
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


def restores(topic: str, version: int = 1) -> Callable[[Handler], Handler]:
    """Register the decorated function for facts of ``topic`` that this side recorded itself, lost by a restored backup, and
    got back from the peer. It does again what happened here, and must not record the fact: that is done for it.

    ``version`` is the newest that it understands, older ones are cast up to it. What the backup already has must stay as
    it is. Reject, with a sentence in Chinese, for what cannot be done again because it never crossed.
    """

    def register(function: Handler) -> Handler:
        known_version, known = _restorers.setdefault(topic, (version, function))
        if known is not function:
            raise ValueError(
                f"topic {topic} is already restored by {known.__module__}.{known.__qualname__}, v{known_version}"
            )
        return function

    return register


def find_restore(topic: str, version: int) -> tuple[int, Handler] | None:
    """The function that brings a lost fact back and the version it is given, None when nobody can."""
    known = _restorers.get(topic)
    return known if known is not None and versions.readable(topic, version, known[0]) else None


def restored_topics() -> set[str]:
    """Every topic that somebody can bring back."""
    return set(_restorers)


def after_return(function: _Function) -> _Function:
    """Register the decorated function: called once the peer has given back all that a restored backup had lost here.

    It is called in the commit of the batch that said so: what it raises for one broken row keeps the batch out for ever.
    """
    if function not in _after_return:
        _after_return.append(function)
    return function


def all_returned() -> None:
    """Do what waited for the peer to give everything back."""
    for function in _after_return:
        function()


def fact_of(record: Record, version: int = 0) -> Fact:
    """What handlers are given; the payload cast up to ``version`` when one is named."""
    version = version or record.version
    return Fact(
        topic=record.topic,
        version=version,
        key=record.key,
        agg_version=record.agg_version,
        rseq=record.rseq,
        payload=versions.up(record.topic, record.version, version, record.payload),
        blobs=record.blobs,
        occurred_at=record.occurred_at,
    )


def supports() -> dict[str, int]:
    """Highest payload version understood here, by topic."""
    return {topic: known.version for topic, known in _topics.items()}


def registered() -> list[Registration]:
    """Every topic of this site."""
    return list(_topics.values())


def forget(topic: str) -> None:
    """Take a registration back (tests)."""
    _topics.pop(topic, None)
    _restorers.pop(topic, None)


def forget_many() -> None:
    """Apply everything one by one from now on (measurements, and tests that compare)."""
    for topic, known in _topics.items():
        _topics[topic] = replace(known, many=None)
