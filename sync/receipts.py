"""Receipts: numbered, cumulative statements of how far a stream was applied. They ride in the next reverse batch."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sync import registry
from sync.manifest import Dead, ReceiptBody
from sync.models import Batch, DeadLetter, InboxBatch, Receipt, Stream

MOST_LISTED = 100


def issue(stream: Stream, *, due: bool) -> Receipt:
    """State how far the incoming ``stream`` (locked by the caller) is. ``due`` asks the sealer for a batch of its own."""
    dead = DeadLetter.objects.filter(record__stream=stream, open=True).select_related("record")
    body = ReceiptBody(
        stream=str(stream.epoch),
        number=stream.receipt_no + 1,
        applied_seq=stream.seq,
        applied_rseq=stream.rseq,
        chain=stream.chain,
        durable_seq=stream.durable_seq,
        missing=missing(stream),
        dead=[
            Dead(rseq=letter.record.rseq, key=letter.record.key, reason=letter.reason)
            for letter in dead.order_by("record__rseq")[:MOST_LISTED]
        ],
        dead_total=dead.count(),
        supports=registry.supports(),
    )
    stream.receipt_no = body.number
    stream.receipt_due = stream.receipt_due or due
    stream.save(update_fields=["receipt_no", "receipt_due"])
    return Receipt.objects.create(stream=stream, number=body.number, body=body.model_dump())


def missing(stream: Stream) -> list[list[int]]:
    """Ranges ``[from, to]`` of batches that must come before those already waiting."""
    waiting = InboxBatch.objects.filter(stream=stream, state=InboxBatch.State.PARKED)
    ranges, expected = [], stream.seq + 1
    for seq in waiting.order_by("seq").values_list("seq", flat=True):
        if seq > expected:
            ranges.append([expected, seq - 1])
        expected = seq + 1
    return ranges[:MOST_LISTED]


def accept(body: ReceiptBody) -> None:
    """Take the peer's receipt for our outgoing stream. Old, repeated and foreign receipts change nothing.

    A receipt for more than we have sent, or for another history, means that this database was restored from a backup
    or cloned: the outgoing stream is frozen.
    """
    with transaction.atomic():
        stream = Stream.objects.select_for_update().filter(direction=Stream.Direction.OUT, epoch=body.stream).first()
        if stream is None or body.number <= stream.receipt_no:
            return
        stream.receipt_no = body.number
        if not _known(stream, body):
            freeze(stream, body.applied_seq)
            return
        acknowledge(stream, body.applied_seq, body.applied_rseq)
        stream.durable_seq = max(stream.durable_seq, body.durable_seq)
        stream.save(update_fields=["durable_seq"])
        _offer_again(stream, body.missing)
        Receipt.objects.create(stream=stream, number=body.number, body=body.model_dump())


def _known(stream: Stream, body: ReceiptBody) -> bool:
    if body.applied_seq == 0:
        return True
    batch = Batch.objects.filter(stream=stream, seq=body.applied_seq).first()
    return batch is not None and (batch.rseq_last, batch.chain_after) == (body.applied_rseq, body.chain)


def freeze(stream: Stream, applied_seq: int) -> None:
    """The peer has what this database does not know: nothing more is sealed into this stream (locked by the caller)."""
    stream.frozen = (
        f"对端已收到第 {applied_seq} 批，本端数据库却只到第 {stream.seq} 批，或内容不同。"
        "数据库疑似恢复过备份，或有另一套系统在发送。已停止封装，请与对端管理员核对。"
    )
    stream.save(update_fields=["receipt_no", "frozen"])


def acknowledge(stream: Stream, seq: int, rseq: int) -> None:
    """The peer has applied our batches up to ``seq``, that is the records up to ``rseq``. The caller holds the lock."""
    stream.acknowledged_seq = max(stream.acknowledged_seq, seq)
    stream.acknowledged_rseq = max(stream.acknowledged_rseq, rseq)
    stream.save(update_fields=["receipt_no", "acknowledged_seq", "acknowledged_rseq"])
    _unacknowledged(stream).filter(seq__lte=seq).update(state=Batch.State.ACKNOWLEDGED, acknowledged_at=timezone.now())


def _offer_again(stream: Stream, missing: list[list[int]]) -> None:
    for first, last in missing:
        # Back to "no file yet": the next run of the sealer makes the files again, with the same content.
        _unacknowledged(stream).filter(seq__range=(first, last)).update(state=Batch.State.SEALED)


def _unacknowledged(stream: Stream) -> QuerySet[Batch]:
    return Batch.objects.filter(stream=stream).exclude(state=Batch.State.ACKNOWLEDGED)
