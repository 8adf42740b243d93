"""Small signed texts that travel beside the batches: a line with the signature, a line of canonical JSON."""

import re
from pathlib import Path
from typing import Protocol, TypeVar

from sync import envelope, manifest, suites
from sync.keys import Card
from sync.reasons import Refused

LARGEST = 1024 * 1024
_SIGNATURE_LINE = re.compile(rb"[0-9a-f]{144}\n")
_LINE = 2 * (envelope.KEY_ID + 64) + 1

M = TypeVar("M", bound=manifest.Strict)


class Signer(Protocol):
    """A site with its keys, or a root key."""

    def sign(self, context: bytes, message: bytes) -> bytes:
        """``key id ‖ signature`` over ``context ‖ message``."""


def pack(context: bytes, note: manifest.Strict, keys: Signer) -> bytes:
    """The bytes of a signed note."""
    body = manifest.to_bytes(note)
    return keys.sign(context, body).hex().encode() + b"\n" + body + b"\n"


def read(context: bytes, model: type[M], data: bytes, signer: Card, own: Card | None) -> M:
    """The note in these bytes, from ``signer`` (``own`` is no other's); Refused otherwise. Nothing is parsed before it is verified.

    Only the peer's present key is taken: an older note is replaced by the next one anyway.
    """
    signature, body = split(data)
    claimed = signature[: envelope.KEY_ID].hex()
    if own and claimed == own.sign_id:
        raise Refused("reflected")
    if claimed != signer.sign_id:
        raise Refused("unknown_key", claimed)
    try:
        suites.verify(signer.suite, bytes.fromhex(signer.sign), signature, context, body)
    except envelope.BadSignature as error:
        raise Refused("bad_signature") from error
    return manifest.read(model, body)


def split(data: bytes, largest: int = LARGEST) -> tuple[bytes, bytes]:
    """(signature file, canonical JSON) of a note, neither of them checked yet; Refused when it has not this shape."""
    if len(data) > largest:
        raise Refused("too_large")
    if not _SIGNATURE_LINE.match(data) or not data.endswith(b"\n"):
        raise Refused("bad_note")
    return bytes.fromhex(data[: _LINE - 1].decode()), data[_LINE:-1]


def looks_like_one(path: Path) -> bool:
    """Whether a file begins as a note does."""
    if path.suffix.lower() != ".txt":
        return False
    with path.open("rb") as handle:
        return bool(_SIGNATURE_LINE.match(handle.read(_LINE)))
