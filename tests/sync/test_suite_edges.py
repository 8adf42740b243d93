"""What each suite takes for a key, a signature and a header, at its edges: one spelling, one length, nothing else."""

import struct
from collections.abc import Iterator

import pytest

from sync import envelope, suites
from sync.envelope import BadSignature, CannotDecrypt
from sync.suites import ed25519, stream
from sync.suites.base import BadKey

MESSAGE, CONTEXT = b"a message", b"a context\0"


@pytest.fixture(params=suites.NAMES)
def name(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def signed(name: str) -> tuple[bytes, bytes]:
    """A public key and the signature file of a message."""
    suite = suites.named(name)
    key = suite.sign_key(suite.new_sign_key())
    return key.public(), bytes.fromhex(key.id()) + key.sign(CONTEXT + MESSAGE)


def test_signature(name: str, signed: tuple[bytes, bytes]) -> None:
    public, signature = signed
    suites.verify(name, public, signature, CONTEXT, MESSAGE)
    for wrong in (
        bytes(8) + signature[8:],  # in the name of another key
        signature[:8],
        signature[:-1],
        signature + b"\0",
        signature[:40] + b"\0" + signature[40:],  # the same two numbers, written longer
        signature[:8] + bytes(64),
        signature[:8] + b"\xff" * 64,
        b"",
    ):
        with pytest.raises(BadSignature):
            suites.verify(name, public, wrong, CONTEXT, MESSAGE)
    with pytest.raises(BadSignature):
        suites.verify(name, public, signature, b"", MESSAGE)


def test_a_point_off_the_curve_has_signed_nothing() -> None:
    public = b"\x01" * 64
    with pytest.raises(BadSignature):
        suites.verify("gm", public, envelope.key_id(public) + bytes(63) + b"\x01", CONTEXT, MESSAGE)


def test_public_key(name: str, signed: tuple[bytes, bytes]) -> None:
    suite, (public, _) = suites.named(name), signed
    suite.check_public(public)
    for wrong in (public[:-1], public + b"\0", b""):
        with pytest.raises(BadKey):
            suite.check_public(wrong)


def test_private_key(name: str) -> None:
    suite = suites.named(name)
    pem = suite.new_sign_key()
    for wrong in (b"", b"no key", pem[:-40], pem.replace(b"PRIVATE", b"PUBLIC")):
        with pytest.raises(BadKey):
            suite.sign_key(wrong)


def test_a_file_that_holds_no_key_says_so() -> None:
    with pytest.raises(BadKey, match="no readable key"):
        ed25519.from_pem(b"no key")


def test_a_signature_key_does_not_open() -> None:
    intl = suites.named("intl")
    with pytest.raises(BadKey, match="X25519"):
        intl.seal_key(intl.new_sign_key())
    with pytest.raises(BadKey, match="Ed25519"):
        intl.sign_key(intl.new_seal_key())


def header(count: int = 1, claimed: int = 4, wrapped: bytes = b"wrap") -> bytes:
    return struct.pack(">B8sH", count, b"key id..", claimed) + wrapped


def test_wrapped_key() -> None:
    assert stream.read_wrapped(header(), 4) == (b"key id..", b"wrap")


@pytest.mark.parametrize(
    "wrong",
    [header()[:-1], header() + b"!", header(count=0), header(count=2), header(claimed=3), header(claimed=5), b""],
)
def test_header_with_anything_else(wrong: bytes) -> None:
    with pytest.raises(CannotDecrypt):
        stream.read_wrapped(wrong, 4)


def test_no_nonce_is_used_twice() -> None:
    assert stream.nonce_of(2**32 - 1, last=True) == bytes(7) + b"\xff\xff\xff\xff\x01"
    with pytest.raises(OverflowError, match="too many chunks"):
        stream.nonce_of(2**32, last=False)


def test_chunks_of_a_wrong_length() -> None:
    """Whoever has the key could still say one content in two ways."""

    class Plain:
        def seal(self, nonce: bytes, plain: bytes) -> bytes:
            return plain

        def unseal(self, nonce: bytes, sealed: bytes) -> bytes:
            return sealed

    def read(*chunks: bytes) -> list[bytes]:
        def marked() -> Iterator[tuple[bytes, bool]]:
            for at, chunk in enumerate(chunks, 1):
                yield chunk, at == len(chunks)

        return list(stream.read(marked(), Plain()))

    whole = bytes(stream.CHUNK)
    assert read(b"") == [b""]
    assert read(whole, b"x") == [whole, b"x"]
    for wrong in ([b"short", b"x"], [whole, b""], [whole, whole[1:], b"x"]):
        with pytest.raises(CannotDecrypt, match="wrong length"):
            read(*wrong)


def test_key_id_is_the_beginning_of_a_hash(signed: tuple[bytes, bytes]) -> None:
    public, signature = signed
    assert envelope.key_id(public) == signature[: envelope.KEY_ID]
