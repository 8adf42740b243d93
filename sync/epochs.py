"""Beginning a new epoch of what this site sends, after its database was restored or cloned."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sync import canonical, chain, marks, registry, returning, sealer
from sync.epoch_records import ABOUT_EPOCHS, LISTED, LONGEST_LIST, STARTED, Base, Listed, ListedFact, OldHead, Started
from sync.models import Batch, Outbox, Restoration, Stream
from sync.reasons import CannotProceed


class EpochRefused(CannotProceed):
    """No epoch can be begun now; the text says why."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A new epoch, its first batch sealed."""

    stream: Stream
    facts: int


def begin(reason: str, by: str) -> Begun:
    """Close the outgoing stream, begin the next epoch, and seal its first batch: the list of what will be sent (again).

    All facts that are not in the receiver's backup for certain go back to waiting; the receiver recognises those it has.
    """
    if not reason.strip():
        raise EpochRefused("请用 --reason 写明原因，例如：数据库磁盘损坏，恢复了昨晚的备份。")
    with transaction.atomic():
        incoming, old = sealer.locked_streams()
        base = base_of(old)
        again = _after(base, old)
        if again.filter(batch__purged=True).exists():
            raise EpochRefused(
                "对端退回到了比它报告过的更早的备份，而本端已经清理了其中的内容，无法补发。请先从本端的备份恢复。"
            )
        again.update(batch=None, rseq=None)
        stream = _next(old, base)
        rows = _records(stream, old, base, reason.strip()[:500], by)
        sealer.seal_first(stream, incoming, rows)
        Restoration.objects.filter(settled_at=None).update(settled_at=timezone.now(), settled_by=by)
        return Begun(stream, _waiting().count())


def stop_waiting() -> None:
    """Give up what the peer has not given back of the present epoch, and let go on what waited for it. EpochRefused when nothing is awaited."""
    with transaction.atomic():
        _, stream = sealer.locked_streams()
        if stream is None or not stream.awaits_return:
            raise EpochRefused("本端没有在等待对端退还，不需要停止等待。")
        returning.note_end(str(stream.epoch))
        registry.all_returned()


def base_of(stream: Stream | None) -> Base | None:
    """The last batch that the receiver has in a verified backup, in this epoch or before it."""
    if stream is None:
        return None
    if not stream.durable_seq:
        return Base.model_validate(stream.base) if stream.base else None
    batch = Batch.objects.get(stream=stream, seq=stream.durable_seq)
    return Base(stream=str(stream.epoch), seq=batch.seq, rseq=batch.rseq_last, root=batch.content_root)


def _after(base: Base | None, old: Stream | None) -> QuerySet[Outbox]:
    """Sealed facts that the receiver may have lost or never got. Those of still earlier epochs went over into ``old``."""
    after = base.seq if base and old and base.stream == str(old.epoch) else 0
    return Outbox.objects.filter(batch__stream=old, batch__seq__gt=after).exclude(topic__in=ABOUT_EPOCHS)


def _next(old: Stream | None, base: Base | None) -> Stream:
    if old is not None:
        old.current = False
        old.save(update_fields=["current"])
    epoch = uuid4()
    return Stream.objects.create(
        direction=Stream.Direction.OUT,
        epoch=epoch,
        chain=chain.genesis(epoch).hex(),
        number=marks.next_epoch(),
        receipt_no=old.receipt_no if old else 0,
        restored=old.restored if old else 0,
        base=base.model_dump() if base else {},
        awaits_return=True,
    )


def _records(stream: Stream, old: Stream | None, base: Base | None, reason: str, by: str) -> Iterator[Outbox]:
    waiting = _waiting()
    started = Started(
        number=stream.number,
        previous=OldHead(stream=str(old.epoch), seq=old.seq, rseq=old.rseq, chain=old.chain) if old else None,
        base=base,
        reason=reason,
        by=by[:150],
        receipt_seen=stream.receipt_no,
        facts=waiting.count(),
    )
    yield _record(stream, STARTED, 1, started)
    listed: list[ListedFact] = []
    number = 1
    for row in waiting.order_by("id").iterator(chunk_size=1000):
        digest = chain.digest(sealer.line_of(row))
        listed.append(ListedFact(key=row.key, agg_version=row.agg_version, digest=digest))
        if len(listed) == LONGEST_LIST:
            number += 1
            yield _record(stream, LISTED, number, Listed(facts=listed))
            listed = []
    if listed:
        yield _record(stream, LISTED, number + 1, Listed(facts=listed))


def _waiting() -> QuerySet[Outbox]:
    return Outbox.objects.filter(batch=None)


def _record(stream: Stream, topic: str, agg_version: int, payload: Started | Listed) -> Outbox:
    return Outbox(
        topic=topic,
        key=f"sync.epoch:{stream.epoch}",
        agg_version=agg_version,
        payload=canonical.encode(payload.model_dump(mode="json")).decode(),
        occurred_at=timezone.now(),
    )
