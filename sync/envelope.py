"""What all suites share: names of keys, fingerprints, and what is signed. Knows bytes only, and no cipher."""

import hashlib

VOLUME_CONTEXT = b"ZWFW-sync-volume-v1\0"
BATCH_CONTEXT = b"ZWFW-sync-batch-v1\0"
KEY_ID = 8


class BadSignature(Exception):
    """The signature does not belong to these bytes and this key."""


class CannotDecrypt(Exception):
    """Wrong key, or the ciphertext was changed, cut or lengthened."""


def key_id(public: bytes) -> bytes:
    """Eight bytes that name a public key."""
    return hashlib.sha256(public).digest()[:KEY_ID]


def fingerprint(identity: bytes) -> str:
    """Eight groups of five digits (about 132 bits) over a public identity: short enough to read aloud on the telephone."""
    digest = hashlib.sha256(b"ZWFW-sync-fingerprint-v1\0" + identity).digest()
    digits = f"{int.from_bytes(digest) % 10**40:040d}"
    return " ".join(digits[at : at + 5] for at in range(0, 40, 5))
