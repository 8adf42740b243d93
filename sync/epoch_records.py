"""The records that begin an epoch: what the sender says of itself, and the facts that it will send (again)."""

from typing import Annotated

from pydantic import Field, ValidationError

from sync.chain import Record
from sync.manifest import Count, Hash, M, Number, StreamId, Strict
from sync.reasons import Refused

STARTED, LISTED, RETURNED = "sync.epoch_started", "sync.epoch_listed", "sync.returned"
ALL_RETURNED = "sync.all_returned"
ABOUT_EPOCHS = (STARTED, LISTED)
LONGEST_LIST = 1000


class Base(Strict):
    """Up to this batch the receiver has everything in a verified backup: it is not listed and not sent again."""

    stream: StreamId
    seq: Number
    rseq: Count
    root: Hash


class OldHead(Strict):
    """How far the old epoch went, as the sender's database has it now."""

    stream: StreamId
    seq: Count
    rseq: Count
    chain: Hash


class Started(Strict):
    """Payload of the first record of an epoch."""

    number: Number
    previous: OldHead | None
    base: Base | None
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    by: Annotated[str, Field(max_length=150)]
    receipt_seen: Count
    facts: Count


class ListedFact(Strict):
    """A fact that the sender's database has."""

    key: Annotated[str, Field(min_length=1, max_length=200)]
    agg_version: Number
    digest: Hash


class Listed(Strict):
    """Payload of each further record of the first batch."""

    facts: Annotated[list[ListedFact], Field(max_length=LONGEST_LIST)]


def read_started(record: Record) -> Started:
    """Refused("bad_record") for anything else."""
    return _read(Started, STARTED, record)


def read_listed(record: Record) -> Listed:
    """Refused("bad_record") for anything else."""
    return _read(Listed, LISTED, record)


def _read(model: type[M], topic: str, record: Record) -> M:
    if record.topic != topic:
        raise Refused("bad_record", f"{record.topic}，应为 {topic}")
    try:
        return model.model_validate(dict(record.payload))
    except ValidationError as error:
        raise Refused("bad_record", topic) from error
