"""What need not be kept any more: only what a verified backup of whoever would want it back covers."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from sync.models import Batch, InboxBatch, InboxVolume, Outbox, Stream


@dataclass(slots=True)
class Purged:
    """How much was removed."""

    batches: int = 0
    files: int = 0
    archived: int = 0


def run() -> Purged:
    """Remove sent files and payloads that the receiver has in a backup, and received files that both sides have in one."""
    purged = Purged()
    for stream in Stream.objects.filter(current=True):
        if stream.direction == Stream.Direction.OUT:
            _sent(stream, purged)
        else:
            _received(stream, purged)
    return purged


def _sent(stream: Stream, purged: Purged) -> None:
    outgoing = Path(settings.HALL_BATCH_DIR) / "outgoing"
    covered = Batch.objects.filter(stream=stream, seq__lte=stream.durable_seq, state=Batch.State.ACKNOWLEDGED)
    for batch in covered.filter(purged=False).order_by("seq"):
        # The file first: after a crash it is merely made again.
        kept = list(batch.volumes.values_list("file_path", flat=True))
        offered = [str(outgoing / Path(name).name) for name in kept]
        purged.files += sum(_remove(name) for name in {batch.file_path, *kept, *offered})
        with transaction.atomic():
            # Asked again under the lock: a receipt of this moment may say that the receiver fell back.
            if not Stream.objects.select_for_update().filter(pk=stream.pk, durable_seq__gte=batch.seq).exists():
                return
            batch.volumes.all().delete()
            Outbox.objects.filter(batch=batch).update(payload="", sent_payload=None)
            Batch.objects.filter(pk=batch.pk).update(purged=True, file_path="")
        purged.batches += 1


def _received(stream: Stream, purged: Purged) -> None:
    """The sender's backup counts too: what it loses, it gets back out of these files."""
    covered = InboxBatch.objects.filter(stream=stream, state=InboxBatch.State.APPLIED).exclude(file_path="")
    for batch in covered.filter(seq__lte=min(stream.durable_seq, stream.backed_up_seq)).order_by("seq"):
        volumes = InboxVolume.objects.filter(epoch=stream.epoch, seq=batch.seq)
        names = {batch.file_path, *volumes.values_list("file_path", flat=True)}
        purged.archived += sum(_remove(name) for name in names)
        volumes.delete()
        batch.file_path = ""
        batch.save(update_fields=["file_path"])


def _remove(file_path: str) -> int:
    """Remove a file of ours; one that was written to a carried disk is the carrier's."""
    path = Path(file_path)
    if not path.is_relative_to(Path(settings.HALL_BATCH_DIR).resolve()) or not path.is_file():
        return 0
    path.unlink()
    return 1
