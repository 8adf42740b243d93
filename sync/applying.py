"""Applying records through the handlers that the apps registered; one that fails does not stop the others."""

import itertools
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction

from sync import blobs, halts, registry
from sync.chain import Record, digest
from sync.epoch_records import RETURNED
from sync.halts import Halted
from sync.models import DeadLetter, EpochChange, EpochFact, InboxRecord, Stream
from sync.reading import Numbered
from sync.reasons import Refused
from sync.registry import Reject

RUN = 100
WAITING = (InboxRecord.State.DEAD, InboxRecord.State.PARKED)
_SIDES = {"outer": "外网", "inner": "内网"}
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
        self.returned: set[str] = set()
        self._blocked = set(InboxRecord.objects.blocking().values_list("key", flat=True).distinct())

    def apply(self, records: Iterable[Numbered]) -> None:
        """Apply records and log each of them."""
        records = iter(records)
        while run := list(itertools.islice(records, RUN)):
            if self._epoch is not None:
                run = self._without_known(self._epoch, run)
            if self._careful or not self._apply_together(run):
                self._apply_singly(run)

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
        if _failure(free):
            return False
        InboxRecord.objects.bulk_create([self._log(record, line) for record, line in run])
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
        if record.topic == RETURNED:
            self.returned.add(record.payload["record"]["key"])

    def _halts(self, record: Record) -> bool:
        known = registry.find(record.topic, record.version)
        return known is not None and known.halts and not halts.may_pass(self.stream, record.rseq)

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
            digest=digest(line),
            line=line.decode() if state in WAITING else None,
        )


def try_record(record: Record, *, careful: bool = True) -> str:
    """Apply one record in a savepoint; returns why it cannot be applied, or an empty text."""
    return _failure([record], careful=careful)


def _failure(records: list[Record], *, careful: bool = False) -> str:
    """Apply records in one savepoint. Why one of them cannot be applied (and nothing was done), or an empty text."""
    try:
        with transaction.atomic():
            for record in records:
                hand_over(record)
            if careful:
                connection.check_constraints()
    except (*TRANSIENT, BlobMissing, Refused):
        raise
    except Exception as error:  # noqa: BLE001  a handler is another app's code: whatever it raises must not stop the stream
        return _reason(error)
    return ""


def hand_over(record: Record) -> None:
    """Give a record to its handler; BlobMissing when it must wait, Refused when its topic was not announced."""
    known = registry.find(record.topic, record.version)
    if known is None:
        raise Refused("content_mismatch", f"未声明的主题 {record.topic}")
    if known.from_side not in ("", settings.HALL_PEER_SIDE):
        raise Reject(f"{record.topic} 只能由{_SIDES[known.from_side]}发出，不接受对端传来的。")
    for name in record.blobs:
        if not blobs.exists(name):
            raise BlobMissing(name)
    known.handler(registry.fact_of(record, known.version))


def _reason(error: Exception) -> str:
    if isinstance(error, Reject):
        return str(error)[:1000]
    if isinstance(error, ValidationError):
        return "；".join(error.messages)[:1000]
    # The first line only: PostgreSQL writes the whole failing row, names and all, into the next one.
    first = next(iter(str(error).splitlines()), "")
    return f"程序无法应用此记录：{type(error).__name__}: {first}"[:1000]
