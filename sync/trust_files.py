"""Trust files: written where the root key is plugged in, read where it was enrolled."""

import hashlib

from sync import envelope, manifest, notes, suites
from sync.reasons import Refused
from sync.root_key import RootKey
from sync.trust import Trust

CONTEXT = b"ZWFW-sync-trust-v1\0"
LARGEST = 128 * 1024


def pack(trust: Trust, root: RootKey) -> bytes:
    """The bytes of a trust file."""
    return notes.pack(CONTEXT, trust, root)


def read(data: bytes, root: str, suite: str) -> Trust:
    """The trust file in these bytes, signed by the ``root`` that was enrolled; Refused otherwise.

    Nothing is parsed before it is verified.
    """
    signature, body = notes.split(data, LARGEST)
    public = bytes.fromhex(root)
    if signature[: envelope.KEY_ID] != envelope.key_id(public):
        raise Refused("wrong_root", f"密钥 {signature[: envelope.KEY_ID].hex()}")
    try:
        suites.verify(suite, public, signature, CONTEXT, body)
    except envelope.BadSignature as error:
        raise Refused("bad_signature") from error
    return manifest.read(Trust, body)


def digest(trust: Trust) -> str:
    """Name of what a trust file says, whoever has written it down how often."""
    return hashlib.sha256(manifest.to_bytes(trust)).hexdigest()
