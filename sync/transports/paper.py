"""A receipt as one line on paper, and as a QR code, for lines on which nothing can go back."""

from dataclasses import dataclass

from django.db import transaction

from sync import courier_state, receipts
from sync.keys import NoAgreement
from sync.models import Batch, Receipt, Stream
from sync.reasons import CannotProceed
from sync.transports import paper_code, paper_proof
from sync.transports.paper_proof import Said


class NothingReceived(CannotProceed):
    """There is nothing to acknowledge yet."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A line and what it says, for printing it."""

    line: str
    stream: str
    seq: int
    number: int
    chain: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a line has proven."""

    seq: int
    rseq: int
    news: bool
    frozen: bool = False


def write(*, signed: bool = False) -> Paper:
    """Our newest receipt as a line, the long one when that is asked for or our keys can make no other; NothingReceived
    before the first batch."""
    given = Receipt.objects.filter(stream__direction=Stream.Direction.IN, stream__current=True)
    newest = given.select_related("stream").order_by("-number").first()
    if newest is None:
        raise NothingReceived("还没有收到过对端的批次，没有可以打印的回执。")
    seq, chain = int(newest.body["applied_seq"]), str(newest.body["chain"])
    said = Said(newest.stream.epoch, seq, newest.number, bytes.fromhex(chain)[:6])
    line = paper_code.to_line(paper_proof.signed(said) if signed else _shortest(said))
    return Paper(line, str(said.stream), seq, newest.number, chain)


def _shortest(said: Said) -> bytes:
    try:
        return paper_proof.derived(said)
    except NoAgreement:
        return paper_proof.signed(said)


def enter(line: str) -> Acknowledged:
    """Take the peer's line. It proves that the peer has applied our batches up to its number, and no more than that.

    Mistyped for a typing error, NotProven for a line that is forged, for another site, or of an unknown stream. A line
    that is genuine but speaks of a history we do not have freezes the outgoing stream, as any such receipt does.
    """
    data = paper_code.from_line(line, paper_proof.LENGTHS)
    with transaction.atomic():
        ours = {one.epoch: one for one in Stream.objects.select_for_update().filter(direction=Stream.Direction.OUT)}
        said = paper_proof.said_by(data, ours)
        return _acknowledge(ours[said.stream], said)


def _acknowledge(stream: Stream, said: Said) -> Acknowledged:
    batch = Batch.objects.filter(stream=stream, seq=said.seq).first()
    known = said.seq == 0 or (batch is not None and bytes.fromhex(batch.chain_after)[: len(said.chain)] == said.chain)
    rseq = batch.rseq_last if batch else 0
    if said.number <= stream.receipt_no:
        return Acknowledged(said.seq, rseq, news=False)
    stream.receipt_no = said.number
    if known:
        receipts.acknowledge(stream, said.seq, rseq)
    else:
        receipts.freeze(stream, said.seq)
    courier_state.heard()
    return Acknowledged(said.seq, rseq, news=known, frozen=not known)
