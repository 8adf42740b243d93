"""Which batches still have to go out over a channel, and their files."""

from pathlib import Path

from django.db.models import F, QuerySet

from sync import batch_out
from sync.models import Batch, Delivery, Stream


def files_of(batch: Batch) -> list[Path]:
    """The files of a batch; made again when they are gone."""
    return batch_out.files_of(batch)


def waiting(channel: str) -> QuerySet[Batch]:
    """Batches with files that did not go out over ``channel``, or were made anew since; lowest number first."""
    gone = Delivery.objects.filter(channel=channel, revision=F("batch__revision")).values("batch")
    return _sent().filter(state=Batch.State.READY).exclude(pk__in=gone)


def unacknowledged() -> QuerySet[Batch]:
    """Batches with files of which the peer has not said that they arrived."""
    return _sent().filter(state=Batch.State.READY)


def delivered(channel: str, batch: Batch) -> None:
    """Note that all files of ``batch`` went out."""
    Delivery.objects.update_or_create(channel=channel, batch=batch, defaults={"revision": batch.revision})


def repeat(channel: str, count: int) -> None:
    """Let the last ``count`` batches go out once more: for one-way lines, on which nobody can ask for them."""
    last = list(_sent().order_by("-seq").values_list("pk", flat=True)[:count])
    Delivery.objects.filter(channel=channel, batch__in=last, batch__state=Batch.State.READY).delete()


def _sent() -> QuerySet[Batch]:
    sent = Batch.objects.filter(stream__direction=Stream.Direction.OUT, stream__current=True)
    return sent.select_related("stream").order_by("seq")
