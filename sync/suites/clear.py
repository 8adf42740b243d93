"""Suite ``clear``: signatures only (Ed25519). For a gate that must read what passes; everybody else can read it too."""

from collections.abc import Iterable, Iterator

from sync.envelope import CannotDecrypt
from sync.suites import ed25519
from sync.suites.base import BadKey, Digest, SealKey

CHUNK = 1024 * 1024


class Clear:
    """See the head of this file."""

    name = "clear"
    seals = False
    sign_size = 32
    seal_size = 0
    header = 0
    chunk = CHUNK

    def check_public(self, public: bytes) -> None:
        """Every 32 bytes are taken."""
        if len(public) != self.sign_size:
            raise BadKey("32 bytes are expected")

    def verify(self, public: bytes, signature: bytes, message: bytes) -> None:
        """Ed25519."""
        ed25519.verify(public, signature, message)

    def encrypt(self, pieces: Iterable[bytes], recipient: bytes, info: bytes) -> Iterator[bytes]:
        """The pieces as they are."""
        return iter(pieces)

    def read_wrapped(self, header: bytes) -> tuple[bytes, bytes]:
        """There is no wrapped key."""
        raise CannotDecrypt("nothing is encrypted")

    def decrypt(self, chunks: Iterable[tuple[bytes, bool]], content_key: bytes) -> Iterator[bytes]:
        """The chunks as they are."""
        return (chunk for chunk, _ in chunks)

    def more_digests(self) -> dict[str, Digest]:
        """None."""
        return {}

    def new_sign_key(self) -> bytes:
        """Ed25519."""
        return ed25519.new_key()

    def new_seal_key(self) -> bytes:
        """There is none."""
        raise BadKey("nothing is encrypted")

    def sign_key(self, pem: bytes) -> ed25519.Ed25519Key:
        """Ed25519."""
        return ed25519.load(pem)

    def seal_key(self, pem: bytes) -> SealKey:
        """There is none."""
        raise BadKey("nothing is encrypted")
