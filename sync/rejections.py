"""Dead letters that an operator gave up travel back: the side that sent the record must know that it never counted."""

from pydantic import BaseModel, ConfigDict, ValidationError

from sync import outbox
from sync.manifest import Number, StreamId, Topic
from sync.models import Batch, InboxRecord, Outbox, Rejection, Stream
from sync.registry import Fact, Reject, handles

TOPIC = "sync.record_rejected"  # reserved: topics that begin with "sync." belong to the exchange itself


class RecordRejected(BaseModel):
    """The payload."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    stream: StreamId
    rseq: Number
    topic: Topic
    key: str
    reason: str


def tell(record: InboxRecord, reason: str) -> None:
    """Tell the peer that its record was given up, in the caller's transaction. Of a rejection itself nobody is told."""
    if record.topic == TOPIC:
        return
    stream = str(record.stream.epoch)
    said = RecordRejected(stream=stream, rseq=record.rseq, topic=record.topic, key=record.key, reason=reason)
    # A key of its own: one that cannot be applied over there must hold up neither a case nor other rejections.
    outbox.record(TOPIC, f"sync.record:{stream}:{record.rseq}", said.model_dump())


@handles(TOPIC)
def arrived(fact: Fact) -> None:
    """The peer gave up one of our records. Kept; nothing of the case changes by itself: a person must look."""
    try:
        said = RecordRejected.model_validate(dict(fact.payload))
    except ValidationError as error:
        raise Reject("对端的退回说明不符合格式。") from error
    batch = _sent_with(said)
    if batch is None:
        raise Reject(f"对端退回的第 {said.rseq} 条记录不是本端发出的。")
    Rejection.objects.update_or_create(
        stream=batch.stream,
        rseq=said.rseq,
        defaults={
            "topic": said.topic,
            "key": said.key,
            "reason": said.reason[:1000],
            "rejected_at": fact.occurred_at,
        },
    )


def listed(key: str = "") -> list[Rejection]:
    """What the peer gave up of ours, the newest first; of one aggregate only, when its ``key`` is given."""
    found = Rejection.objects.order_by("-id")
    return list(found.filter(key=key) if key else found)


def _sent_with(said: RecordRejected) -> Batch | None:
    """The batch in which this side sent the very record that is named."""
    ours = Batch.objects.filter(stream__direction=Stream.Direction.OUT, stream__epoch=said.stream)
    holding = ours.filter(rseq_first__lte=said.rseq, rseq_last__gte=said.rseq).select_related("stream").first()
    named = Outbox.objects.filter(batch=holding, rseq=said.rseq, topic=said.topic, key=said.key)
    return holding if named.exists() else None
