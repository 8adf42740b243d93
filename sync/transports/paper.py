"""A receipt as one line on paper, and as a QR code, for lines on which nothing can go back.

The two sites share no secret, and half a signature proves nothing. So both derive the same key from their enrolled
encryption keys, each with its own private half, and the line carries 80 bits of an HMAC under it.
"""

import hashlib
import hmac
import struct
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from sync import courier_state, peers, receipts, status
from sync.models import Batch, Receipt, Stream
from sync.reasons import CannotProceed
from sync.transports import paper_code

CONTEXT = b"ZWFW-sync-paper-v1\0"
VERSION = 1
MAC = 10
_FIELDS = struct.Struct(">B4s5s4s6s")  # version, start of the stream, seq, receipt number, start of the chain
LENGTH = _FIELDS.size + MAC


class NothingReceived(CannotProceed):
    """There is nothing to acknowledge yet."""


class NotProven(CannotProceed):
    """The line acknowledges nothing here; the text says why."""


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


def write() -> Paper:
    """Our newest receipt as a line; NothingReceived before the first batch."""
    stream = status.current(Stream.Direction.IN)
    newest = Receipt.objects.filter(stream=stream).order_by("-number").first() if stream else None
    if stream is None or newest is None:
        raise NothingReceived("还没有收到过对端的批次，没有可以打印的回执。")
    seq, chain = int(newest.body["applied_seq"]), str(newest.body["chain"])
    fields = _FIELDS.pack(
        VERSION, stream.epoch.bytes[:4], seq.to_bytes(5), newest.number.to_bytes(4), bytes.fromhex(chain)[:6]
    )
    mac = _mac(fields, stream.epoch, writer=settings.HALL_SIDE)
    return Paper(paper_code.to_line(fields + mac), str(stream.epoch), seq, newest.number, chain)


def enter(line: str) -> Acknowledged:
    """Take the peer's line. It proves that the peer has applied our batches up to its number, and no more than that.

    Mistyped for a typing error, NotProven for a line that is forged, for another site, or of an unknown stream. A line
    that is genuine but speaks of a history we do not have freezes the outgoing stream, as any such receipt does.
    """
    data = paper_code.from_line(line, LENGTH)
    fields, mac = data[:-MAC], data[-MAC:]
    version, start, seq, number, chain = _FIELDS.unpack(fields)
    if version != VERSION:
        raise NotProven("回执的格式版本不同，请核对双方软件版本。")
    with transaction.atomic():
        stream = _stream(start, fields, mac)
        return _acknowledge(stream, int.from_bytes(seq), int.from_bytes(number), chain)


def _stream(start: bytes, fields: bytes, mac: bytes) -> Stream:
    for stream in Stream.objects.select_for_update().filter(direction=Stream.Direction.OUT):
        expected = _mac(fields, stream.epoch, writer=settings.HALL_PEER_SIDE)
        if stream.epoch.bytes[:4] == start and hmac.compare_digest(expected, mac):
            return stream
    raise NotProven("回执没有通过验证：不是对端为本站点出具的，或双方登记的密钥不一致。没有确认任何批次。")


def _acknowledge(stream: Stream, seq: int, number: int, chain: bytes) -> Acknowledged:
    batch = Batch.objects.filter(stream=stream, seq=seq).first()
    known = seq == 0 or (batch is not None and bytes.fromhex(batch.chain_after)[: len(chain)] == chain)
    rseq = batch.rseq_last if batch else 0
    if number <= stream.receipt_no:
        return Acknowledged(seq, rseq, news=False)
    stream.receipt_no = number
    if known:
        receipts.acknowledge(stream, seq, rseq)
    else:
        receipts.freeze(stream, seq)
    courier_state.heard()
    return Acknowledged(seq, rseq, news=known, frozen=not known)


def _mac(fields: bytes, stream: UUID, *, writer: str) -> bytes:
    keys, peer = peers.site_keys(), peers.peer_card()
    pair = {keys.card.side: keys.card.seal, peer.side: peer.seal}
    reader = next(side for side in pair if side != writer)
    info = CONTEXT + b"\0".join(
        [writer.encode(), reader.encode(), bytes.fromhex(pair[writer]) + bytes.fromhex(pair[reader])]
    )
    key = keys.agree(bytes.fromhex(peer.seal), info)
    return hmac.digest(key, CONTEXT + stream.bytes + fields, hashlib.sha256)[:MAC]
