"""What must be true of a site whenever it is at rest, whatever happened before."""

from pathlib import Path
from typing import Any

from django.conf import settings

from sync import blobs, intake
from sync.models import Batch, InboxBatch, InboxRecord, Outbox, Quarantine, Stream
from tests.sync.ledger.models import Entry


def of_site() -> dict[str, Any]:
    """The heads of both directions, the numbers of the ledger, and ``faults``: everything that is not as it must be."""
    return {
        "heads": {
            stream.direction: [str(stream.epoch), stream.seq, stream.rseq, stream.chain] for stream in _current()
        },
        "numbers": list(Entry.objects.filter(own=False).order_by("id").values_list("number", flat=True)),
        "waiting": Outbox.objects.filter(batch=None).count() + Batch.objects.filter(state=Batch.State.SEALED).count(),
        "refused": list(Quarantine.objects.order_by("id").values_list("code", flat=True)),
        "faults": [*_files_in("inbox"), *_not_kept(), *_misplaced(), *_log(), *_damaged_blobs(), *_parts()],
    }


def _current() -> list[Stream]:
    return list(Stream.objects.filter(current=True))


def _files_in(name: str) -> list[str]:
    folder = intake.folder(name)
    return [f"left in {name}: {path.name}" for path in folder.glob("*")] if folder.is_dir() else []


def _not_kept() -> list[str]:
    """Nothing received is deleted: each batch has its file."""
    kept = [(row.seq, Path(row.file_path)) for row in InboxBatch.objects.order_by("seq")]
    return [f"batch {seq} has no file {path}" for seq, path in kept if not path.is_file()]


def _misplaced() -> list[str]:
    parked = set(InboxBatch.objects.filter(state=InboxBatch.State.PARKED).values_list("file_path", flat=True))
    folder = intake.folder("parked")
    return [f"nobody waits for {path.name}" for path in folder.glob("*.zip") if str(path) not in parked]


def _log() -> list[str]:
    """The log of records has no holes and no doubles, and ends at the cursor."""
    found = []
    for stream in Stream.objects.filter(direction=Stream.Direction.IN):
        numbers = list(InboxRecord.objects.filter(stream=stream).order_by("rseq").values_list("rseq", flat=True))
        if numbers != list(range(1, stream.rseq + 1)):
            found.append(f"log {numbers[:3]}…{numbers[-3:]}, cursor {stream.rseq}")
    for stream in Stream.objects.filter(direction=Stream.Direction.OUT):
        numbers = list(Batch.objects.filter(stream=stream).order_by("seq").values_list("seq", flat=True))
        if numbers != list(range(1, stream.seq + 1)):
            found.append(f"batches {numbers}, head {stream.seq}")
    return found


def _damaged_blobs() -> list[str]:
    names = {name for row in Entry.objects.exclude(blobs=[]) for name in row.blobs}
    return [f"blob {name} is missing or damaged" for name in sorted(names) if not _whole(name)]


def _whole(name: str) -> bool:
    try:
        with blobs.open(name) as handle:
            return blobs.put(handle) == name
    except FileNotFoundError:
        return False


def _parts() -> list[str]:
    """A killed run may leave part files only until the next one."""
    home = Path(settings.HALL_DATA_DIR)
    return [f"left over: {path.relative_to(home)}" for path in home.rglob("*.part")]
