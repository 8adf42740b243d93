"""Receipts: numbered, cumulative statements of how far a stream was applied. They ride in the next reverse batch."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sync import registry, volumes_in
from sync.manifest import MOST_VOLUMES, Dead, ReceiptBody
from sync.models import Batch, DeadLetter, InboxBatch, Peer, Receipt, SentVolume, Stream

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
        missing_volumes=missing_volumes(stream),
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


def renew(stream: Stream) -> None:
    """Give a new receipt when this site has learnt to read more (or less): the peer may hold facts back until it hears.

    ``stream`` is the incoming one, locked by the caller.
    """
    newest = Receipt.objects.filter(stream=stream).order_by("-number").first()
    if newest and newest.body["supports"] != registry.supports():
        issue(stream, due=True)


def missing(stream: Stream) -> list[list[int]]:
    """Ranges ``[from, to]`` of batches that must come before those already waiting."""
    waiting = _parked(stream) | set(volumes_in.unfinished(stream.epoch, stream.seq))
    ranges, expected = [], stream.seq + 1
    for seq in sorted(waiting):
        if seq > expected:
            ranges.append([expected, seq - 1])
        expected = seq + 1
    return ranges[:MOST_LISTED]


def missing_volumes(stream: Stream) -> list[list[int]]:
    """``[seq, first, last]`` for the volumes that are missing of batches of which others are here; last 0: to the end."""
    parked = _parked(stream)
    unfinished = volumes_in.unfinished(stream.epoch, stream.seq)
    listed = [[seq, *gap] for seq, gaps in unfinished.items() if seq not in parked for gap in gaps]
    return listed[:MOST_LISTED]


def _parked(stream: Stream) -> set[int]:
    waiting = InboxBatch.objects.filter(stream=stream, state=InboxBatch.State.PARKED)
    return set(waiting.values_list("seq", flat=True))


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
        Peer.objects.filter(side=settings.HALL_PEER_SIDE).update(supports=body.supports)
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
        _offer_again(sent.filter(seq__range=(first, last)))
    for seq, first, last in body.missing_volumes:
        _offer_again(sent.filter(seq=seq), first, last or MOST_VOLUMES)


def _offer_again(batches: QuerySet[Batch], first: int = 1, last: int = MOST_VOLUMES) -> None:
    """Back to "not offered": the next run of the sealer puts these files out again, or makes them when they are lost."""
    SentVolume.objects.filter(batch__in=batches, vol__range=(first, last)).update(due=True)
    batches.update(state=Batch.State.SEALED)
