"""Applying records through the handlers that the apps registered; one that fails does not stop the others."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction

from sync import blobs, halts, registry, rows
from sync.chain import Record, digest
from sync.epoch_records import ALL_RETURNED, RETURNED
from sync.halts import Halted
from sync.models import DeadLetter, EpochChange, EpochFact, InboxRecord, Stream
from sync.reading import Numbered
from sync.reasons import Refused
from sync.registry import Fact, Many, Reject
from sync.sides import SIDES

# A run that fails is tried again in smaller ones: a poison record costs its neighbours little.
RUNS: tuple[int, ...] = (1000, 100)
APPLIED, PARKED = InboxRecord.State.APPLIED.value, InboxRecord.State.PARKED.value
WAITING = (InboxRecord.State.DEAD, InboxRecord.State.PARKED)
# The machine's fault, not the record's: the batch is rolled back and tried again later.
TRANSIENT = (OperationalError, InterfaceError, OSError, MemoryError)


class BlobMissing(Exception):
    """A record names an attachment that is not here yet."""


class Applier:
    """Applies one batch's records, in order, inside the importer's transaction.

    A record that can never be applied becomes a dead letter, and all later records of its key are parked behind it.
    Halted instead when it is of a kind that halts: the importer rolls everything back.
    ``careful`` checks foreign keys after each record: databases check them at commit only, where it is too late to
    say which record was wrong.
    """

    def __init__(self, stream: Stream, *, careful: bool = False) -> None:
        self.stream = stream
        self.dead = 0
        self._careful = careful
        self._epoch = EpochChange.objects.filter(stream=stream).first()
        self.returned = False
        self.ended: list[str] = []
        self._blocked = set(InboxRecord.objects.blocking().values_list("key", flat=True).distinct())

    def apply(self, records: Iterable[Numbered]) -> None:
        """Apply records and log each of them."""
        if self._careful:
            left = iter(records)
            while run := list(itertools.islice(left, RUNS[-1])):
                self._apply_singly(self._unknown(run))
        else:
            self._apply_in_runs(records, *RUNS)

    def _apply_in_runs(self, records: Iterable[Numbered], longest: int, *shorter: int) -> None:
        records = iter(records)
        while run := list(itertools.islice(records, longest)):
            if longest == RUNS[0]:
                run = self._unknown(run)
            if self._apply_together(run):
                continue
            if shorter:
                self._apply_in_runs(run, *shorter)
            else:
                self._apply_singly(run)

    def _unknown(self, run: list[Numbered]) -> list[Numbered]:
        """All of them, but for what an earlier epoch has brought already."""
        return run if self._epoch is None else self._without_known(self._epoch, run)

    def _without_known(self, epoch: EpochChange, run: list[Numbered]) -> list[Numbered]:
        """Log what was received in an earlier epoch already, and leave the rest."""
        names = [digest(line) for _, line in run]
        known = set(EpochFact.objects.known(epoch, names).values_list("digest", flat=True))
        InboxRecord.objects.bulk_create(
            [
                self._log(record, line, InboxRecord.State.KNOWN)
                for name, (record, line) in zip(names, run, strict=True)
                if name in known
            ]
        )
        return [numbered for name, numbered in zip(names, run, strict=True) if name not in known]

    def _apply_together(self, run: list[Numbered]) -> bool:
        """The fast path: one savepoint for all. False, and nothing done, when one of them fails."""
        free = [record for record, _ in run if record.key not in self._blocked]
        if _failure(_steps(free)):
            return False
        self._log_all(run)
        for record in free:
            self._note_returned(record)
        return True

    def _apply_singly(self, run: list[Numbered]) -> None:
        for record, line in run:
            reason = "" if record.key in self._blocked else try_record(record, careful=self._careful)
            if reason and self._halts(record):
                raise Halted(record, reason)
            if reason:
                log = self._log(record, line, InboxRecord.State.DEAD)
                log.save()
                DeadLetter.objects.create(record=log, reason=reason)
                self._blocked.add(record.key)
                self.dead += 1
            else:
                self._log(record, line).save()
                self._note_returned(record)

    def _note_returned(self, record: Record) -> None:
        self.returned |= record.topic == RETURNED
        if record.topic == ALL_RETURNED:
            self.ended.append(record.payload["stream"])

    def _halts(self, record: Record) -> bool:
        known = registry.find(record.topic, record.version)
        return known is not None and known.halts and not halts.may_pass(self.stream, record.rseq)

    def _log_all(self, run: list[Numbered]) -> None:
        rows.insert_values(
            InboxRecord,
            ("rseq", "topic", "key", "agg_version", "state", "digest", "line"),
            [
                (record.rseq, record.topic, record.key, record.agg_version, state, digest(line), kept)
                for record, line in run
                for state, kept in [(PARKED, line.decode()) if record.key in self._blocked else (APPLIED, None)]
            ],
            stream_id=self.stream.pk,
        )

    def _log(self, record: Record, line: bytes, state: str = "") -> InboxRecord:
        if not state:
            state = PARKED if record.key in self._blocked else APPLIED
        return InboxRecord(
            stream=self.stream,
            rseq=record.rseq,
            topic=record.topic,
            key=record.key,
            agg_version=record.agg_version,
            state=state,
            digest=digest(line),
            line=line.decode() if state in WAITING else None,
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
        known = registry.find(topic, version)
        if known is None or known.many is None:
            yield from (partial(hand_over, record) for record in neighbours)
        else:
            yield from (partial(_hand_over_together, known, known.many, run) for run in _without_repeats(neighbours))


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


def _hand_over_together(known: registry.Registration, many: Many, records: list[Record]) -> None:
    if len(records) == 1:
        hand_over(records[0])
    else:
        many([_checked_fact(known, record) for record in records])


def hand_over(record: Record) -> None:
    """Give a record to its handler; BlobMissing when it must wait, Reject when this release does not know its topic.

    In a batch that is parked before it comes here; a dead letter may be tried again by an older release.
    """
    known = registry.find(record.topic, record.version)
    if known is None:
        raise Reject(f"本系统这一版不认识 {record.topic}（第 {record.version} 版），请升级后重试。")
    known.handler(_checked_fact(known, record))


def _checked_fact(known: registry.Registration, record: Record) -> Fact:
    if known.from_side not in ("", settings.HALL_PEER_SIDE):
        raise Reject(f"{record.topic} 只能由{SIDES[known.from_side]}发出，不接受对端传来的。")
    for name in record.blobs:
        if not blobs.exists(name):
            raise BlobMissing(name)
    return registry.fact_of(record, known.version)


def _reason(error: Exception) -> str:
    if isinstance(error, Reject):
        return str(error)[:1000]
    if isinstance(error, ValidationError):
        return "；".join(error.messages)[:1000]
    # The first line only: PostgreSQL writes the whole failing row, names and all, into the next one.
    first = next(iter(str(error).splitlines()), "")
    return f"程序无法应用此记录：{type(error).__name__}: {first}"[:1000]
