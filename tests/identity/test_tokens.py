"""Tokens: only what this side signed, with the one algorithm, for this use, and only for 15 minutes."""

from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from identity import tokens
from identity.fields import token_key
from identity.models import User
from identity.tokens import BadTokenError, issue, verify


def claims(**changes: object) -> dict[str, object]:
    now = timezone.now()
    whole = {"iss": "yizhan-outer", "aud": "yizhan-api", "sub": "7", "iat": now, "exp": now + timedelta(minutes=5)}
    return {key: value for key, value in (whole | changes).items() if value is not None}


def signed(**changes: object) -> str:
    return jwt.encode(claims(**changes), token_key(), algorithm="EdDSA")


def public_bytes(encoding: Encoding, form: PublicFormat) -> bytes:
    return token_key().public_key().public_bytes(encoding, form)


def test_round_trip(on_outer, wang_fang: User) -> None:
    assert verify(issue(wang_fang)) == wang_fang.pk


def test_our_own_forgeries_are_well_made(on_outer) -> None:
    assert verify(signed()) == 7


def test_lives_fifteen_minutes(on_outer, wang_fang: User) -> None:
    body = jwt.decode(issue(wang_fang), options={"verify_signature": False})
    assert body["exp"] - body["iat"] == 15 * 60
    assert set(body) == {"iss", "aud", "sub", "iat", "exp", "jti"}  # nothing personal


def test_expired_is_refused(on_outer, wang_fang: User) -> None:
    with pytest.raises(BadTokenError, match="过期"):
        verify(issue(wang_fang, minutes=-1))


def test_alg_none_is_refused(on_outer) -> None:
    with pytest.raises(BadTokenError, match="无效"):
        verify(jwt.encode(claims(), None, algorithm="none"))


@pytest.mark.parametrize(
    ("encoding", "form"),
    [(Encoding.Raw, PublicFormat.Raw), (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)],
)
def test_public_key_used_as_hs256_password_is_refused(on_outer, encoding: Encoding, form: PublicFormat) -> None:
    import base64
    import hashlib
    import hmac
    import json

    def part(data: bytes) -> bytes:
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    # By hand: PyJWT itself refuses to sign HS256 with a public key.
    body = claims()
    body |= {key: int(body[key].timestamp()) for key in ("iat", "exp")}
    text = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(body).encode())
    mac = hmac.new(public_bytes(encoding, form), text, hashlib.sha256).digest()
    with pytest.raises(BadTokenError, match="无效"):
        verify((text + b"." + part(mac)).decode())


def test_other_key_is_refused(on_outer) -> None:
    with pytest.raises(BadTokenError):
        verify(jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA"))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "yizhan-inner"},
        {"aud": "another-use"},
        {"aud": None},
        {"exp": None},
        {"sub": None},
        {"sub": "wangfang"},
        {"iat": timezone.now() + timedelta(hours=1)},
    ],
)
def test_wrong_or_missing_claim_is_refused(on_outer, changes: dict[str, object]) -> None:
    with pytest.raises(BadTokenError):
        verify(signed(**changes))


def test_token_of_the_other_side_is_refused(settings, wang_fang: User) -> None:
    settings.HALL_SIDE = "inner"
    token = issue(wang_fang)
    settings.HALL_SIDE = "outer"
    with pytest.raises(BadTokenError):
        verify(token)


def test_every_site_has_its_own_key(settings) -> None:
    here = public_bytes(Encoding.Raw, PublicFormat.Raw)
    settings.HALL_FIELD_KEY = "another key that is long enough to be one"
    assert public_bytes(Encoding.Raw, PublicFormat.Raw) != here


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "eyJhbGciOiJFZERTQSJ9..", "令牌"])
def test_garbage_is_refused(on_outer, text: str) -> None:
    with pytest.raises(BadTokenError):
        verify(text)


def test_algorithm_is_pinned_to_one() -> None:
    assert tokens.ALGORITHM == "EdDSA"
