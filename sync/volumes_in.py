"""Volumes that came without the others of their batch: kept, counted, and put together when the last one is here."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from sync import durable
from sync.batch_file import BatchFile
from sync.models import InboxBatch, InboxVolume, Stream

TO_THE_END = 0
WAITING = "/parked/"


@dataclass(frozen=True, slots=True)
class Place:
    """A batch by its place: the stream's number and its own."""

    epoch: UUID
    seq: int

    @classmethod
    def of(cls, file: BatchFile) -> "Place":
        """Where this volume belongs."""
        return cls(UUID(file.volume.stream), file.volume.seq)


def keep(file: BatchFile, working: Path) -> Path:
    """Move a verified volume among those that wait; where it is now. The same one twice is kept once."""
    volume, place = file.volume, Place.of(file)
    name = f"{volume.stream[:8]}-{volume.seq:010d}-{volume.vol:04d}-{file.volume_hash[:8]}.zip"
    target = Path(settings.HALL_BATCH_DIR) / "parked" / name
    durable.move(working, target)  # before the row: a file without a row is only found again when it is sent again
    InboxVolume.objects.update_or_create(
        epoch=place.epoch,
        seq=place.seq,
        vol=volume.vol,
        volume_hash=file.volume_hash,
        defaults={"last": volume.last, "file_path": str(target)},
    )
    return target


def rows(place: Place) -> list[InboxVolume]:
    """The volumes of a batch that are here, by number; a row whose file is gone from the disk is forgotten."""
    found = []
    for row in InboxVolume.objects.filter(epoch=place.epoch, seq=place.seq).order_by("vol", "id"):
        if Path(row.file_path).is_file():
            found.append(row)
        else:
            row.delete()
    return found


def chosen(hashes: list[str], here: list[InboxVolume]) -> list[InboxVolume] | None:
    """The rows of exactly these volumes in their order; None as long as one is missing."""
    by_hash = {row.volume_hash: row for row in here}
    return [by_hash[one] for one in hashes] if all(one in by_hash for one in hashes) else None


def archive(place: Place) -> None:
    """Move every volume of an applied batch, other revisions too, to the archive: nothing received is deleted."""
    for row in rows(place):
        target = Path(settings.HALL_BATCH_DIR) / "archive" / Path(row.file_path).name
        if Path(row.file_path) != target:
            durable.move(Path(row.file_path), target)
            row.file_path = str(target)
            row.save(update_fields=["file_path"])


def archive_passed() -> None:
    """Put away what a run that was killed after its commit has left among those that wait."""
    stream = Stream.objects.filter(direction=Stream.Direction.IN, current=True).first()
    if stream is None:
        return
    waiting = InboxVolume.objects.filter(epoch=stream.epoch, seq__lte=stream.seq, file_path__contains=WAITING)
    for seq in set(waiting.values_list("seq", flat=True)):
        archive(Place(stream.epoch, seq))


def unfinished(epoch: UUID, after: int) -> dict[int, list[list[int]]]:
    """For each batch above ``after`` of which some volumes wait: the ranges ``[first, last]`` that are missing.

    ``last`` is 0 (to the end) as long as the last volume is not here. When the revisions here do not fit together, all
    volumes are wanted.
    """
    rows = InboxVolume.objects.filter(epoch=epoch, seq__gt=after)
    return {place.seq: _gaps(here) for place, here in _by_place(rows).items()}


def unfinished_everywhere() -> dict[Place, list[list[int]]]:
    """The same for the batches of every epoch, also of a stream of which nothing was applied yet."""
    complete = set(
        InboxBatch.objects.filter(state=InboxBatch.State.PARKED).values_list("stream__epoch", "seq").distinct()
    )
    waiting = _by_place(InboxVolume.objects.filter(file_path__contains=WAITING))
    return {place: _gaps(here) for place, here in waiting.items() if (place.epoch, place.seq) not in complete}


def held(most: int) -> list[str]:
    """The hashes of volumes that wait for others of their batch, at most so many."""
    rows = InboxVolume.objects.filter(file_path__contains=WAITING).order_by("id")
    return [row.volume_hash for row in rows[:most] if Path(row.file_path).is_file()]


def _by_place(rows: QuerySet[InboxVolume]) -> dict[Place, list[InboxVolume]]:
    found: dict[Place, list[InboxVolume]] = {}
    for row in rows.order_by("epoch", "seq", "vol"):
        found.setdefault(Place(row.epoch, row.seq), []).append(row)
    return found


def _gaps(here: list[InboxVolume]) -> list[list[int]]:
    have = {row.vol for row in here}
    end = max((row.vol for row in here if row.last), default=None)
    gaps, expected = [], 1
    for vol in sorted(have):
        if vol > expected:
            gaps.append([expected, vol - 1])
        expected = vol + 1
    if end is None:
        gaps.append([expected, TO_THE_END])
    return gaps or [[1, TO_THE_END]]
