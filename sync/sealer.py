"""Sealing: facts that wait get their numbers, a batch gets its content. Numbers are given here and nowhere else."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import Coalesce

from sync import blobs, canonical, chain, manifest, marks, receipts
from sync.failpoints import reach
from sync.models import Batch, Outbox, Receipt, SentBlob, Stream
from sync.overlap import Overlap
from sync.reasons import CannotProceed

MOST_RECORDS = 5_000  # small enough that an importer's transaction never keeps other writers waiting for long
MOST_BLOB_BYTES = 512 * 1024 * 1024
MOST_FRESH_BYTES = 16 * 1024 * 1024  # of lines kept in memory until the file of their batch is written
WRITER = "yizhan/1"
Announce = Callable[[str, int], dict[str, str]]
_LINE = (  # in the order of ``_line``
    "rseq",
    "sent_version",
    "version",
    "sent_payload",
    "payload",
    "topic",
    "key",
    "agg_version",
    "occurred_at",
    "blobs",
)
_NUMBER = """
    UPDATE sync_outbox SET batch_id = %s, rseq = waiting.rseq
    FROM (SELECT id, %s + row_number() OVER (ORDER BY id) AS rseq
          FROM sync_outbox WHERE batch_id IS NULL AND id IN ({})) AS waiting
    WHERE sync_outbox.id = waiting.id
"""


class SealRefused(CannotProceed):
    """Nothing may be sealed now; the text says why."""


class HeldBack(SealRefused):
    """The next fact is of a kind that the peer cannot read yet; what came before it is sealed."""


def seal_next(*, heartbeat: bool = False, announce: Announce | None = None) -> Batch | None:
    """Seal one batch of what waits, in one transaction; None when nothing waits.

    Without waiting facts a batch is made only to carry a receipt that is due, for a ``heartbeat``, or to ``announce`` new keys. HeldBack when
    facts wait that the peer cannot be given yet (sync.overlap).
    """
    with transaction.atomic():
        incoming, stream = locked_streams()
        marks.check()
        if stream and stream.frozen:
            raise SealRefused(stream.frozen)
        if incoming:
            receipts.renew(incoming)
        overlap = Overlap()
        chosen = _chosen(overlap)
        if not chosen and not heartbeat and announce is None and not (incoming and incoming.receipt_due):
            if overlap.held:
                raise HeldBack(overlap.held)
            return None
        stream = stream or _new_stream()
        batch = _place(stream, incoming)
        if announce:
            batch.new_keys = [announce(str(stream.epoch), batch.seq)]
        if chosen:
            overlap.write(chosen[-1])
            _number(batch, stream.rseq, chosen)
        reach("seal-numbered")
        return _finish(batch, stream)


def seal_first(stream: Stream, incoming: Stream | None, rows: Iterable[Outbox]) -> Batch:
    """Seal exactly these new facts as the first batch of an epoch, inside the caller's transaction."""
    batch, rows, rseq = _place(stream, incoming), iter(rows), stream.rseq
    while some := list(itertools.islice(rows, 100)):
        for row in some:
            rseq += 1
            row.batch, row.rseq = batch, rseq
        Outbox.objects.bulk_create(some)
    return _finish(batch, stream)


def lines_of(batch: Batch) -> Iterator[bytes]:
    """The canonical lines of a batch's records in their order."""
    return itertools.starmap(_line, batch.outbox.order_by("rseq").values_list(*_LINE).iterator(chunk_size=1000))


def line_of(row: Outbox) -> bytes:
    """The canonical line of a fact; without a number yet, it has number 0."""
    return _line(*(getattr(row, name) for name in _LINE))


def _line(
    rseq: int | None,
    sent_version: int | None,
    version: int,
    sent_payload: str | None,
    payload: str,
    topic: str,
    key: str,
    agg_version: int,
    occurred_at: datetime,
    names: list[str],
) -> bytes:
    """As it is sent: an older version of the payload where the peer needs one."""
    return chain.to_line(
        rseq=rseq or 0,
        topic=topic,
        version=sent_version or version,
        key=key,
        agg_version=agg_version,
        occurred_at=occurred_at,
        payload=sent_payload or payload,
        blobs=names,
    )


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
        "new_keys": batch.new_keys,
        "volumes": ["0" * 64],
        "writer": WRITER,
        "created_at": canonical.moment(batch.sealed_at),
        "format": manifest.FORMAT,
    }
    return manifest.Batch.model_validate(fields | {"content_root": manifest.content_root(fields)})


def locked_streams() -> tuple[Stream | None, Stream | None]:
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


def _chosen(overlap: Overlap) -> list[int]:
    """Ids of the next facts, as many as fit into one batch and the peer can be given."""
    chosen: list[int] = []
    total, seen = 0, set()
    waiting = Outbox.objects.filter(batch=None).order_by("id")
    described = waiting.values_list("id", "topic", "version", "blobs", "returned")
    for row_id, topic, version, named, returned in described[:MOST_RECORDS]:
        if not overlap.takes(row_id, topic, version):
            break
        names = _to_send(named, returned)
        total += sum(_size(name) for name in names if name not in seen)
        seen.update(names)
        if chosen and total > MOST_BLOB_BYTES:
            break
        chosen.append(row_id)
    return chosen


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


def _number(batch: Batch, after: int, chosen: list[int]) -> None:
    """Exactly these: a writer that was slower may commit a lower id meanwhile, which nobody has looked at. It waits for the next batch."""
    places = ", ".join(["%s"] * len(chosen))
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER.format(places), [batch.pk, after, *chosen])


def _finish(batch: Batch, stream: Stream) -> Batch:
    _fill(batch, stream)
    stream.seq, stream.rseq = batch.seq, batch.rseq_last
    stream.chain, stream.batch_hash = batch.chain_after, batch.content_root
    stream.save(update_fields=["seq", "rseq", "chain", "batch_hash"])
    reach("seal-filled")
    return batch


def _fill(batch: Batch, stream: Stream) -> None:
    """Hash the chain over the numbered facts, note their new attachments, and fix the content root."""
    head, fresh, size = bytes.fromhex(batch.chain_before), [], 0
    for line in lines_of(batch):
        head = chain.advance(head, line)
        batch.rseq_last += 1
        size += len(line)
        if size <= MOST_FRESH_BYTES:
            fresh.append(line)
    batch.fresh_lines = fresh if size <= MOST_FRESH_BYTES else None
    batch.chain_after = head.hex()
    counts = batch.outbox.values_list("topic", Coalesce("sent_version", "version")).annotate(Count("id"))
    batch.kinds = [{"topic": topic, "version": v, "count": n} for topic, v, n in sorted(counts)]
    _note_blobs(batch, stream)
    batch.content_root = manifest_of(batch).content_root
    batch.save()


def _note_blobs(batch: Batch, stream: Stream) -> None:
    names: dict[str, None] = {}
    for named, returned in batch.outbox.exclude(blobs=[]).order_by("rseq").values_list("blobs", "returned").iterator():
        names.update(dict.fromkeys(_to_send(named, returned)))
    sent: set[str] = set()
    ordered = list(names)
    for at in range(0, len(ordered), 500):
        some = SentBlob.objects.filter(stream=stream, sha256__in=ordered[at : at + 500])
        sent.update(some.values_list("sha256", flat=True))
    fresh = [
        SentBlob(stream=stream, batch=batch, sha256=name, size=_size(name)) for name in ordered if name not in sent
    ]
    SentBlob.objects.bulk_create(fresh, batch_size=500)


def _to_send(named: list[str], returned: bool) -> list[str]:
    """Attachments of a fact. Of one that the peer has given back those that are here: it knows the fact, and lost them too."""
    return [name for name in named if blobs.exists(name)] if returned else named


def _size(sha256: str) -> int:
    try:
        return blobs.size(sha256)
    except FileNotFoundError as error:
        raise SealRefused(f"附件 {sha256[:16]}… 不在文件库中，无法封装。请从备份恢复 files 文件夹后重试。") from error
