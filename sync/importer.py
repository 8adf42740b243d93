"""Receiving a verified batch: applied exactly once and in order, in one transaction with cursor and receipt."""

import enum
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from sync import blobs, chain, receipts, registry
from sync.applying import Applier, BlobMissing
from sync.batch_file import BatchFile, Contents
from sync.failpoints import reach
from sync.keys import SiteKeys
from sync.manifest import Batch
from sync.models import InboxBatch, Stream
from sync.reading import RecordReader
from sync.reasons import REASONS, Refused

Wait = InboxBatch.Wait


class Verdict(enum.Enum):
    """What became of a batch that was not refused."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Received:
    """A verdict; ``waits_for`` for a parked batch, ``dead`` records for an applied one."""

    verdict: Verdict
    waits_for: str = ""
    dead: int = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the file of a batch is kept, once it is applied or as long as it waits."""

    applied: str
    parked: str


class _Place(enum.Enum):
    NEXT = "next"


def receive(file: BatchFile, keys: SiteKeys, shelf: Shelf) -> Received:
    """Apply, park or recognise a batch whose signatures and data hash were checked. Refused when it must not be used.

    ``shelf`` is where the file will be kept. Errors of disk or database leave everything as it was: try again.
    """
    with transaction.atomic():
        place = _judge(file.batch, shelf)
    if isinstance(place, Refused):
        raise place  # after the commit: the freeze must stay
    if isinstance(place, Received):
        return place
    try:
        return _apply(file, keys, shelf, careful=False)
    except IntegrityError:
        return _apply(file, keys, shelf, careful=True)


def _apply(file: BatchFile, keys: SiteKeys, shelf: Shelf, *, careful: bool) -> Received:
    contents = file.contents(keys)
    for blob in contents.blobs():
        try:
            blobs.put_pieces(blob.sha256, blob.size, blob.pieces)
        except blobs.BlobDamaged as error:
            raise Refused("blob_damaged", str(error)) from error
    reach("blobs-done")
    try:
        with transaction.atomic():
            place = _judge(file.batch, shelf)  # again, now under the lock that is held until the commit
            if isinstance(place, _Place):
                reach("apply-begun")
                return _commit(file.batch, contents, shelf, careful=careful)
    except BlobMissing:
        with transaction.atomic():
            return _park(_stream(file.batch), file.batch, Wait.BLOB, shelf)
    if isinstance(place, Refused):
        raise place
    return place


def _judge(batch: Batch, shelf: Shelf) -> _Place | Received | Refused:
    """Invariants I1 and I2: only the next batch, continuing exactly the history that was applied."""
    stream = _stream(batch)
    known = InboxBatch.objects.filter(stream=stream, seq=batch.seq).first()
    if known and known.content_root != batch.content_root:
        return _freeze(stream, "equivocation", batch)
    if known and known.state == InboxBatch.State.APPLIED:
        return _duplicate(stream, known)
    if stream.frozen:
        return _park(stream, batch, Wait.FROZEN, shelf)
    if batch.seq > stream.seq + 1:
        return _park(stream, batch, Wait.GAP, shelf)
    head = (batch.seq, batch.prev, batch.rseq_first, batch.chain_before)
    if head != (stream.seq + 1, stream.batch_hash, stream.rseq + 1, stream.chain):
        return _freeze(stream, "fork", batch)
    if any(registry.find(kind.topic, kind.version) is None for kind in batch.kinds):
        return _park(stream, batch, Wait.UPGRADE, shelf)
    return _Place.NEXT


def _stream(batch: Batch) -> Stream:
    """The incoming stream, locked. The first batch ever received from an enrolled peer names it."""
    epoch = UUID(batch.stream)
    stream, _ = Stream.objects.get_or_create(
        direction=Stream.Direction.IN,
        current=True,
        defaults={"epoch": epoch, "chain": chain.genesis(epoch).hex()},
    )
    if stream.epoch != epoch:
        raise Refused("unknown_stream", batch.stream)
    return Stream.objects.select_for_update().get(pk=stream.pk)


def _duplicate(stream: Stream, known: InboxBatch) -> Received:
    known.copies += 1
    known.save(update_fields=["copies"])
    if known.records:
        stream.receipt_due = True  # the sender repeats itself: perhaps our receipt was lost
        stream.save(update_fields=["receipt_due"])
    return Received(Verdict.DUPLICATE)


def _freeze(stream: Stream, code: str, batch: Batch) -> Refused:
    stream.frozen = stream.frozen or f"批次 {batch.seq}：{REASONS[code]}"
    stream.save(update_fields=["frozen"])
    return Refused(code, f"批次 {batch.seq}")


def _park(stream: Stream, batch: Batch, waits_for: Wait, shelf: Shelf) -> Received:
    values = {"state": InboxBatch.State.PARKED, "waits_for": waits_for, "file_path": shelf.parked}
    fixed = {"content_root": batch.content_root, "rseq_first": batch.rseq_first, "rseq_last": batch.rseq_last}
    _, created = InboxBatch.objects.update_or_create(
        stream=stream, seq=batch.seq, defaults=values, create_defaults=values | fixed
    )
    # At once: when both directions have lost a batch, each side names its gap in a batch that waits behind the other's.
    for receipt in batch.receipts:
        receipts.accept(receipt)
    if created:
        receipts.issue(stream, due=waits_for == Wait.GAP)
    return Received(Verdict.PARKED, waits_for=waits_for)


def _commit(batch: Batch, contents: Contents, shelf: Shelf, *, careful: bool) -> Received:
    stream = _stream(batch)
    applier, reading = Applier(stream, careful=careful), RecordReader(batch)
    for block in contents.blocks():
        applier.apply(reading.numbered(block))
    reading.check_end()
    reach("apply-records")
    for receipt in batch.receipts:
        receipts.accept(receipt)
    reach("apply-receipts")
    stream.seq, stream.rseq = batch.seq, batch.rseq_last
    stream.chain, stream.batch_hash = batch.chain_after, batch.content_root
    stream.save(update_fields=["seq", "rseq", "chain", "batch_hash"])
    values = {
        "state": InboxBatch.State.APPLIED,
        "waits_for": "",
        "file_path": shelf.applied,
        "applied_at": timezone.now(),
    }
    fixed = {"content_root": batch.content_root, "rseq_first": batch.rseq_first, "rseq_last": batch.rseq_last}
    InboxBatch.objects.update_or_create(stream=stream, seq=batch.seq, defaults=values, create_defaults=values | fixed)
    receipts.issue(stream, due=batch.records > 0)
    reach("apply-cursor")
    return Received(Verdict.APPLIED, dead=applier.dead)
