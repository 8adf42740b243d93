"""Receiving a verified batch: applied exactly once and in order, in one transaction with cursor and receipt."""

import enum
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from sync import blobs, chain, dead_letters, halts, new_epochs, peers, proposals, receipts, registry, returning
from sync.applying import Applier, BlobMissing
from sync.batch_file import Contents, WholeBatch
from sync.failpoints import reach
from sync.halts import Halted
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


def is_passed(epoch: UUID, seq: int) -> bool:
    """Whether this batch was applied already, in this epoch or an earlier one.

    Refused("unknown_stream") when it is of a stream that nobody knows: only a first batch can begin an epoch.
    """
    incoming = Stream.objects.filter(direction=Stream.Direction.IN)
    present, own = incoming.filter(current=True).first(), incoming.filter(epoch=epoch).first()
    if present is not None and own is None and seq > 1:
        raise Refused("unknown_stream", str(epoch))
    return own is not None and seq <= own.seq


class _Place(enum.Enum):
    NEXT = "next"
    NEW_EPOCH = "new epoch"


def receive(whole: WholeBatch, keys: SiteKeys, shelf: Shelf) -> Received:
    """Apply, park or recognise a batch whose signatures and data hash were checked. Refused when it must not be used.

    ``shelf`` is where the file will be kept. Errors of disk or database leave everything as it was: try again.
    """
    with transaction.atomic():
        place = _other_epoch(whole.batch, shelf) or _judge(whole.batch, shelf)
    if place is _Place.NEW_EPOCH:
        new_epochs.propose(whole, keys, shelf.parked)
        return Received(Verdict.PARKED, waits_for=Wait.EPOCH)
    if isinstance(place, Refused):
        raise place  # after the commit: the freeze must stay
    if isinstance(place, Received):
        return place
    try:
        return _apply(whole, keys, shelf, careful=False)
    except IntegrityError:
        return _apply(whole, keys, shelf, careful=True)


def _apply(whole: WholeBatch, keys: SiteKeys, shelf: Shelf, *, careful: bool) -> Received:
    contents = whole.contents(keys)
    for blob in contents.blobs():
        try:
            blobs.put_pieces(blob.sha256, blob.size, blob.pieces)
        except blobs.BlobDamaged as error:
            raise Refused("blob_damaged", str(error)) from error
    reach("blobs-done")
    try:
        with transaction.atomic():
            place = _judge(whole.batch, shelf)  # again, now under the lock that is held until the commit
            if isinstance(place, _Place):
                reach("apply-begun")
                return _commit(whole, contents, shelf, careful=careful)
    except BlobMissing:
        with transaction.atomic():
            return _park(_stream(whole.batch), whole.batch, Wait.BLOB, shelf)
    except Halted as stop:
        with transaction.atomic():
            stream = _stream(whole.batch)
            halts.note(stream, stop)
            return _park(stream, whole.batch, Wait.HALTED, shelf)
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
    # It is the next one: of every batch that was applied there is a row.
    head = (batch.prev, batch.rseq_first, batch.chain_before)
    if head != (stream.batch_hash, stream.rseq + 1, stream.chain):
        return _freeze(stream, "fork", batch)
    if any(registry.find(kind.topic, kind.version) is None for kind in batch.kinds):
        return _park(stream, batch, Wait.UPGRADE, shelf)
    return _Place.NEXT


def _other_epoch(batch: Batch, shelf: Shelf) -> _Place | Received | Refused | None:
    """A batch of an epoch that is over, that waits for approval, or that begins now; None for one of the present epoch."""
    incoming = Stream.objects.select_for_update().filter(direction=Stream.Direction.IN)
    current = incoming.filter(current=True).first()
    stream = incoming.filter(epoch=batch.stream).first()
    if new_epochs.begins_one(batch, stream):
        return _Place.NEW_EPOCH
    if stream is None or stream.current:
        return None
    known = InboxBatch.objects.filter(stream=stream, seq=batch.seq).first()
    if known and known.content_root != batch.content_root:
        return Refused("equivocation", f"批次 {batch.seq}")
    if known and known.state == InboxBatch.State.APPLIED:
        return _duplicate(stream, known)
    if current and stream.number < current.number:
        return Refused("old_epoch", f"第 {stream.number} 纪元第 {batch.seq} 批")
    return _park(stream, batch, Wait.EPOCH, shelf)


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
    # Two contents of one batch outlast a proposal, which may be taken back.
    if not stream.frozen or proposals.is_the_reason(stream):
        stream.frozen = f"批次 {batch.seq}：{REASONS[code]}"
    stream.save(update_fields=["frozen"])
    return Refused(code, f"批次 {batch.seq}")


def _park(stream: Stream, batch: Batch, waits_for: Wait, shelf: Shelf) -> Received:
    values = {"state": InboxBatch.State.PARKED, "waits_for": waits_for, "file_path": shelf.parked}
    fixed = {"content_root": batch.content_root, "rseq_first": batch.rseq_first, "rseq_last": batch.rseq_last}
    _, created = InboxBatch.objects.update_or_create(
        stream=stream, seq=batch.seq, defaults=values, create_defaults=values | fixed
    )
    # At once: when both directions have lost a batch, each side names its gap in a batch that waits behind the other's.
    if waits_for != Wait.EPOCH:
        for receipt in batch.receipts:
            receipts.accept(receipt, stream)
    if created and waits_for != Wait.EPOCH:
        receipts.issue(stream, due=waits_for == Wait.GAP)
    return Received(Verdict.PARKED, waits_for=waits_for)


def _commit(whole: WholeBatch, contents: Contents, shelf: Shelf, *, careful: bool) -> Received:
    batch, last, stream = whole.batch, whole.files[-1], _stream(whole.batch)
    applier, reading = Applier(stream, careful=careful), RecordReader(batch)
    for block in contents.blocks():
        applier.apply(reading.numbered(block))
    reading.check_end()
    reach("apply-records")
    for receipt in batch.receipts:
        receipts.accept(receipt, stream)
    for new in batch.new_keys:
        peers.rotate(new, last.signer, after=batch.seq)
    reach("apply-receipts")
    stream.seq, stream.rseq = batch.seq, batch.rseq_last
    stream.chain, stream.batch_hash = batch.chain_after, batch.content_root
    stream.save(update_fields=["seq", "rseq", "chain", "batch_hash"])
    values = {
        "state": InboxBatch.State.APPLIED,
        "waits_for": "",
        "file_path": shelf.applied,
        "sealed_to": last.volume.recipient_key,
        "signed_by": last.signer.sign_id,
        "applied_at": timezone.now(),
    }
    fixed = {"content_root": batch.content_root, "rseq_first": batch.rseq_first, "rseq_last": batch.rseq_last}
    InboxBatch.objects.update_or_create(stream=stream, seq=batch.seq, defaults=values, create_defaults=values | fixed)
    halts.settle(stream)
    # A handler may have issued a receipt meanwhile: each number is given once.
    stream.refresh_from_db(fields=["receipt_no", "receipt_due"])
    receipts.issue(stream, due=batch.records > 0)
    if applier.returned:
        dead_letters.retry_all()  # while nothing is answered yet: the answers may be among what is tried again
    for epoch in applier.ended:
        returning.note_end(epoch)
    if applier.ended and not returning.is_awaited():
        registry.all_returned()
    reach("apply-cursor")
    return Received(Verdict.APPLIED, dead=applier.dead)
