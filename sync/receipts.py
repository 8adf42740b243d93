"""Receipts: numbered, cumulative statements of how far a stream was applied. They ride in the next reverse batch."""

from django.db import transaction
from django.utils import timezone

from sync import registry
from sync.failpoints import reach
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
    receipt = Receipt.objects.create(stream=stream, number=body.number, body=body.model_dump())
    reach("receipt-issued")
    return receipt


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
            stream.frozen = (
                f"对端已收到第 {body.applied_seq} 批，本端数据库却只到第 {stream.seq} 批，或内容不同。"
                "数据库疑似恢复过备份，或有另一套系统在发送。已停止封装，请与对端管理员核对。"
            )
            stream.save(update_fields=["receipt_no", "frozen"])
            return
        _acknowledge(stream, body)
        Receipt.objects.create(stream=stream, number=body.number, body=body.model_dump())


def _known(stream: Stream, body: ReceiptBody) -> bool:
    if body.applied_seq == 0:
        return True
    batch = Batch.objects.filter(stream=stream, seq=body.applied_seq).first()
    return batch is not None and (batch.rseq_last, batch.chain_after) == (body.applied_rseq, body.chain)


def _acknowledge(stream: Stream, body: ReceiptBody) -> None:
    stream.acknowledged_seq = max(stream.acknowledged_seq, body.applied_seq)
    stream.acknowledged_rseq = max(stream.acknowledged_rseq, body.applied_rseq)
    stream.durable_seq = max(stream.durable_seq, body.durable_seq)
    stream.save(update_fields=["receipt_no", "acknowledged_seq", "acknowledged_rseq", "durable_seq"])
    sent = Batch.objects.filter(stream=stream).exclude(state=Batch.State.ACKNOWLEDGED)
    sent.filter(seq__lte=body.applied_seq).update(state=Batch.State.ACKNOWLEDGED, acknowledged_at=timezone.now())
    for first, last in body.missing:
        # Back to "no file yet": the next run of the sealer makes the files again, with the same content.
        sent.filter(seq__range=(first, last)).update(state=Batch.State.SEALED)
