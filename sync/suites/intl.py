"""Suite ``intl``: Ed25519, HPKE (X25519, HKDF-SHA256, ChaCha20-Poly1305), AES-256-GCM."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.envelope import CannotDecrypt, key_id
from sync.suites import ed25519, stream
from sync.suites.base import BadKey, Digest

HPKE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
WRAPPED = 32 + 32 + 16


@dataclass(frozen=True, slots=True)
class X25519Key:
    """An encryption key held in memory."""

    _key: X25519PrivateKey = field(repr=False)

    def id(self) -> str:
        """Name of the key."""
        return key_id(self.public()).hex()

    def public(self) -> bytes:
        """32 raw bytes."""
        return self._key.public_key().public_bytes_raw()

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """The content key; CannotDecrypt when it was wrapped for another key or another ``info``."""
        try:
            return bytes(HPKE.decrypt(wrapped, self._key, info))
        except InvalidTag as error:
            raise CannotDecrypt("content key") from error

    def agree(self, other: bytes, info: bytes) -> bytes:
        """A key of 32 bytes that only the owners of this key and of the public one ``other`` can derive."""
        shared = self._key.exchange(X25519PublicKey.from_public_bytes(other))
        return HKDF(SHA256(), 32, salt=None, info=info).derive(shared)


class AesGcm:
    """AES-256-GCM as the chunks need it."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, nonce: bytes, plain: bytes) -> bytes:
        """Ciphertext and tag."""
        return self._cipher.encrypt(nonce, plain, None)

    def unseal(self, nonce: bytes, sealed: bytes) -> bytes:
        """The plaintext; CannotDecrypt when anything differs."""
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag as error:
            raise CannotDecrypt("tag") from error


class Intl:
    """See the head of this file."""

    name = "intl"
    seals = True
    sign_size = 32
    seal_size = 32
    header = stream.HEAD.size + WRAPPED
    chunk = stream.CHUNK + stream.TAG

    def check_public(self, public: bytes) -> None:
        """Every 32 bytes are taken."""
        if len(public) != self.sign_size:
            raise BadKey("32 bytes are expected")

    def verify(self, public: bytes, signature: bytes, message: bytes) -> None:
        """Ed25519."""
        ed25519.verify(public, signature, message)

    def encrypt(self, pieces: Iterable[bytes], recipient: bytes, info: bytes) -> Iterator[bytes]:
        """The content key by HPKE, chunks by AES-256-GCM."""
        content_key = os.urandom(32)
        wrapped = HPKE.encrypt(content_key, X25519PublicKey.from_public_bytes(recipient), info)
        return stream.write(pieces, recipient, wrapped, AesGcm(content_key))

    def read_wrapped(self, header: bytes) -> tuple[bytes, bytes]:
        """(recipient key id, wrapped key)."""
        return stream.read_wrapped(header, WRAPPED)

    def decrypt(self, chunks: Iterable[tuple[bytes, bool]], content_key: bytes) -> Iterator[bytes]:
        """AES-256-GCM."""
        return stream.read(chunks, AesGcm(content_key))

    def more_digests(self) -> dict[str, Digest]:
        """None."""
        return {}

    def new_sign_key(self) -> bytes:
        """Ed25519."""
        return ed25519.new_key()

    def new_seal_key(self) -> bytes:
        """X25519."""
        return ed25519.to_pem(X25519PrivateKey.generate())

    def sign_key(self, pem: bytes) -> ed25519.Ed25519Key:
        """Ed25519."""
        return ed25519.load(pem)

    def seal_key(self, pem: bytes) -> X25519Key:
        """X25519."""
        key = ed25519.from_pem(pem)
        if not isinstance(key, X25519PrivateKey):
            raise BadKey("not an X25519 key")
        return X25519Key(key)
