"""Suite ``gm`` (国密): SM2 with SM3 (GB/T 32918, GB/T 35276), content key wrapped by SM2, SM4-GCM.

GmSSL writes DER, whose length varies and which has several spellings; in a batch every number has its fixed place.
"""

import base64
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hmac import compare_digest

import gmssl_pyx as gmssl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.asn1 import decode_der, encode_der, sequence
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3, Hash

from sync.envelope import BadSignature, CannotDecrypt, key_id
from sync.suites import stream
from sync.suites.base import BadKey, Digest

USER_ID = b"1234567812345678"  # GB/T 35276: where the parties have agreed on no other
KEY, NUMBER, SM3_SIZE = 16, 32, 32
WRAPPED = 2 * NUMBER + SM3_SIZE + KEY + SM3_SIZE
# PKCS #8 of an SM2 key is of one shape: head, private number, middle, public point.
_HEAD = bytes.fromhex("308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420")
_MIDDLE = bytes.fromhex("a14403420004")
_BEGIN, _END = b"-----BEGIN PRIVATE KEY-----\n", b"-----END PRIVATE KEY-----\n"


@sequence
class _Sealed:
    """GB/T 35276: SM2Cipher."""

    x: int
    y: int
    digest: bytes
    text: bytes


@dataclass(frozen=True, slots=True)
class Sm2Key:
    """An SM2 key held in memory; signs or unwraps, according to what it was made for."""

    _public: bytes
    _private: bytes = field(repr=False)

    def id(self) -> str:
        """Name of the key."""
        return key_id(self._public).hex()

    def public(self) -> bytes:
        """x ‖ y, 64 bytes."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """r ‖ s, 64 bytes."""
        r, s = decode_dss_signature(gmssl.sm2_sign(self._private, self._public, message, USER_ID))
        return r.to_bytes(NUMBER) + s.to_bytes(NUMBER)

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """The content key; CannotDecrypt when it was wrapped for another key or another ``info``."""
        x, y, digest, text = wrapped[:32], wrapped[32:64], wrapped[64:96], wrapped[96:]
        sealed = _Sealed(x=int.from_bytes(x), y=int.from_bytes(y), digest=digest, text=text)
        try:
            plain = gmssl.sm2_decrypt(self._private, encode_der(sealed))
        except gmssl.GmsslInnerError as error:
            raise CannotDecrypt("content key") from error
        if not compare_digest(plain[KEY:], sm3(info)):
            raise CannotDecrypt("content key of another place")
        return bytes(plain[:KEY])


class Sm4Gcm:
    """SM4-GCM as the chunks need it."""

    def __init__(self, key: bytes) -> None:
        self._key = SM4(key)

    def seal(self, nonce: bytes, plain: bytes) -> bytes:
        """Ciphertext and tag."""
        cipher = Cipher(self._key, GCM(nonce)).encryptor()
        return cipher.update(plain) + cipher.finalize() + cipher.tag

    def unseal(self, nonce: bytes, sealed: bytes) -> bytes:
        """The plaintext; CannotDecrypt when anything differs."""
        if len(sealed) < stream.TAG:
            raise CannotDecrypt("cut")
        cipher = Cipher(self._key, GCM(nonce, sealed[-stream.TAG :])).decryptor()
        try:
            return cipher.update(sealed[: -stream.TAG]) + cipher.finalize()
        except InvalidTag as error:
            raise CannotDecrypt("tag") from error


class _Sm3:
    """SM3 with the face of hashlib."""

    def __init__(self) -> None:
        self._hash = Hash(SM3())

    def update(self, data: bytes) -> None:
        self._hash.update(data)

    def hexdigest(self) -> str:
        return self._hash.finalize().hex()


class Gm:
    """See the head of this file."""

    name = "gm"
    seals = True
    sign_size = 64
    seal_size = 64
    header = stream.HEAD.size + WRAPPED
    chunk = stream.CHUNK + stream.TAG

    def check_public(self, public: bytes) -> None:
        """A point of the curve."""
        try:
            gmssl.normalize_sm2_public_key(public)
        except gmssl.InvalidValueError as error:
            raise BadKey("not a point of the curve") from error
        if len(public) != self.sign_size:
            raise BadKey("64 bytes are expected")

    def verify(self, public: bytes, signature: bytes, message: bytes) -> None:
        """SM2 with SM3 and the user id of the standard."""
        if len(signature) != 2 * NUMBER:
            raise BadSignature
        der = encode_dss_signature(int.from_bytes(signature[:NUMBER]), int.from_bytes(signature[NUMBER:]))
        try:
            good = gmssl.sm2_verify(public, message, der, USER_ID)
        except gmssl.GmsslInnerError as error:
            raise BadSignature from error
        if not good:
            raise BadSignature

    def encrypt(self, pieces: Iterable[bytes], recipient: bytes, info: bytes) -> Iterator[bytes]:
        """The content key by SM2, chunks by SM4-GCM."""
        content_key = os.urandom(KEY)
        return stream.write(pieces, recipient, wrap(content_key, recipient, info), Sm4Gcm(content_key))

    def read_wrapped(self, header: bytes) -> tuple[bytes, bytes]:
        """(recipient key id, wrapped key)."""
        return stream.read_wrapped(header, WRAPPED)

    def decrypt(self, chunks: Iterable[tuple[bytes, bool]], content_key: bytes) -> Iterator[bytes]:
        """SM4-GCM."""
        return stream.read(chunks, Sm4Gcm(content_key))

    def more_digests(self) -> dict[str, Digest]:
        """SM3 besides SHA-256: what is signed with SM2 is also named by the hash of its own family."""
        return {"sm3": _Sm3()}

    def new_sign_key(self) -> bytes:
        """SM2."""
        return _new_key()

    def new_seal_key(self) -> bytes:
        """SM2."""
        return _new_key()

    def sign_key(self, pem: bytes) -> Sm2Key:
        """SM2."""
        return _load(pem)

    def seal_key(self, pem: bytes) -> Sm2Key:
        """SM2."""
        return _load(pem)


def wrap(content_key: bytes, public: bytes, info: bytes) -> bytes:
    """The content key, readable only by the owner of ``public`` and only for this ``info``: x ‖ y ‖ C3 ‖ C2.

    SM2 encrypts without associated data, so that SM3 of ``info`` travels with the key, under the same C3.
    """
    sealed = decode_der(_Sealed, gmssl.sm2_encrypt(public, content_key + sm3(info)))
    return sealed.x.to_bytes(NUMBER) + sealed.y.to_bytes(NUMBER) + sealed.digest + sealed.text


def sm3(data: bytes) -> bytes:
    """SM3 of some bytes."""
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize()


def _new_key() -> bytes:
    public, private = gmssl.sm2_key_generate()
    return _BEGIN + base64.encodebytes(_HEAD + private + _MIDDLE + public) + _END


def _load(pem: bytes) -> Sm2Key:
    try:
        der = base64.b64decode(b"".join(pem.removeprefix(_BEGIN).removesuffix(_END).split()), validate=True)
    except ValueError as error:
        raise BadKey("no readable key") from error
    private, public = der[len(_HEAD) : len(_HEAD) + NUMBER], der[-2 * NUMBER :]
    if der != _HEAD + private + _MIDDLE + public:
        raise BadKey("not an SM2 key")
    key, probe = Sm2Key(public, private), b"probe"
    try:
        Gm().verify(public, key.sign(probe), probe)
    except (BadSignature, gmssl.GmsslInnerError) as error:
        raise BadKey("the two halves of the key do not fit") from error
    return key
