"""Ed25519 signatures and PEM files of such keys: what the suites ``intl`` and ``clear`` sign with."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from sync.envelope import BadSignature, key_id
from sync.suites.base import BadKey


@dataclass(frozen=True, slots=True)
class Ed25519Key:
    """A signature key held in memory."""

    _key: Ed25519PrivateKey = field(repr=False)

    def id(self) -> str:
        """Name of the key."""
        return key_id(self.public()).hex()

    def public(self) -> bytes:
        """32 raw bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """BadSignature unless ``signature`` over ``message`` is by the owner of ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise BadSignature from error


def new_key() -> bytes:
    """A fresh key as PEM."""
    return to_pem(Ed25519PrivateKey.generate())


def load(pem: bytes) -> Ed25519Key:
    """The key in a PEM; BadKey when it is none."""
    key = from_pem(pem)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey("not an Ed25519 key")
    return Ed25519Key(key)


def to_pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    """PKCS #8 without a passphrase: sync/key_files.py adds that for all suites alike."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def from_pem(pem: bytes) -> object:
    """Whatever key is in a PEM; BadKey when there is none."""
    try:
        return load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise BadKey("no readable key") from error
