"""All cryptography on batch contents, suite ``intl``: Ed25519, HPKE (X25519, HKDF-SHA256, ChaCha20-Poly1305), AES-256-GCM.

Knows bytes only: no files, no JSON, no Django. ``docs/BATCH_FORMAT.md`` is the specification.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITE = "intl"
HPKE_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
VOLUME_CONTEXT = b"ZWFW-sync-volume-v1\0"
BATCH_CONTEXT = b"ZWFW-sync-batch-v1\0"
CHUNK = 1024 * 1024
TAG = 16
KEY_ID = 8
SIGNATURE = KEY_ID + 64
WRAPPED_KEY = 32 + 32 + TAG
LARGEST_COUNTER = 2**32 - 1


class BadSignature(Exception):
    """The signature does not belong to these bytes and this key."""


class CannotDecrypt(Exception):
    """Wrong key, or the ciphertext was changed, cut or lengthened."""


def key_id(public: bytes) -> bytes:
    """Eight bytes that name a public key."""
    return hashlib.sha256(public).digest()[:KEY_ID]


def fingerprint(*publics: bytes) -> str:
    """Eight groups of five digits (about 132 bits) over public keys: short enough to read aloud on the telephone."""
    digest = hashlib.sha256(b"ZWFW-sync-fingerprint-v1\0" + b"".join(publics)).digest()
    digits = f"{int.from_bytes(digest) % 10**40:040d}"
    return " ".join(digits[at : at + 5] for at in range(0, 40, 5))


def verify(public: bytes, signature: bytes, context: bytes, message: bytes) -> None:
    """Check ``key id ‖ Ed25519`` over ``context ‖ message``; BadSignature otherwise."""
    if len(signature) != SIGNATURE or signature[:KEY_ID] != key_id(public):
        raise BadSignature
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[KEY_ID:], context + message)
    except InvalidSignature as error:
        raise BadSignature from error


def wrap(content_key: bytes, public: bytes, info: bytes) -> bytes:
    """The content key, readable only by the owner of ``public`` and only for this ``info``."""
    return HPKE_SUITE.encrypt(content_key, X25519PublicKey.from_public_bytes(public), info)


def encrypt(pieces: Iterable[bytes], recipient: bytes, info: bytes) -> Iterator[bytes]:
    """Bytes of ``data.bin``: recipients with wrapped keys, then the pieces as a stream of sealed 1 MiB chunks."""
    content_key = os.urandom(32)
    wrapped = wrap(content_key, recipient, info)
    yield struct.pack(">B8sH", 1, key_id(recipient), len(wrapped)) + wrapped
    aead = AESGCM(content_key)
    for counter, (chunk, last) in enumerate(_chunks(pieces)):
        yield aead.encrypt(_nonce(counter, last), chunk, None)


def read_wrapped(header: bytes) -> tuple[bytes, bytes]:
    """(recipient key id, wrapped key) from the first bytes of ``data.bin``; CannotDecrypt when malformed."""
    if len(header) != HEADER:
        raise CannotDecrypt("header is cut")
    count, recipient, length = struct.unpack_from(">B8sH", header)
    if count != 1 or length != WRAPPED_KEY:
        raise CannotDecrypt("unexpected recipients")
    return recipient, header[11:]


HEADER = 11 + WRAPPED_KEY


def decrypt(chunks: Iterable[tuple[bytes, bool]], content_key: bytes) -> Iterator[bytes]:
    """Plaintext of ``(sealed chunk, is the last one)``; CannotDecrypt as soon as one does not fit its place."""
    aead = AESGCM(content_key)
    for counter, (sealed, last) in enumerate(chunks):
        try:
            plain = aead.decrypt(_nonce(counter, last), sealed, None)
        except InvalidTag as error:
            raise CannotDecrypt(f"chunk {counter}") from error
        if (len(plain) != CHUNK and not last) or (not plain and counter):
            raise CannotDecrypt(f"chunk {counter} has a wrong length")
        yield plain


def seal_at_rest(secret: str, plain: bytes) -> bytes:
    """Encrypt one database value under a key derived from the site's secret."""
    nonce = os.urandom(12)
    return nonce + _at_rest(secret).encrypt(nonce, plain, None)


def open_at_rest(secret: str, sealed: bytes) -> bytes:
    """The value sealed by ``seal_at_rest``; CannotDecrypt with another secret."""
    try:
        return _at_rest(secret).decrypt(sealed[:12], sealed[12:], None)
    except InvalidTag as error:
        raise CannotDecrypt("the field key of this site is not the one that wrote this value") from error


@lru_cache(maxsize=4)
def _at_rest(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"ZWFW-sync-at-rest-v1").derive(secret.encode()))


def _nonce(counter: int, last: bool) -> bytes:
    if counter > LARGEST_COUNTER:
        raise OverflowError("too many chunks for one key")
    return bytes(7) + struct.pack(">IB", counter, last)


def _chunks(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Regroup pieces into chunks of exactly 1 MiB; only the last one is shorter, and it is empty only when alone."""
    pending = bytearray()
    for piece in pieces:
        pending += piece
        while len(pending) > CHUNK:
            yield bytes(pending[:CHUNK]), False
            del pending[:CHUNK]
    yield bytes(pending), True
