"""The peer begins a new epoch: compare it with what was received, show the differences, let a person approve."""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from sync import archive, blobs, canonical, chain, outbox, proposals, returning
from sync.batch_file import WholeBatch
from sync.chain import Record
from sync.epoch_records import (
    ABOUT_EPOCHS,
    ALL_RETURNED,
    RETURNED,
    STARTED,
    Base,
    Listed,
    Started,
    read_listed,
    read_started,
)
from sync.keys import SiteKeys
from sync.manifest import Batch
from sync.models import EpochChange, EpochFact, InboxBatch, InboxRecord, PeerKey, Stream
from sync.proposals import waiting as waiting
from sync.reading import RecordReader
from sync.reasons import CannotProceed, Refused

SOME = 1000
MOST_WRAPPED = chain.LARGEST_LINE - 64 * 1024  # bytes: a record lies in another one
Standing = EpochFact.Standing


class CannotGiveBack(CannotProceed):
    """Something that the peer lost does not fit into a record of its own."""


class NothingToApprove(CannotProceed):
    """No new epoch of the peer waits."""


def begins_one(batch: Batch, stream: Stream | None) -> bool:
    """Whether this is the first batch of a new epoch. Later ones may have come before it, and have made its ``stream``."""
    if batch.seq != 1 or not any(kind.topic == STARTED for kind in batch.kinds):
        return False
    if InboxBatch.objects.filter(stream=stream, seq=1).exists():
        return False
    return not EpochChange.objects.filter(stream=stream).exists()  # approved, and its file lost while it waited


def propose(whole: WholeBatch, keys: SiteKeys, kept_as: str) -> None:
    """Compare the list of a new epoch with what was received; freeze the present one. Nothing is applied."""
    batch, reading = whole.batch, RecordReader(whole.batch)
    contents = whole.contents(keys)
    if any(True for _ in contents.blobs()):
        raise Refused("content_mismatch", "新纪元的首批不带附件")
    with transaction.atomic():
        records = itertools.chain.from_iterable(
            (record for record, _ in reading.numbered(block)) for block in contents.blocks()
        )
        change = _open(batch, read_started(_first(records)))
        for record in records:
            _compare(change, read_listed(record))
        reading.check_end()
        change.save()
        InboxBatch.objects.create(
            stream=change.stream,
            seq=1,
            content_root=batch.content_root,
            rseq_first=batch.rseq_first,
            rseq_last=batch.rseq_last,
            state=InboxBatch.State.PARKED,
            waits_for=InboxBatch.Wait.EPOCH,
            file_path=kept_as,
        )


@dataclass(frozen=True, slots=True)
class Differences:
    """What a person compares before approving: how many facts of each standing, and the first of them."""

    change: EpochChange
    known: int
    lost: int
    changed: int
    first_lost: list[EpochFact]
    first_changed: list[EpochFact]


def differences(change: EpochChange, most: int) -> Differences:
    """Counted in one statement; ``most`` of each kind by name."""
    counted = dict(change.facts.order_by().values_list("standing").annotate(n=Count("pk")))
    changed = change.facts.filter(standing=Standing.CHANGED).order_by("id")
    return Differences(
        change=change,
        known=counted.get(Standing.KNOWN, 0),
        lost=counted.get(Standing.LOST, 0),
        changed=counted.get(Standing.CHANGED, 0),
        first_lost=list(lost(change)[:most]),
        first_changed=list(changed[:most]),
    )


def approve(by: str, *, give_up_lost: bool = False, number: int | None = None) -> EpochChange:
    """Go over to the new epoch, and give back to the peer what it lost; its batches are applied from now on.

    ``number`` of the epoch that the person was shown: NothingToApprove when another one has come since.
    """
    with transaction.atomic():
        old = Stream.objects.select_for_update().filter(direction=Stream.Direction.IN, current=True).first()
        change = waiting()
        if change is None or (old and change.stream.number <= old.number):
            raise NothingToApprove("没有等待批准的新纪元。")
        if number is not None and change.stream.number != number:
            raise NothingToApprove("对端又开始了一个新纪元，请重新核对差异。")
        if not give_up_lost:
            _give_back(change)
        epoch = str(change.stream.epoch)
        outbox.record(ALL_RETURNED, f"sync.epoch:{epoch}", {"stream": epoch})
        _go_over(old, change.stream)
        change.approved_at, change.approved_by = timezone.now(), by
        change.save(update_fields=["approved_at", "approved_by"])
    return change


def given_back(topics: Collection[str]) -> Iterator[tuple[datetime, str]]:
    """The key of every fact on these topics that the peer lost and got back, with the moment when a person here approved that."""
    for change in EpochChange.objects.exclude(approved_at=None).order_by("approved_at"):
        assert change.approved_at is not None
        keys = lost(change).filter(record__topic__in=topics).values_list("key", flat=True)
        yield from ((change.approved_at, key) for key in keys.iterator(chunk_size=SOME))


def lost(change: EpochChange) -> QuerySet[EpochFact]:
    """What the peer lost and this side has, in the order in which it came."""
    facts = change.facts.filter(standing=Standing.LOST).select_related("record__stream")
    return facts.order_by("record__stream__number", "record__rseq")


def _open(batch: Batch, started: Started) -> EpochChange:
    epoch = UUID(batch.stream)
    streams = Stream.objects.select_for_update().filter(direction=Stream.Direction.IN)
    current = streams.filter(current=True).exclude(epoch=epoch).first()
    if current and started.number <= current.number:
        raise Refused("old_epoch", f"第 {started.number} 纪元")
    own = _own_log(started.base)
    # A site that had nothing of the peer took the first batch that came for the present stream; nothing of it is applied.
    stream, _ = Stream.objects.update_or_create(
        direction=Stream.Direction.IN,
        epoch=epoch,
        defaults={
            "current": False,
            "number": started.number,
            "chain": chain.genesis(epoch).hex(),
            "base": started.base.model_dump() if started.base else {},
        },
    )
    previous = UUID(started.previous.stream) if started.previous else UUID(int=0)
    change = EpochChange.objects.create(stream=stream, previous=previous, reason=started.reason, listed=started.facts)
    if current:
        proposals.freeze(current)
    _note_own(change, own)
    return change


def _own_log(base: Base | None) -> QuerySet[InboxRecord]:
    """Everything received since ``base``, which must be in our log as the sender thinks."""
    log = InboxRecord.objects.filter(stream__direction=Stream.Direction.IN)
    if base:
        there = InboxBatch.objects.filter(stream__epoch=base.stream, seq=base.seq, state=InboxBatch.State.APPLIED)
        known = there.filter(content_root=base.root).select_related("stream").first()
        if known is None:
            raise Refused("base_missing", f"第 {base.seq} 批")
        log = log.filter(Q(stream=known.stream, rseq__gt=base.rseq) | Q(stream__number__gt=known.stream.number))
    log = log.exclude(state=InboxRecord.State.KNOWN).exclude(topic__in=ABOUT_EPOCHS)
    return log.order_by("stream__number", "rseq").defer("line")


def _note_own(change: EpochChange, own: QuerySet[InboxRecord]) -> None:
    """Lost until the peer lists it."""
    facts = (
        EpochFact(
            change=change,
            digest=record.digest,
            key=record.key,
            agg_version=record.agg_version,
            standing=Standing.LOST,
            record=record,
        )
        for record in own.iterator(chunk_size=SOME)
    )
    while some := list(itertools.islice(facts, SOME)):
        EpochFact.objects.bulk_create(some, ignore_conflicts=True)


def _compare(change: EpochChange, listed: Listed) -> None:
    names = [fact.digest for fact in listed.facts]
    here = EpochFact.objects.known(change, names)
    known = set(here.values_list("digest", flat=True))
    here.update(standing=Standing.KNOWN)
    fresh = [fact for fact in listed.facts if fact.digest not in known]
    change.fresh += len(fresh)
    same_place = EpochFact.objects.filter(change=change, record__isnull=False, key__in={fact.key for fact in fresh})
    if fresh:  # one key may have very many facts: no list may read all of them again
        versions = [fact.agg_version for fact in fresh]
        same_place = same_place.filter(agg_version__range=(min(versions), max(versions)))
    taken = set(same_place.values_list("key", "agg_version"))
    changed = [
        EpochFact(
            change=change, digest=fact.digest, key=fact.key, agg_version=fact.agg_version, standing=Standing.CHANGED
        )
        for fact in fresh
        if (fact.key, fact.agg_version) in taken
    ]
    EpochFact.objects.bulk_create(changed, ignore_conflicts=True)


def _give_back(change: EpochChange) -> None:
    facts = lost(change).iterator(chunk_size=SOME)
    while some := list(itertools.islice(facts, SOME)):
        kept = archive.lines([fact.record for fact in some if fact.record])
        try:
            outbox.record_all(_told_again(record, line) for record, line in kept)
        except ValueError as error:  # as large or as deep as a record may be: it does not fit into another one
            raise CannotGiveBack(
                f"有一条事实太大或嵌套太深，不能退还给对端（{error}）。加 --give-up-lost 批准，并请对端人工补录。"
            ) from error


def _told_again(record: InboxRecord, line: bytes) -> outbox.Told:
    here = [name for name in chain.from_line(line).blobs if blobs.exists(name)]
    return outbox.Told(
        RETURNED, returning.key_of(record.key), {"record": canonical.decode(line)}, here, largest=MOST_WRAPPED
    )


def _go_over(old: Stream | None, stream: Stream) -> None:
    if old:
        old.current = False
        old.save(update_fields=["current"])
        stream.receipt_no, stream.restored = old.receipt_no, old.restored
    stream.current = True
    stream.save(update_fields=["current", "receipt_no", "restored"])
    # Batch numbers begin anew: the keys of today are good from the first on, those of before for none.
    PeerKey.objects.exclude(valid_to_seq=None).update(valid_from_seq=1, valid_to_seq=0)
    PeerKey.objects.filter(valid_to_seq=None).update(valid_from_seq=1)


def _first(records: Iterator[Record]) -> Record:
    record = next(records, None)
    if record is None:
        raise Refused("content_mismatch", "新纪元的首批没有内容")
    return record
