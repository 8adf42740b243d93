"""Kinds of records that must not be skipped: one that cannot be applied stops the stream until it can, or may pass."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sync.chain import Record
from sync.models import Halt, Stream


class Halted(Exception):
    """A record of a kind that halts cannot be applied; nothing of its batch may be."""

    def __init__(self, record: Record, reason: str) -> None:
        super().__init__(reason)
        self.record, self.reason = record, reason


def note(stream: Stream, stop: Halted) -> None:
    """Keep why the stream stands still. ``stream`` is locked by the caller."""
    record = stop.record
    values = {"reason": stop.reason}
    fixed = {"topic": record.topic, "key": record.key}
    halt, created = Halt.objects.update_or_create(
        stream=stream, rseq=record.rseq, defaults=values, create_defaults=values | fixed
    )
    if not created:
        Halt.objects.filter(pk=halt.pk).update(attempts=F("attempts") + 1)


def may_pass(stream: Stream, rseq: int) -> bool:
    """Whether an operator let this record become an ordinary dead letter."""
    return Halt.objects.filter(stream=stream, rseq=rseq).exclude(passed_by="").exists()


def let_pass(halt_id: int, by: str, note: str) -> None:
    """Let the stream go on without this record: the next opening makes it a dead letter. ValueError without a reason."""
    if not note.strip():
        raise ValueError("请写明放行的原因。")
    with transaction.atomic():
        halt = Halt.objects.select_for_update().get(pk=halt_id, open=True)
        halt.passed_by, halt.passed_note = by, note.strip()[:1000]
        halt.save(update_fields=["passed_by", "passed_note"])


def settle(stream: Stream) -> None:
    """The stream went on up to its head: what stopped it before is over."""
    passed = Halt.objects.filter(stream=stream, open=True, rseq__lte=stream.rseq)
    passed.update(open=False, settled_at=timezone.now())
