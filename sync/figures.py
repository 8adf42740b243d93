"""How far everything is, in numbers: for the operator's page, as JSON and for Prometheus. Read only; decides nothing."""

import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import timezone

from sync import key_ages
from sync.models import (
    Batch,
    DeadLetter,
    InboxBatch,
    InboxRecord,
    InboxVolume,
    Outbox,
    Quarantine,
    Receipt,
    SentVolume,
    Stream,
)
from sync.status import current


@dataclass(frozen=True, slots=True)
class Sent:
    """The outgoing stream, station by station; each number is a batch, times are aware."""

    waiting: int  # facts without a batch
    waiting_since: datetime | None
    sealed: int
    offered: int  # put where they are carried away
    applied: int  # by the peer, as its receipts say
    durable: int  # in a verified backup of the peer
    unconfirmed: int  # batches with records that the peer has not said it applied
    unconfirmed_records: int
    unconfirmed_since: datetime | None
    frozen: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """The incoming stream, station by station."""

    received: int  # the highest batch of which anything is here
    applied: int
    durable: int  # in a verified backup of this side
    parked: int  # batches that wait for something
    partial: int  # volumes that wait for the others of their batch
    behind_dead: int  # records that wait behind one that cannot be applied
    dead: int
    heard_at: datetime | None  # the last time anything of the peer came
    frozen: str


@dataclass(frozen=True, slots=True)
class Disk:
    """Room on a disk, in bytes."""

    path: str
    free: int
    total: int

    @property
    def is_low(self) -> bool:
        """Whether the next large batch may not fit: under 5 % or under 2 GiB."""
        return self.free < max(self.total // 20, 2 * 1024**3)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything, at one moment."""

    at: datetime
    sent: Sent
    arrived: Arrived
    refused: dict[str, int]  # files in quarantine by reason
    key_days: dict[str, int]  # age of each of this side's present keys, in days
    disks: list[Disk]

    def as_json(self) -> dict[str, Any]:
        """Plain data; times as ISO 8601. None lie in a list."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def read() -> Figures:
    """The figures now."""
    return Figures(
        at=timezone.now(),
        sent=_sent(),
        arrived=_arrived(),
        refused=dict(Quarantine.objects.order_by("code").values_list("code").annotate(Count("pk"))),
        key_days=key_ages.days(),
        disks=_disks(),
    )


def _sent() -> Sent:
    waiting = Outbox.objects.filter(batch=None).aggregate(number=Count("pk"), since=Min("occurred_at"))
    stream = current(Stream.Direction.OUT)
    if stream is None:
        return Sent(waiting["number"], waiting["since"], 0, 0, 0, 0, 0, 0, None, "")
    batches = Batch.objects.filter(stream=stream)
    due = SentVolume.objects.filter(batch__stream=stream, due=True).aggregate(first=Min("batch__seq"))["first"]
    unmade = batches.filter(state=Batch.State.SEALED).aggregate(first=Min("seq"))["first"]
    held = min((one for one in (due, unmade) if one), default=stream.seq + 1)
    open_ones = [one for one in batches.exclude(state=Batch.State.ACKNOWLEDGED) if one.records]
    return Sent(
        waiting=waiting["number"],
        waiting_since=waiting["since"],
        sealed=stream.seq,
        offered=max(held - 1, stream.acknowledged_seq),
        applied=stream.acknowledged_seq,
        durable=stream.durable_seq,
        unconfirmed=len(open_ones),
        unconfirmed_records=sum(one.records for one in open_ones),
        unconfirmed_since=min((one.sealed_at for one in open_ones), default=None),
        frozen=stream.frozen,
    )


def _arrived() -> Arrived:
    stream = current(Stream.Direction.IN)
    if stream is None:
        return Arrived(0, 0, 0, 0, InboxVolume.objects.count(), 0, 0, None, "")
    batches = InboxBatch.objects.filter(stream=stream)
    partial = InboxVolume.objects.filter(epoch=stream.epoch, seq__gt=stream.seq)
    highest = (batches.aggregate(top=Max("seq"))["top"], partial.aggregate(top=Max("seq"))["top"], stream.seq)
    heard = (batches.aggregate(at=Max("received_at"))["at"], partial.aggregate(at=Max("received_at"))["at"])
    blocked = InboxRecord.objects.blocking()
    return Arrived(
        received=max(one for one in highest if one is not None),
        applied=stream.seq,
        durable=stream.durable_seq,
        parked=batches.filter(state=InboxBatch.State.PARKED).count(),
        partial=partial.count(),
        behind_dead=blocked.filter(state=InboxRecord.State.PARKED).count(),
        dead=DeadLetter.objects.filter(open=True).count(),
        heard_at=max((one for one in heard if one is not None), default=None),
        frozen=stream.frozen,
    )


def _disks() -> list[Disk]:
    """The disks of the batches, the received files and the database; one line where they are the same."""
    found: dict[int, Disk] = {}
    for wanted in (Path(settings.HALL_BATCH_DIR), Path(settings.HALL_DATA_DIR)):
        path = next(one for one in (wanted, *wanted.parents) if one.exists())
        usage = shutil.disk_usage(path)
        found.setdefault(path.stat().st_dev, Disk(str(wanted), usage.free, usage.total))
    return list(found.values())


def last_receipt() -> Receipt | None:
    """The newest receipt of the peer for what this side sends."""
    return Receipt.objects.filter(stream=current(Stream.Direction.OUT)).order_by("-number").first()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value
