"""A receipt as a small file of its own, for ways on which a whole batch cannot go back."""

from django.conf import settings
from django.db import transaction

from sync import courier_state, manifest, notes, peers, receipts, status
from sync.models import Receipt, Stream
from sync.reasons import Refused

CONTEXT = b"ZWFW-sync-receipt-v1\0"


def newest() -> tuple[str, int, bytes] | None:
    """(file name, receipt number, bytes) of our newest receipt; None before anything was received."""
    incoming = status.current(Stream.Direction.IN)
    row = Receipt.objects.filter(stream=incoming).order_by("-number").first() if incoming else None
    if row is None:
        return None
    note = manifest.ReceiptNote(
        format="zwfw-sync-receipt/1",
        sender=settings.HALL_SIDE,
        recipient=settings.HALL_PEER_SIDE,
        receipt=manifest.ReceiptBody.model_validate(row.body),
        head=own_head(),
    )
    name = f"{note.sender[:5]}2{note.recipient[:5]}-receipt-{note.receipt.stream[:8]}-{row.number:010d}.txt"
    return name, row.number, notes.pack(CONTEXT, note, peers.site_keys())


def own_head() -> manifest.StreamHead | None:
    """How far this side has sealed."""
    head = status.outgoing()
    if head.stream is None:
        return None
    return manifest.StreamHead(stream=head.stream, seq=head.seq, rseq=head.rseq, chain=head.chain)


def take(data: bytes) -> manifest.ReceiptNote:
    """Verify a receipt file and let it acknowledge what it says; Refused otherwise. Repeats change nothing."""
    own = peers.site_keys().card
    note = notes.read(CONTEXT, manifest.ReceiptNote, data, peers.peer_card(), own)
    if (note.sender, note.recipient) != (settings.HALL_PEER_SIDE, own.side):
        raise Refused("wrong_recipient", note.recipient)
    with transaction.atomic():
        incoming = Stream.objects.select_for_update().filter(direction=Stream.Direction.IN, current=True).first()
        receipts.accept(note.receipt, incoming)
    courier_state.heard(note.head)
    return note
