"""What a cipher suite and a private key must be able to do. Nothing else of them is used anywhere."""

from collections.abc import Iterable, Iterator
from typing import Protocol


class BadKey(Exception):
    """These bytes are no key of the suite."""


class SignKey(Protocol):
    """A private signature key, wherever it is kept: a file, a card, a hardware module."""

    def id(self) -> str:
        """Name of the key, 16 hex digits."""

    def public(self) -> bytes:
        """The raw public key."""

    def sign(self, message: bytes) -> bytes:
        """The raw signature over ``message``."""


class SealKey(Protocol):
    """A private key that content keys are wrapped for."""

    def id(self) -> str:
        """Name of the key, 16 hex digits."""

    def public(self) -> bytes:
        """The raw public key."""

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """The content key wrapped for this key and this ``info``; envelope.CannotDecrypt otherwise."""


class Digest(Protocol):
    """A hash being fed."""

    def update(self, data: bytes) -> None:
        """Some more bytes."""

    def hexdigest(self) -> str:
        """The result."""


class Suite(Protocol):
    """One set of algorithms. A peer is enrolled with one, and no file can change which."""

    name: str
    seals: bool
    """Whether ``data.bin`` is encrypted; else it holds the plain frames, and record blocks are not compressed."""
    sign_size: int
    """Bytes of a public signature key."""
    seal_size: int
    """Bytes of a public encryption key; 0 when the suite has none."""
    header: int
    """Bytes of ``data.bin`` before the chunks."""
    chunk: int
    """Bytes of a whole chunk in ``data.bin``."""

    def check_public(self, public: bytes) -> None:
        """BadKey unless this can be a public key."""

    def verify(self, public: bytes, signature: bytes, message: bytes) -> None:
        """BadSignature unless the raw ``signature`` over ``message`` is by the owner of ``public``."""

    def encrypt(self, pieces: Iterable[bytes], recipient: bytes, info: bytes) -> Iterator[bytes]:
        """The bytes of ``data.bin``."""

    def read_wrapped(self, header: bytes) -> tuple[bytes, bytes]:
        """(recipient key id, wrapped key) from the first bytes of ``data.bin``; CannotDecrypt when malformed."""

    def decrypt(self, chunks: Iterable[tuple[bytes, bool]], content_key: bytes) -> Iterator[bytes]:
        """Plaintext of ``(chunk, is the last one)``; CannotDecrypt as soon as one does not fit its place."""

    def more_digests(self) -> dict[str, Digest]:
        """Hashes of ``data.bin`` that ``volume.json`` must carry besides SHA-256, by their field."""

    def new_sign_key(self) -> bytes:
        """A fresh signature key as PEM, to be kept secret."""

    def new_seal_key(self) -> bytes:
        """A fresh encryption key as PEM, to be kept secret."""

    def sign_key(self, pem: bytes) -> SignKey:
        """The signature key in a PEM; BadKey when it is none of this suite."""

    def seal_key(self, pem: bytes) -> SealKey:
        """The encryption key in a PEM; BadKey when it is none of this suite."""
