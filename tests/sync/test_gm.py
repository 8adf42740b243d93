"""Suite ``gm``: what GmSSL writes is what an independent implementation of the standards reads, and the other way round."""

import gmalg
import pytest
from cryptography.hazmat.asn1 import decode_der

from sync.envelope import BadSignature, CannotDecrypt
from sync.suites import gm
from sync.suites.base import BadKey

GM = gm.Gm()
USER_ID = b"1234567812345678"
KEY = GM.sign_key(GM.new_sign_key())


def other_hands(key: gm.Sm2Key) -> gmalg.SM2:
    """The same key in gmalg."""
    return gmalg.SM2(key._private, USER_ID, b"\x04" + key.public())


def test_signature_is_read_by_gmalg() -> None:
    signature = KEY.sign(b"message")
    assert len(signature) == 64
    assert other_hands(KEY).verify(b"message", signature[:32], signature[32:])
    assert not other_hands(KEY).verify(b"massage", signature[:32], signature[32:])


def test_signature_by_gmalg_is_good() -> None:
    r, s = other_hands(KEY).sign(b"message")
    GM.verify(KEY.public(), r + s, b"message")


def test_signature_of_something_else_or_none() -> None:
    good = KEY.sign(b"m")
    other = GM.sign_key(GM.new_sign_key())
    order = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
    beyond = good[:32] + ((int.from_bytes(good[32:]) + order) % 2**256).to_bytes(32)
    for signature, message in [
        (good, b"n"),
        (other.sign(b"m"), b"m"),
        (good[:-1], b"m"),
        (good + b"x", b"m"),
        (b"", b"m"),
        (bytes(64), b"m"),
        (good[32:] + good[:32], b"m"),
        (beyond, b"m"),
    ]:
        with pytest.raises(BadSignature):
            GM.verify(KEY.public(), signature, message)


def test_another_user_id_is_another_signature() -> None:
    r, s = gmalg.SM2(KEY._private, b"ALICE123@YAHOO.COM", b"\x04" + KEY.public()).sign(b"m")
    with pytest.raises(BadSignature):
        GM.verify(KEY.public(), r + s, b"m")


def test_wrapped_key_is_read_by_gmalg() -> None:
    wrapped = gm.wrap(b"k" * 16, KEY.public(), b"info")
    assert len(wrapped) == gm.WRAPPED == 144
    plain = other_hands(KEY).decrypt(b"\x04" + wrapped[:64] + wrapped[64:])
    digest = gmalg.SM3()
    digest.update(b"info")
    assert plain == b"k" * 16 + digest.value()


def test_key_wrapped_by_gmalg_is_unwrapped() -> None:
    sealed = other_hands(KEY).encrypt(b"k" * 16 + gm.sm3(b"info"))
    assert KEY.unwrap(sealed[1:], b"info") == b"k" * 16


@pytest.mark.parametrize("info", [b"", b"inf", b"info ", b"other"])
def test_wrapped_key_is_bound_to_its_place(info: bytes) -> None:
    wrapped = gm.wrap(b"k" * 16, KEY.public(), b"info")
    assert KEY.unwrap(wrapped, b"info") == b"k" * 16
    with pytest.raises(CannotDecrypt):
        KEY.unwrap(wrapped, info)


def test_wrapped_for_somebody_else() -> None:
    with pytest.raises(CannotDecrypt):
        GM.seal_key(GM.new_seal_key()).unwrap(gm.wrap(b"k" * 16, KEY.public(), b"info"), b"info")


def test_every_changed_byte_of_a_wrapped_key() -> None:
    wrapped = gm.wrap(b"k" * 16, KEY.public(), b"info")
    for at in range(len(wrapped)):
        changed = wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :]
        with pytest.raises(CannotDecrypt):
            KEY.unwrap(changed, b"info")


def test_only_points_of_the_curve_are_keys() -> None:
    GM.check_public(KEY.public())
    for wrong in (bytes(64), KEY.public()[:-1], b"\x04" + KEY.public(), KEY.public()[::-1]):
        with pytest.raises(BadKey):
            GM.check_public(wrong)


def test_key_file_is_pkcs8_of_an_sm2_key() -> None:
    pem = GM.new_sign_key()
    key = GM.sign_key(pem)
    assert key._private.hex() not in repr(key)
    for wrong in (b"", pem[:-40], pem.replace(b"MIGH", b"MIGI"), pem[:200] + b"AAAA" + pem[204:]):
        with pytest.raises(BadKey):
            GM.sign_key(wrong)


def test_der_of_gmssl_is_the_standard_one() -> None:
    """SM2Cipher of GB/T 35276; what is kept of it are its four parts."""
    import gmssl_pyx

    der = gmssl_pyx.sm2_encrypt(KEY.public(), b"x" * 48)
    assert len(decode_der(gm._Sealed, der).digest) == 32


def test_vector_of_the_standard() -> None:
    """GB/T 32905, example 1: SM3 of "abc"."""
    assert gm.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm4_gcm_vector() -> None:
    """RFC 8998, appendix A.1, without its associated data: the ciphertext does not depend on it."""
    key, nonce = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"), bytes.fromhex("00001234567800000000ABCD")
    plain = bytes.fromhex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    )
    sealed = gm.Sm4Gcm(key).seal(nonce, plain)
    assert sealed[:64].hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    assert gm.Sm4Gcm(key).unseal(nonce, sealed) == plain
    for wrong in (sealed[:-1], sealed[:10], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(CannotDecrypt):
            gm.Sm4Gcm(key).unseal(nonce, wrong)
