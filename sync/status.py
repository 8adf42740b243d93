"""Where both directions stand. Two sides are level when one's outgoing and the other's incoming heads agree."""

from dataclasses import asdict, dataclass

from sync.models import InboxBatch, InboxRecord, Outbox, Quarantine, Stream


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What was sent. ``waiting`` facts are not sealed yet; ``acknowledged`` is the last batch the peer has applied,
    ``durable`` the last one that a verified backup of the peer holds."""

    stream: str | None
    seq: int
    rseq: int
    chain: str
    waiting: int
    acknowledged: int
    durable: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """What was received. ``parked`` counts batches and records not applied yet, ``quarantined`` refused files, ``durable``
    is the last batch that our own verified backup holds."""

    stream: str | None
    seq: int
    rseq: int
    chain: str
    parked: int
    quarantined: int
    durable: int
    epoch: int


def outgoing() -> Outgoing:
    """The outgoing head; stream None before the first batch."""
    stream = current(Stream.Direction.OUT)
    waiting = Outbox.objects.filter(batch=None).count()
    if stream is None:
        return Outgoing(None, 0, 0, "", waiting, acknowledged=0, durable=0, epoch=0)
    return Outgoing(
        str(stream.epoch),
        stream.seq,
        stream.rseq,
        stream.chain,
        waiting=waiting,
        acknowledged=stream.acknowledged_seq,
        durable=stream.durable_seq,
        epoch=stream.number,
    )


def incoming() -> Incoming:
    """The incoming head; stream None before the first batch."""
    stream = current(Stream.Direction.IN)
    quarantined = Quarantine.objects.count()
    if stream is None:
        return Incoming(None, 0, 0, "", parked=0, quarantined=quarantined, durable=0, epoch=0)
    batches = InboxBatch.objects.filter(stream=stream, state=InboxBatch.State.PARKED).count()
    records = InboxRecord.objects.blocking().count()
    return Incoming(
        str(stream.epoch),
        stream.seq,
        stream.rseq,
        stream.chain,
        parked=batches + records,
        quarantined=quarantined,
        durable=stream.durable_seq,
        epoch=stream.number,
    )


def as_json() -> dict[str, dict[str, object]]:
    """Both heads as plain data."""
    return {"outgoing": asdict(outgoing()), "incoming": asdict(incoming())}


def current(direction: str) -> Stream | None:
    """The stream in use in this direction."""
    return Stream.objects.filter(direction=direction, current=True).first()
