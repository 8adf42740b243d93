"""Applying records through the handlers that the apps registered; one that fails does not stop the others."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction

from sync import blobs, registry, rows
from sync.chain import Record
from sync.models import DeadLetter, InboxRecord, Stream
from sync.reading import Numbered
from sync.reasons import Refused
from sync.registry import Fact, Many, Reject

# A run that fails is tried again in smaller ones: a poison record costs its neighbours little.
RUNS: tuple[int, ...] = (1000, 100)
# The machine's fault, not the record's: the batch is rolled back and tried again later.
TRANSIENT = (OperationalError, InterfaceError, OSError, MemoryError)


class BlobMissing(Exception):
    """A record names an attachment that is not here yet."""


class Applier:
    """Applies one batch's records, in order, inside the importer's transaction.

    A record that can never be applied becomes a dead letter, and all later records of its key are parked behind it.
    ``careful`` checks foreign keys after each record: databases check them at commit only, where it is too late to
    say which record was wrong.
    """

    def __init__(self, stream: Stream, *, careful: bool = False) -> None:
        self.stream = stream
        self.dead = 0
        self._careful = careful
        self._blocked = set(InboxRecord.objects.blocking(stream).values_list("key", flat=True).distinct())

    def apply(self, records: Iterable[Numbered]) -> None:
        """Apply records and log each of them."""
        if self._careful:
            self._apply_singly(list(records))
        else:
            self._apply_in_runs(records, *RUNS)

    def _apply_in_runs(self, records: Iterable[Numbered], longest: int, *shorter: int) -> None:
        records = iter(records)
        while run := list(itertools.islice(records, longest)):
            if self._apply_together(run):
                continue
            if shorter:
                self._apply_in_runs(run, *shorter)
            else:
                self._apply_singly(run)

    def _apply_together(self, run: list[Numbered]) -> bool:
        """The fast path: one savepoint for all. False, and nothing done, when one of them fails."""
        free = [record for record, _ in run if record.key not in self._blocked]
        if _failure(_steps(free)):
            return False
        rows.insert_all([self._log(record, line) for record, line in run])
        return True

    def _apply_singly(self, run: list[Numbered]) -> None:
        for record, line in run:
            reason = "" if record.key in self._blocked else try_record(record, careful=self._careful)
            if reason:
                log = self._log(record, line, InboxRecord.State.DEAD)
                log.save()
                DeadLetter.objects.create(record=log, reason=reason)
                self._blocked.add(record.key)
                self.dead += 1
            else:
                self._log(record, line).save()

    def _log(self, record: Record, line: bytes, state: str = "") -> InboxRecord:
        if not state:
            state = InboxRecord.State.PARKED if record.key in self._blocked else InboxRecord.State.APPLIED
        return InboxRecord(
            stream=self.stream,
            rseq=record.rseq,
            topic=record.topic,
            key=record.key,
            agg_version=record.agg_version,
            state=state,
            line=None if state == InboxRecord.State.APPLIED else line.decode(),
        )


def try_record(record: Record, *, careful: bool = True) -> str:
    """Apply one record in a savepoint; returns why it cannot be applied, or an empty text."""
    return _failure([partial(hand_over, record)], careful=careful)


def _failure(steps: Iterable[Callable[[], None]], *, careful: bool = False) -> str:
    """Take steps in one savepoint. Why one of them failed (and nothing was done), or an empty text."""
    try:
        with transaction.atomic():
            for step in steps:
                step()
            if careful:
                connection.check_constraints()
    except (*TRANSIENT, BlobMissing, Refused):
        raise
    except Exception as error:  # noqa: BLE001  a handler is another app's code: whatever it raises must not stop the stream
        return _reason(error)
    return ""


def _steps(records: Iterable[Record]) -> Iterator[Callable[[], None]]:
    """A step for each record; one for several neighbours where their topic is applied together."""
    for (topic, version), neighbours in itertools.groupby(records, lambda record: (record.topic, record.version)):
        many = registry.find_many(topic, version)
        if many is None:
            yield from (partial(hand_over, record) for record in neighbours)
        else:
            yield from (partial(_hand_over_together, many, run) for run in _without_repeats(neighbours))


def _without_repeats(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Cut where a key comes again: facts of one key stay one after the other."""
    run: dict[str, Record] = {}
    for record in records:
        if record.key in run:
            yield list(run.values())
            run = {}
        run[record.key] = record
    if run:
        yield list(run.values())


def _hand_over_together(many: Many, records: list[Record]) -> None:
    if len(records) == 1:
        hand_over(records[0])
    else:
        many([_fact(record) for record in records])


def hand_over(record: Record) -> None:
    """Give a record to its handler; BlobMissing when it must wait, Refused when its topic was not announced."""
    handler = registry.find(record.topic, record.version)
    if handler is None:
        raise Refused("content_mismatch", f"未声明的主题 {record.topic}")
    handler(_fact(record))


def _fact(record: Record) -> Fact:
    for name in record.blobs:
        if not blobs.exists(name):
            raise BlobMissing(name)
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


def _reason(error: Exception) -> str:
    if isinstance(error, Reject):
        return str(error)[:1000]
    if isinstance(error, ValidationError):
        return "；".join(error.messages)[:1000]
    # The first line only: PostgreSQL writes the whole failing row, names and all, into the next one.
    first = next(iter(str(error).splitlines()), "")
    return f"程序无法应用此记录：{type(error).__name__}: {first}"[:1000]
