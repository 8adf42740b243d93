"""What proves a printed line: 80 bits of an HMAC, which are quick to type, or a whole signature, which every key can make.

The two sites share no secret, and half a signature proves nothing. So both derive the same key from their enrolled
encryption keys, each with its own private half. Only X25519 keys that a file holds can do that; a site with other
suites or with its keys in hardware signs the line, which makes it almost three times as long.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from sync import envelope, peers, suites
from sync.reasons import CannotProceed

DERIVED_CONTEXT, SIGNED_CONTEXT = b"ZWFW-sync-paper-v1\0", b"ZWFW-sync-paper-v2\0"
DERIVED, SIGNED = 1, 2  # the first byte
MAC, SIGNATURE = 10, 64
_DERIVED = struct.Struct(">B4s5s4s6s")  # version, start of the stream, seq, receipt number, start of the chain
# Without the start of the stream: the signature covers all of it, and so the groups are 32, each with a check of its own.
_SIGNED = struct.Struct(">B5s4s6s")
LENGTHS = (_DERIVED.size + MAC, _SIGNED.size + SIGNATURE)


class NotProven(CannotProceed):
    """The line acknowledges nothing here; the text says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says: the peer has applied this stream up to ``seq``, where the chain begins with these six bytes."""

    stream: UUID
    seq: int
    number: int
    chain: bytes


def derived(said: Said) -> bytes:
    """The bytes of a line with an HMAC, for the peer; keys.NoAgreement when our encryption key cannot derive one."""
    fields = _DERIVED.pack(DERIVED, said.stream.bytes[:4], said.seq.to_bytes(5), said.number.to_bytes(4), said.chain)
    return fields + _mac(fields, said.stream, writer=settings.HALL_SIDE)


def signed(said: Said) -> bytes:
    """The bytes of a line with our signature."""
    fields = _SIGNED.pack(SIGNED, said.seq.to_bytes(5), said.number.to_bytes(4), said.chain)
    return fields + peers.site_keys().sign(SIGNED_CONTEXT, said.stream.bytes + fields)[envelope.KEY_ID :]


def said_by(data: bytes, streams: Iterable[UUID]) -> Said:
    """What the peer's line says of one of our streams. NotProven when it is forged, for another site or of an unknown
    stream; keys.NoAgreement when it can be proven only by a key that this site cannot derive."""
    read = {(LENGTHS[0], DERIVED): _read_derived, (LENGTHS[1], SIGNED): _read_signed}.get((len(data), data[0]))
    if read is None:
        raise NotProven("回执的格式版本不同，请核对双方软件版本。")
    for stream in streams:
        said = read(data, stream)
        if said:
            return said
    raise NotProven("回执没有通过验证：不是对端为本站点出具的，或双方登记的密钥不一致。没有确认任何批次。")


def _read_derived(data: bytes, stream: UUID) -> Said | None:
    fields, mac = data[:-MAC], data[-MAC:]
    if not hmac.compare_digest(_mac(fields, stream, writer=settings.HALL_PEER_SIDE), mac):
        return None
    _, _, seq, number, chain = _DERIVED.unpack(fields)
    return Said(stream, int.from_bytes(seq), int.from_bytes(number), chain)


def _read_signed(data: bytes, stream: UUID) -> Said | None:
    fields, signature = data[:-SIGNATURE], data[-SIGNATURE:]
    card = peers.peer_card()
    named = bytes.fromhex(card.sign_id) + signature
    try:
        suites.verify(card.suite, bytes.fromhex(card.sign), named, SIGNED_CONTEXT, stream.bytes + fields)
    except envelope.BadSignature:
        return None
    _, seq, number, chain = _SIGNED.unpack(fields)
    return Said(stream, int.from_bytes(seq), int.from_bytes(number), chain)


def _mac(fields: bytes, stream: UUID, *, writer: str) -> bytes:
    keys, peer = peers.site_keys(), peers.peer_card()
    pair = {keys.card.side: keys.card.seal, peer.side: peer.seal}
    reader = next(side for side in pair if side != writer)
    info = DERIVED_CONTEXT + b"\0".join(
        [writer.encode(), reader.encode(), bytes.fromhex(pair[writer]) + bytes.fromhex(pair[reader])]
    )
    key = keys.agree(bytes.fromhex(peer.seal), info)
    return hmac.digest(key, DERIVED_CONTEXT + stream.bytes + fields, hashlib.sha256)[:MAC]
