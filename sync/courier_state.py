"""The figures of the courier: written by whoever carries, read by the operator's page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from sync import status
from sync.manifest import StreamHead
from sync.models import CourierState, Stream

_ROW = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """``behind`` batches are known to be sealed by the peer and have not arrived; ``silence`` is an alarm's sentence."""

    sealed_at: datetime | None
    sent_at: datetime | None
    received_at: datetime | None
    opened_at: datetime | None
    failure: str
    failed_at: datetime | None
    failures: int
    silent_since: datetime | None
    behind: int

    @property
    def silence(self) -> str:
        """What the operator reads as long as nothing comes from the peer; empty otherwise."""
        if self.silent_since is None:
            return ""
        if self.received_at is None:
            return "从未收到过对端的任何内容。请检查摆渡通道，并与对端管理员联系。"
        return f"{timezone.localtime(self.received_at):%Y-%m-%d %H:%M} 以后没有收到对端的任何内容。请检查摆渡通道，并与对端管理员联系。"


def figures() -> Figures:
    """The present figures."""
    row = _present()
    return Figures(
        sealed_at=row.sealed_at,
        sent_at=row.sent_at,
        received_at=row.received_at,
        opened_at=row.opened_at,
        failure=row.failure,
        failed_at=row.failed_at,
        failures=row.failures,
        silent_since=row.silent_since,
        behind=_behind(row),
    )


def sealed() -> None:
    """Batches were sealed."""
    _write(sealed_at=timezone.now())


def sent() -> None:
    """A file went out."""
    _write(sent_at=timezone.now())


def heard(head: StreamHead | None = None, *, opened: bool = False) -> None:
    """Something verified came from the peer; ``head`` is how far it says to have sealed."""
    now = timezone.now()
    _write(received=F("received") + 1, received_at=now, silent_since=None)
    if opened:
        _write(opened_at=now)
    if head is not None:
        _write(peer_stream=UUID(head.stream), peer_seq=head.seq)


def received_count() -> int:
    """How often something verified came, for noticing that it did."""
    return _present().received


def failed(sentence: str) -> bool:
    """A round failed; whether this is another failure than the last one."""
    row = _row()
    fresh = row.failures == 0 or row.failure != sentence[:1000]
    _write(failure=sentence[:1000], failed_at=timezone.now(), failures=F("failures") + 1)
    return fresh


def worked() -> None:
    """A round went well; the last failure stays to be read."""
    CourierState.objects.filter(pk=_ROW, failures__gt=0).update(failures=0)


def fell_silent() -> bool:
    """Nothing came for too long; True the first time."""
    _row()
    return bool(CourierState.objects.filter(pk=_ROW, silent_since=None).update(silent_since=timezone.now()))


def next_push_number() -> int:
    """A number for a request to the peer, higher than every one before."""
    _write(push_number=F("push_number") + 1)
    return CourierState.objects.values_list("push_number", flat=True).get(pk=_ROW)


def raise_push_number(floor: int) -> None:
    """The peer has seen numbers up to ``floor`` already: this database was restored from a backup."""
    CourierState.objects.filter(pk=_ROW, push_number__lt=floor).update(push_number=floor)


def see_push_number(number: int) -> bool:
    """Whether the peer's request has a number not seen before; then it is seen."""
    _row()
    return bool(CourierState.objects.filter(pk=_ROW, push_seen__lt=number).update(push_seen=number))


def push_seen() -> int:
    """The highest number of a request of the peer."""
    return _row().push_seen


def _present() -> CourierState:
    """The row, or what it says as long as there is none: reading writes nothing."""
    return CourierState.objects.filter(pk=_ROW).first() or CourierState()


def _row() -> CourierState:
    return CourierState.objects.get_or_create(pk=_ROW)[0]


def _write(**fields: object) -> None:
    _row()
    CourierState.objects.filter(pk=_ROW).update(**fields)


def _behind(row: CourierState) -> int:
    incoming = status.current(Stream.Direction.IN)
    received = incoming.seq if incoming and incoming.epoch == row.peer_stream else 0
    return max(row.peer_seq - received, 0)
