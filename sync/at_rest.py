"""Values of the database that are unreadable in its file and in its backups."""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class CannotOpen(Exception):
    """The value was written under another field key, or damaged."""


def seal(secret: str, plain: bytes) -> bytes:
    """Encrypt one database value under a key derived from the site's secret."""
    nonce = os.urandom(12)
    return nonce + _cipher(secret).encrypt(nonce, plain, None)


def unseal(secret: str, sealed: bytes) -> bytes:
    """The value written by ``seal``; CannotOpen with another secret."""
    try:
        return _cipher(secret).decrypt(sealed[:12], sealed[12:], None)
    except InvalidTag as error:
        raise CannotOpen("the field key of this site is not the one that wrote this value") from error


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"ZWFW-sync-at-rest-v1").derive(secret.encode()))
