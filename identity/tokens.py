"""Short-lived tokens for programs: EdDSA (Ed25519), 15 minutes, good on the side that issued them only."""

import uuid
from datetime import timedelta

import jwt
from django.conf import settings
from django.utils import timezone

from identity.fields import token_key
from identity.models import User

ALGORITHM = "EdDSA"
AUDIENCE = "yizhan-api"
REQUIRED = ["iss", "aud", "sub", "iat", "exp"]


class BadTokenError(Exception):
    """The token is not one that this side issued, or its time is over. The text is for the caller."""


def issuer() -> str:
    """Who signs: this side. A token of the other side is refused even if the keys were ever mixed up."""
    return f"yizhan-{settings.HALL_SIDE}"


def issue(user: User, minutes: int = 15) -> str:
    """A signed token that names the user and ends after ``minutes``."""
    now = timezone.now()
    claims = {
        "iss": issuer(),
        "aud": AUDIENCE,
        "sub": str(user.pk),
        "iat": now,
        "exp": now + timedelta(minutes=minutes),
        "jti": uuid.uuid4().hex,
    }
    return jwt.encode(claims, token_key(), algorithm=ALGORITHM)


def verify(token: str) -> int:
    """The user id in a valid token; BadTokenError otherwise.

    Algorithm, issuer and audience are pinned here and never read from the token: a token that says ``alg: none`` or
    HS256 (signed with the public key as its password) is refused.
    """
    try:
        claims = jwt.decode(
            token,
            token_key().public_key(),
            algorithms=[ALGORITHM],
            issuer=issuer(),
            audience=AUDIENCE,
            options={"require": REQUIRED},
        )
        return int(claims["sub"])
    except jwt.ExpiredSignatureError as error:
        raise BadTokenError("令牌已过期，请重新获取。") from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise BadTokenError("令牌无效，请重新获取。") from error
