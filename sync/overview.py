"""What the operator's page shows, read in a handful of queries."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sync import alerts, figures, key_ages, keys, lag, new_epochs, peers, receipts, status
from sync.forms import DismissForm
from sync.models import (
    Batch,
    DeadLetter,
    Halt,
    InboxBatch,
    InboxRecord,
    Outbox,
    Peer,
    Quarantine,
    Rejection,
    Stream,
)
from sync.reasons import CannotProceed

ROWS = 20
LETTERS = 10
_NAMES = {"outer": _lazy("外网"), "inner": _lazy("内网")}


@dataclass(slots=True)
class Overview:
    """Everything on the page."""

    figures: figures.Figures
    outgoing: status.Outgoing
    incoming: status.Incoming
    keys_problem: str
    own: keys.Card | None
    peer: Peer | None
    keys: key_ages.Shown
    frozen: list[str]
    alerts: list[alerts.Alert]
    halts: list[Halt]
    rejections: list[Rejection]
    waiting: list[Outbox]
    batches: Page
    received: list[InboxBatch]
    missing: list[str]
    letters: list["Letter"]
    letters_total: int
    quarantine: list[Quarantine]
    epoch_waits: bool

    @property
    def own_name(self) -> str:
        """This side, in words."""
        return str(_NAMES[settings.HALL_SIDE])

    @property
    def peer_name(self) -> str:
        """The other side, in words."""
        return str(_NAMES[settings.HALL_PEER_SIDE])

    @property
    def to_carry(self) -> bool:
        """Whether the list of sent batches is opened: a file may have to be carried, or an older page is looked at."""
        return self.batches.number > 1 or any(batch.state != Batch.State.ACKNOWLEDGED for batch in self.batches)

    @property
    def parked(self) -> bool:
        """Whether a received batch waits, perhaps for a person."""
        return any(batch.state != InboxBatch.State.APPLIED for batch in self.received)

    @property
    def out_words(self) -> list[str]:
        """How far the peer is behind what this side sends."""
        return lag.outgoing(self.figures)

    @property
    def in_words(self) -> list[str]:
        """How far this side is with what came."""
        return lag.incoming(self.figures)

    @property
    def out_stations(self) -> list[lag.Station]:
        """The picture of the outgoing stream."""
        return lag.out_stations(self.figures.sent)

    @property
    def in_stations(self) -> list[lag.Station]:
        """The picture of the incoming stream."""
        return lag.in_stations(self.figures.arrived)

    @property
    def sent_note(self) -> str:
        """How much was sent, under the number of acknowledged batches."""
        return _("共送出 %(n)d 批") % {"n": self.outgoing.seq}

    @property
    def received_note(self) -> str:
        """What has arrived without being applied."""
        return _("另有 %(n)d 项在等待") % {"n": self.incoming.parked} if self.incoming.parked else ""


@dataclass(slots=True)
class Letter:
    """A dead letter, how many records wait behind it, and the form to give it up."""

    row: DeadLetter
    behind: int
    form: DismissForm = field(default_factory=DismissForm)


def read(page: str | None = None) -> Overview:
    """The present state of both directions; ``page`` of the list of sent batches."""
    own, problem = _own_card()
    peer = Peer.objects.filter(side=settings.HALL_PEER_SIDE).first()
    streams = list(Stream.objects.filter(current=True))
    incoming = next((stream for stream in streams if stream.direction == Stream.Direction.IN), None)
    numbers, change = figures.read(), new_epochs.waiting()
    return Overview(
        figures=numbers,
        outgoing=status.outgoing(),
        incoming=status.incoming(),
        keys_problem=problem,
        own=own,
        peer=peer,
        keys=key_ages.read(peer),
        frozen=[stream.frozen for stream in streams if stream.frozen],
        alerts=alerts.now(change, streams),
        halts=list(Halt.objects.filter(open=True).order_by("id")[:LETTERS]),
        rejections=list(Rejection.objects.order_by("-id")[:ROWS]),
        waiting=list(Outbox.objects.filter(batch=None).defer("payload").order_by("id")[:ROWS]),
        batches=_sent(page),
        received=list(InboxBatch.objects.filter(stream=incoming).order_by("-seq")[:ROWS]) if incoming else [],
        missing=[_range(first, last) for first, last in receipts.missing(incoming)] if incoming else [],
        letters=_letters(),
        letters_total=numbers.arrived.dead,
        quarantine=list(Quarantine.objects.order_by("-id")[:ROWS]),
        epoch_waits=change is not None,
    )


def _own_card() -> tuple[keys.Card | None, str]:
    try:
        return peers.site_keys().card, ""
    except CannotProceed as error:
        return None, str(error)


def _sent(page: str | None) -> Page:
    sent = Batch.objects.filter(stream__direction=Stream.Direction.OUT, stream__current=True).prefetch_related(
        "volumes"
    )
    return Paginator(sent.order_by("-seq"), ROWS).get_page(page)


def _letters() -> list[Letter]:
    rows = (
        DeadLetter.objects.filter(open=True)
        .select_related("record__stream")
        .defer("record__line")
        .order_by("id")[:LETTERS]
    )
    return [Letter(row, _behind(row.record)) for row in rows]


def _behind(record: InboxRecord) -> int:
    parked = InboxRecord.objects.blocking().filter(key=record.key, state=InboxRecord.State.PARKED)
    return parked.count()


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
