"""Sealing: facts that wait get their numbers, a batch gets its content. Numbers are given here and nowhere else."""

from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from sync import blobs, canonical, chain, manifest
from sync.models import Batch, Outbox, Receipt, SentBlob, Stream
from sync.reasons import CannotProceed

MOST_RECORDS = 5_000  # small enough that an importer's transaction never keeps other writers waiting for long
MOST_BLOB_BYTES = 512 * 1024 * 1024
WRITER = "yizhan/1"
_LINE = ("rseq", "topic", "version", "key", "agg_version", "occurred_at", "payload", "blobs")
_NUMBER = """
    UPDATE sync_outbox SET batch_id = %s, rseq = waiting.rseq
    FROM (SELECT id, %s + row_number() OVER (ORDER BY id) AS rseq
          FROM sync_outbox WHERE batch_id IS NULL AND id <= %s) AS waiting
    WHERE sync_outbox.id = waiting.id
"""


class SealRefused(CannotProceed):
    """Nothing may be sealed now; the text says why."""


def seal_next(*, heartbeat: bool = False) -> Batch | None:
    """Seal one batch of what waits, in one transaction; None when nothing waits.

    Without waiting facts a batch is made only to carry a receipt that is due, or for a ``heartbeat``.
    """
    with transaction.atomic():
        incoming, stream = _locked_streams()
        if stream and stream.frozen:
            raise SealRefused(stream.frozen)
        cut = _cut()
        if cut is None and not heartbeat and not (incoming and incoming.receipt_due):
            return None
        stream = stream or _new_stream()
        batch = _place(stream, incoming)
        if cut is not None:
            _number(batch, stream.rseq, cut)
        _fill(batch, stream)
        stream.seq, stream.rseq = batch.seq, batch.rseq_last
        stream.chain, stream.batch_hash = batch.chain_after, batch.content_root
        stream.save(update_fields=["seq", "rseq", "chain", "batch_hash"])
        return batch


def lines_of(batch: Batch) -> Iterator[bytes]:
    """The canonical lines of a batch's records in their order."""
    for row in batch.outbox.order_by("rseq").values(*_LINE).iterator(chunk_size=1000):
        yield chain.to_line(**row)


def manifest_of(batch: Batch) -> manifest.Batch:
    """The signed description of a sealed batch, still without its volumes."""
    root = manifest.BlobRoot()
    for sha256, size in batch.blobs.order_by("id").values_list("sha256", "size"):
        root.add(sha256, size)
    fields = {
        "stream": str(batch.stream.epoch),
        "seq": batch.seq,
        "sender": settings.HALL_SIDE,
        "recipient": settings.HALL_PEER_SIDE,
        "prev": batch.prev_hash,
        "rseq_first": batch.rseq_first,
        "rseq_last": batch.rseq_last,
        "chain_before": batch.chain_before,
        "chain_after": batch.chain_after,
        "kinds": batch.kinds,
        "blobs": root.summary().model_dump(),
        "receipts": batch.receipts,
        "volumes": ["0" * 64],
        "writer": WRITER,
        "created_at": canonical.moment(batch.sealed_at),
        "format": manifest.FORMAT,
    }
    return manifest.Batch.model_validate(fields | {"content_root": manifest.content_root(fields)})


def _locked_streams() -> tuple[Stream | None, Stream | None]:
    """(incoming, outgoing), locked in the order in which the importer locks them too."""
    current = Stream.objects.select_for_update().filter(current=True).order_by("direction")
    by_direction = {stream.direction: stream for stream in current}
    return by_direction.get(Stream.Direction.IN), by_direction.get(Stream.Direction.OUT)


def _new_stream() -> Stream:
    epoch = uuid4()
    stream, _ = Stream.objects.get_or_create(
        direction=Stream.Direction.OUT,
        current=True,
        defaults={"epoch": epoch, "chain": chain.genesis(epoch).hex()},
    )
    return Stream.objects.select_for_update().get(pk=stream.pk)


def _cut() -> int | None:
    """Id of the last fact that fits into one batch, None when none waits."""
    last, total, seen = None, 0, set()
    waiting = Outbox.objects.filter(batch=None).order_by("id").values_list("id", "blobs")
    for row_id, names in waiting[:MOST_RECORDS]:
        total += sum(_size(name) for name in names if name not in seen)
        seen.update(names)
        if last is not None and total > MOST_BLOB_BYTES:
            break
        last = row_id
    return last


def _place(stream: Stream, incoming: Stream | None) -> Batch:
    return Batch.objects.create(
        stream=stream,
        seq=stream.seq + 1,
        prev_hash=stream.batch_hash,
        rseq_first=stream.rseq + 1,
        rseq_last=stream.rseq,
        chain_before=stream.chain,
        chain_after=stream.chain,
        receipts=_receipts(incoming),
    )


def _receipts(incoming: Stream | None) -> list[dict[str, object]]:
    if incoming is None:
        return []
    incoming.receipt_due = False
    incoming.save(update_fields=["receipt_due"])
    newest = Receipt.objects.filter(stream=incoming).order_by("-number").first()
    return [newest.body] if newest else []


def _number(batch: Batch, after: int, cut: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [batch.pk, after, cut])


def _fill(batch: Batch, stream: Stream) -> None:
    """Hash the chain over the numbered facts, note their new attachments, and fix the content root."""
    head = bytes.fromhex(batch.chain_before)
    for line in lines_of(batch):
        head = chain.advance(head, line)
        batch.rseq_last += 1
    batch.chain_after = head.hex()
    counts = Counter(batch.outbox.values_list("topic", "version"))
    batch.kinds = [{"topic": topic, "version": v, "count": n} for (topic, v), n in sorted(counts.items())]
    _note_blobs(batch, stream)
    batch.content_root = manifest_of(batch).content_root
    batch.save()


def _note_blobs(batch: Batch, stream: Stream) -> None:
    names: dict[str, None] = {}
    for row_names in batch.outbox.exclude(blobs=[]).order_by("rseq").values_list("blobs", flat=True).iterator():
        names.update(dict.fromkeys(row_names))
    sent: set[str] = set()
    ordered = list(names)
    for at in range(0, len(ordered), 500):
        some = SentBlob.objects.filter(stream=stream, sha256__in=ordered[at : at + 500])
        sent.update(some.values_list("sha256", flat=True))
    fresh = [
        SentBlob(stream=stream, batch=batch, sha256=name, size=_size(name)) for name in ordered if name not in sent
    ]
    SentBlob.objects.bulk_create(fresh, batch_size=500)


def _size(sha256: str) -> int:
    try:
        return blobs.size(sha256)
    except FileNotFoundError as error:
        raise SealRefused(f"附件 {sha256[:16]}… 不在文件库中，无法封装。请从备份恢复 files 文件夹后重试。") from error
