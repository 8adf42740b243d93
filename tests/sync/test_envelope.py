"""Signatures, wrapped keys and sealed chunks."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from sync import at_rest, envelope, suites
from sync.envelope import BadSignature, CannotDecrypt
from sync.suites import stream
from sync.suites.intl import HPKE
from sync.suites.stream import CHUNK, TAG

INTL = suites.named("intl")
HEADER = INTL.header
SIGNER = Ed25519PrivateKey.generate()
SIGNER_PUBLIC = SIGNER.public_key().public_bytes_raw()
SEAL = X25519PrivateKey.generate()
SEAL_PUBLIC = SEAL.public_key().public_bytes_raw()


def sealed(plain: bytes) -> bytes:
    return b"".join(INTL.encrypt([plain], SEAL_PUBLIC, b"info"))


def opened(data: bytes, info: bytes = b"info") -> bytes:
    _, wrapped = INTL.read_wrapped(data[:HEADER])
    key = bytes(HPKE.decrypt(wrapped, SEAL, info))
    return b"".join(INTL.decrypt(chunks_of(data), key))


def chunks_of(data: bytes) -> list[tuple[bytes, bool]]:
    step = CHUNK + TAG
    return [(data[at : at + step], at + step >= len(data)) for at in range(HEADER, len(data), step)]


def signature(message: bytes, context: bytes = b"ctx") -> bytes:
    return envelope.key_id(SIGNER_PUBLIC) + SIGNER.sign(context + message)


def test_good_signature() -> None:
    suites.verify("intl", SIGNER_PUBLIC, signature(b"m"), b"ctx", b"m")


@pytest.mark.parametrize(("context", "message"), [(b"other", b"m"), (b"ctx", b"n"), (b"ct", b"xm" * 2)])
def test_signature_of_something_else(context: bytes, message: bytes) -> None:
    with pytest.raises(BadSignature):
        suites.verify("intl", SIGNER_PUBLIC, signature(b"m"), context, message)


def test_signature_that_is_none() -> None:
    for bad in (b"", b"x" * 72, signature(b"m")[:8], signature(b"m")[:-1], signature(b"m") + b"x"):
        with pytest.raises(BadSignature):
            suites.verify("intl", SIGNER_PUBLIC, bad, b"ctx", b"m")


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_any_length_round_trips(length: int) -> None:
    plain = bytes(length)
    data = sealed(plain)
    assert opened(data) == plain
    assert len(data) == HEADER + length + TAG * max(1, -(-length // CHUNK))


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_pieces_do_not_matter(pieces: list[bytes]) -> None:
    assert opened(b"".join(INTL.encrypt(pieces, SEAL_PUBLIC, b"info"))) == b"".join(pieces)


def test_chunks_cannot_be_reordered_dropped_or_repeated() -> None:
    data = sealed(bytes(3 * CHUNK))
    key = bytes(HPKE.decrypt(INTL.read_wrapped(data[:HEADER])[1], SEAL, b"info"))
    a, b, c = (chunk for chunk, _ in chunks_of(data))
    for wrong in ([b, a, c], [a, b], [a, c], [a, a, b, c], [a, b, c, c]):
        with pytest.raises(CannotDecrypt):
            list(INTL.decrypt([(one, at == len(wrong) - 1) for at, one in enumerate(wrong)], key))


def test_an_unfinished_stream_is_noticed() -> None:
    data = sealed(bytes(CHUNK + 5))
    key = bytes(HPKE.decrypt(INTL.read_wrapped(data[:HEADER])[1], SEAL, b"info"))
    with pytest.raises(CannotDecrypt):
        list(INTL.decrypt([(chunks_of(data)[0][0], True)], key))


@pytest.mark.parametrize("lengths", [[5, 5], [CHUNK, 0], [0, CHUNK]])
def test_chunks_of_another_length(lengths: list[int]) -> None:
    """One plaintext has one division into chunks, even when the sender himself divides it."""
    key = bytes(32)
    chunks = []
    for counter, length in enumerate(lengths):
        last = counter == len(lengths) - 1
        chunks.append((AESGCM(key).encrypt(stream.nonce_of(counter, last), bytes(length), None), last))
    with pytest.raises(CannotDecrypt):
        list(INTL.decrypt(chunks, key))


def test_two_seals_of_the_same_differ() -> None:
    assert sealed(b"same") != sealed(b"same")


def test_wrapped_key_is_bound_to_its_place() -> None:
    from cryptography.exceptions import InvalidTag

    with pytest.raises(InvalidTag):
        opened(sealed(b"x"), info=b"another place")


def test_fingerprint_reads_as_eight_groups_of_five_digits() -> None:
    groups = envelope.fingerprint(SIGNER_PUBLIC + SEAL_PUBLIC).split()
    assert [len(group) for group in groups] == [5] * 8
    assert all(group.isdigit() for group in groups)


def test_at_rest_needs_the_same_secret() -> None:
    stored = at_rest.seal("s" * 40, "身份证号".encode())
    assert at_rest.unseal("s" * 40, stored).decode() == "身份证号"
    with pytest.raises(at_rest.CannotOpen):
        at_rest.unseal("t" * 40, stored)
