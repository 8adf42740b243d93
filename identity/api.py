"""``POST /api/v1/public/token/``: a program logs in with a person's password and gets a token for 15 minutes."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity.api_auth import TokenAuthentication
from identity.models import User
from identity.tokens import issue

MINUTES = 15


class Credentials(serializers.Serializer[Any]):
    """What to log in with."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})
    code = serializers.CharField(max_length=16, required=False, help_text="开启了双因素验证的账号须带上动态码")


class Token(serializers.Serializer[Any]):
    """A bearer token and how long it lives, in seconds."""

    token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField()


class TokenView(APIView):
    """Password for token. Wrong passwords count towards the same lock-out as the log-in page."""

    authentication_classes = (TokenAuthentication,)  # never asked of the caller, but makes refusals 401
    permission_classes = (AllowAny,)

    @extend_schema(request=Credentials, responses={200: Token}, summary="用账号和密码换取 15 分钟的令牌", auth=[])
    def post(self, request: Request) -> Response:
        """Answers 401 for wrong credentials, 429 while the account is locked."""
        given = Credentials(data=request.data)
        given.is_valid(raise_exception=True)
        user = _log_in(request, given.validated_data)
        return Response({"token": issue(user, MINUTES), "token_type": "Bearer", "expires_in": MINUTES * 60})


def _log_in(request: Request, given: dict[str, str]) -> User:
    adapter = get_adapter(request)
    try:
        user = adapter.authenticate(request._request, username=given["username"], password=given["password"])
    except ValidationError as error:
        raise Throttled(detail=error.messages[0]) from error
    if not isinstance(user, User):
        raise AuthenticationFailed(adapter.error_messages["username_password_mismatch"])
    if is_mfa_enabled(user):
        _check_code(user, given.get("code", ""))
    return user


def _check_code(user: User, code: str) -> None:
    # A token without the second factor would be a way around it.
    form = AuthenticateForm({"code": code}, user=user)
    if not form.is_valid():
        error = form.errors.as_data()["code"][0]
        if error.code == "too_many_login_attempts":
            raise Throttled(detail=error.messages[0])
        raise AuthenticationFailed(
            "这个账号开启了双因素验证，请在 code 中带上验证器的动态码。" if not code else error.messages[0]
        )
