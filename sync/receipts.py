"""Receipts: numbered, cumulative statements of how far a stream was applied. They ride in the next reverse batch."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sync import marks, registry, volumes_in
from sync.failpoints import reach
from sync.manifest import MOST_VOLUMES, Dead, Head, ReceiptBody
from sync.models import Batch, DeadLetter, Delivery, InboxBatch, Peer, Receipt, SentVolume, Stream

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
        restored=stream.restored,
        missing=missing(stream),
        missing_volumes=missing_volumes(stream),
        dead=[
            Dead(rseq=letter.record.rseq, key=letter.record.key, reason=letter.reason)
            for letter in dead.order_by("record__rseq")[:MOST_LISTED]
        ],
        dead_total=dead.count(),
        supports=registry.supports(),
        sent=_head(),
    )
    stream.receipt_no = body.number
    stream.receipt_due = stream.receipt_due or due
    stream.save(update_fields=["receipt_no", "receipt_due"])
    receipt = Receipt.objects.create(stream=stream, number=body.number, body=body.model_dump())
    reach("receipt-issued")
    return receipt


def renew(stream: Stream) -> None:
    """Give a new receipt when this site has learnt to read more (or less): the peer may hold facts back until it hears.

    ``stream`` is the incoming one, locked by the caller.
    """
    newest = Receipt.objects.filter(stream=stream).order_by("-number").first()
    if newest and newest.body["supports"] != registry.supports():
        issue(stream, due=True)


def ask_again() -> None:
    """Say at once what is missing: something that had been received is not there any more."""
    with transaction.atomic():
        stream = Stream.objects.select_for_update().filter(direction=Stream.Direction.IN, current=True).first()
        if stream:
            issue(stream, due=True)


def _head() -> Head | None:
    own = Stream.objects.filter(direction=Stream.Direction.OUT, current=True).first()
    if own is None:
        return None
    return Head(
        stream=str(own.epoch),
        seq=own.seq,
        rseq=own.rseq,
        chain=own.chain,
        backed_up_seq=own.backed_up_seq,
        seen=own.receipt_no,
    )


def settle() -> None:
    """Notice by the marks that this database fell behind the receipts it has given, and say so in the next one."""
    mark = marks.read()
    if mark is None or mark.incoming is None:
        return
    with transaction.atomic():
        stream = Stream.objects.select_for_update().filter(direction=Stream.Direction.IN, current=True).first()
        if stream and stream.receipt_no < mark.incoming.receipt_no:
            fell_back(stream, mark.incoming.receipt_no)


def fell_back(stream: Stream, given: int) -> None:
    """The incoming ``stream`` (locked) is older than receipt ``given``: numbers go on above it, so that the peer listens."""
    stream.receipt_no = given
    stream.restored = given + 1
    stream.save(update_fields=["receipt_no", "restored"])
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


def accept(body: ReceiptBody, incoming: Stream | None) -> None:
    """Take the peer's receipt for our outgoing stream; ``incoming`` (locked) is the peer's own one, None before its first batch.

    Old, repeated and foreign receipts change nothing. A receipt for more than we have sent, or for another history,
    means that this database was restored from a backup or cloned: the outgoing stream is frozen.
    """
    with transaction.atomic():
        _hear_of_theirs(body, incoming)
        stream = Stream.objects.select_for_update().filter(direction=Stream.Direction.OUT, current=True).first()
        if stream is None or body.number <= stream.receipt_no:
            return
        if str(stream.epoch) != body.stream:
            _of_another_epoch(stream, body)
            return
        stream.receipt_no = body.number
        if not _known(stream, body):
            freeze(stream, body.applied_seq)
            return
        if body.restored > stream.restored or body.applied_seq < stream.acknowledged_seq:
            stream.restored = max(stream.restored, body.restored)
            stream.acknowledged_rseq = min(stream.acknowledged_rseq, body.applied_rseq)
            _offer_later(stream, body.applied_seq)
        acknowledge(stream, body.applied_seq, body.applied_rseq)
        stream.durable_seq = max(stream.durable_seq, body.durable_seq)
        stream.save(update_fields=["restored", "durable_seq"])
        _offer_missing(stream, body)
        Peer.objects.filter(side=settings.HALL_PEER_SIDE).update(supports=body.supports)
        Receipt.objects.create(stream=stream, number=body.number, body=body.model_dump())


def _hear_of_theirs(body: ReceiptBody, incoming: Stream | None) -> None:
    """How far the peer's own backup reaches, and which of our receipts it has seen (a copy of our marks)."""
    if incoming is None or body.sent is None or body.sent.stream != str(incoming.epoch):
        return
    if body.sent.backed_up_seq > incoming.backed_up_seq:
        incoming.backed_up_seq = body.sent.backed_up_seq
        incoming.save(update_fields=["backed_up_seq"])
    if body.sent.seen > incoming.receipt_no:
        fell_back(incoming, body.sent.seen)


def _of_another_epoch(stream: Stream, body: ReceiptBody) -> None:
    """A restored receiver may have fallen back before this epoch began: then all of it is offered again."""
    known = Stream.objects.filter(direction=Stream.Direction.OUT, epoch=body.stream).exists()
    if known and body.restored > stream.restored:
        stream.receipt_no, stream.restored = body.number, body.restored
        stream.save(update_fields=["receipt_no", "restored"])
        _offer_later(stream, 0)


def _known(stream: Stream, body: ReceiptBody) -> bool:
    if body.applied_seq == 0:
        return True
    batch = Batch.objects.filter(stream=stream, seq=body.applied_seq).first()
    return batch is not None and (batch.rseq_last, batch.chain_after) == (body.applied_rseq, body.chain)


def freeze(stream: Stream, applied_seq: int) -> None:
    """The peer has what this database does not know: nothing more is sealed into this stream (locked by the caller)."""
    stream.frozen = (
        f"对端已收到第 {applied_seq} 批，本端数据库却只到第 {stream.seq} 批，或内容不同。"
        "数据库疑似恢复过备份，或有另一套系统在发送。已停止封装，请与对端管理员核对，"
        "停掉多出来的系统，再运行 manage.py new_epoch，按提示办理。"
    )
    stream.save(update_fields=["receipt_no", "frozen"])


def acknowledge(stream: Stream, seq: int, rseq: int) -> None:
    """The peer has applied our batches up to ``seq``, that is the records up to ``rseq``. The caller holds the lock."""
    stream.acknowledged_seq = max(stream.acknowledged_seq, seq)
    stream.acknowledged_rseq = max(stream.acknowledged_rseq, rseq)
    stream.save(update_fields=["receipt_no", "acknowledged_seq", "acknowledged_rseq"])
    _unacknowledged(stream).filter(seq__lte=seq).update(state=Batch.State.ACKNOWLEDGED, acknowledged_at=timezone.now())


def _offer_missing(stream: Stream, body: ReceiptBody) -> None:
    sent = _unacknowledged(stream)
    for first, last in body.missing:
        _offer_again(sent.filter(seq__range=(first, last)))
    for seq, first, last in body.missing_volumes:
        _offer_again(sent.filter(seq=seq), first, last or MOST_VOLUMES)


def _unacknowledged(stream: Stream) -> QuerySet[Batch]:
    return Batch.objects.filter(stream=stream).exclude(state=Batch.State.ACKNOWLEDGED)


def _offer_again(batches: QuerySet[Batch], first: int = 1, last: int = MOST_VOLUMES) -> None:
    """Back to "not offered": the sealer and every channel put these volumes out again, or make all when one is lost."""
    volumes = SentVolume.objects.filter(batch__in=batches, vol__range=(first, last))
    volumes.update(due=True)
    Delivery.objects.filter(volume__in=volumes).delete()
    batches.update(state=Batch.State.SEALED)


def _offer_later(stream: Stream, applied: int) -> None:
    """The receiver's database fell back to batch ``applied``: offer the files of all later ones again."""
    later = Batch.objects.filter(stream=stream, seq__gt=applied)
    if later.filter(purged=True).exists():
        stream.frozen = (
            f"对端恢复的备份只到第 {applied} 批，而本端按对端以前的回执，已把到第 {stream.durable_seq} 批的内容清理掉，无法补发。"
            "请对端改用更新的备份（它曾报告备份到这一批），或在本端从自己的备份里找回。"
        )
        stream.save(update_fields=["frozen"])
    stream.durable_seq = min(stream.durable_seq, applied)
    stream.acknowledged_seq = min(stream.acknowledged_seq, applied)
    stream.save(update_fields=["durable_seq", "acknowledged_seq"])
    kept = later.filter(purged=False)
    kept.update(acknowledged_at=None)
    _offer_again(kept)
