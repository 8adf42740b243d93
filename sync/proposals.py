"""New epochs of the peer that wait for a person: how long they hold the present stream, and how one is taken back."""

from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from sync import quarantine, volumes_in
from sync.models import EpochChange, InboxBatch, InboxVolume, Stream
from sync.reasons import Refused
from sync.volumes_in import Place


def waiting() -> EpochChange | None:
    """The newest epoch that waits for approval."""
    return _unapproved().order_by("-stream__number").first()


def freeze(current: Stream) -> None:
    """Hold the present stream (locked by the caller) for the newest proposal; what froze it before stays as the reason.

    Whoever settles that reason must still be able to read it when the proposal turns out to be forged.
    """
    if not current.frozen or is_the_reason(current):
        _settle(current)


def is_the_reason(current: Stream) -> bool:
    """Whether a proposal holds the stream, and nothing graver."""
    return any(current.frozen == _sentence(change) for change in _unapproved())


def withdraw(first: InboxBatch) -> None:
    """Forget the epoch that this refused batch has begun, unless it was approved, and let the present stream go on.

    May be repeated after a crash: the row of the first batch goes last.
    """
    proposed = _unapproved().filter(stream=first.stream, stream__current=False)
    if not proposed.exists():
        return
    _send_away(first)
    with transaction.atomic():
        streams = Stream.objects.select_for_update().filter(direction=Stream.Direction.IN)
        current = streams.filter(current=True).first()
        change = proposed.first()  # again: a person may have been quicker
        if change is None:
            return
        held = current is not None and is_the_reason(current)
        first.delete()
        change.facts.all().delete()
        change.delete()
        change.stream.receipts.all().delete()
        change.stream.delete()
        if current and held:
            _settle(current)


def _unapproved() -> QuerySet[EpochChange]:
    return EpochChange.objects.filter(approved_at=None).select_related("stream")


def _settle(current: Stream) -> None:
    newest = _unapproved().filter(stream__number__gt=current.number).order_by("-stream__number").first()
    current.frozen = _sentence(newest) if newest else ""
    current.save(update_fields=["frozen"])


def _sentence(change: EpochChange) -> str:
    about = f"对端开始了第 {change.stream.number} 纪元（{change.reason[:200]}）"
    return f"{about}，等待本端核对和批准：manage.py approve_epoch。"


def _send_away(first: InboxBatch) -> None:
    """What waits behind the first batch is as if it had come before it: looked at again once its stream is known."""
    epoch = first.stream.epoch
    for batch in InboxBatch.objects.filter(stream=first.stream).exclude(pk=first.pk):
        volumes = volumes_in.rows(Place(epoch, batch.seq))
        for path in sorted({Path(batch.file_path), *(Path(row.file_path) for row in volumes)}):
            if path.is_file():
                quarantine.keep(path, path, Refused("unknown_stream", str(epoch)))
        InboxVolume.objects.filter(pk__in=[row.pk for row in volumes]).delete()
        batch.delete()
