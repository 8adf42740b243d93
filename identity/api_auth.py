"""``Authorization: Bearer …`` for the programming interface."""

from typing import Any

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from identity.backends import SideBackend
from identity.models import User
from identity.tokens import BadTokenError, verify


class TokenAuthentication(BaseAuthentication):
    """Accepts tokens of ``POST /api/v1/public/token/`` while their account may still log in on this side."""

    def authenticate(self, request: Request | HttpRequest) -> tuple[User, str] | None:
        """The user and the token; None without a bearer header; AuthenticationFailed for a bad token."""
        parts = get_authorization_header(request).split()  # type: ignore[arg-type]  # it reads META only
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Authorization 头应为：Bearer 空格 令牌。")
        try:
            user_id = verify(parts[1].decode("ascii"))
        except (BadTokenError, UnicodeDecodeError) as error:
            raise AuthenticationFailed(str(error) if isinstance(error, BadTokenError) else "令牌无效。") from error
        user = SideBackend().get_user(user_id)
        if not isinstance(user, User):
            raise AuthenticationFailed("账号已停用，或不属于这一侧。")
        return user, parts[1].decode("ascii")

    def authenticate_header(self, request: Request) -> str:
        """Makes refusals 401 instead of 403."""
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """Tells the OpenAPI schema about bearer tokens."""

    target_class = "identity.api_auth.TokenAuthentication"
    name = "bearerToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The scheme in OpenAPI's words."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
