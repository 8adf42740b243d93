"""Which volumes still have to go out over a channel, and their files."""

from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from sync import batch_out
from sync.models import Batch, Delivery, SentVolume, Stream


def files_of(batch: Batch) -> list[Path]:
    """The files of a batch; made again when they are gone."""
    return batch_out.files_of(batch)


def waiting(channel: str) -> QuerySet[Batch]:
    """Batches of which a volume did not go out over ``channel``, or was made anew since; lowest number first."""
    left = _not_gone(channel).filter(batch=OuterRef("pk"))
    return unacknowledged().filter(Exists(left))


def volumes_of(batch: Batch, channel: str) -> list[SentVolume]:
    """The volumes of ``batch`` that did not go out over ``channel``: all of them when its files had to be made again."""
    return left_of(batch_out.volumes_of(batch), channel)


def left_of(volumes: list[SentVolume], channel: str) -> list[SentVolume]:
    """Those of ``volumes`` that did not go out over ``channel``."""
    left = set(_not_gone(channel).filter(pk__in=[volume.pk for volume in volumes]).values_list("pk", flat=True))
    return [volume for volume in volumes if volume.pk in left]


def unacknowledged() -> QuerySet[Batch]:
    """Batches with files of which the peer has not said that they arrived."""
    return _sent().filter(state=Batch.State.READY)


def delivered(channel: str, volume: SentVolume) -> None:
    """Note that a volume went out. One that was replaced by a new revision meanwhile is passed over."""
    with transaction.atomic():
        if SentVolume.objects.select_for_update().filter(pk=volume.pk).exists():
            Delivery.objects.update_or_create(channel=channel, volume=volume)


def repeat(channel: str, count: int) -> None:
    """Let the last ``count`` batches go out once more: for one-way lines, on which nobody can ask for them."""
    last = list(_sent().order_by("-seq").values_list("pk", flat=True)[:count])
    ready = Delivery.objects.filter(volume__batch__in=last, volume__batch__state=Batch.State.READY)
    ready.filter(channel=channel).delete()


def _not_gone(channel: str) -> QuerySet[SentVolume]:
    gone = Delivery.objects.filter(channel=channel, volume=OuterRef("pk"))
    return SentVolume.objects.filter(~Exists(gone))


def _sent() -> QuerySet[Batch]:
    sent = Batch.objects.filter(stream__direction=Stream.Direction.OUT, stream__current=True)
    return sent.select_related("stream").order_by("seq")
