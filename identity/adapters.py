"""How allauth behaves in the hall: who may sign up, what is said, how guessers are counted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import parse_rates
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from identity.fields import seal, unseal


def lock_minutes() -> int:
    """How long an account stays locked after too many wrong passwords, in minutes (the longest of the limits)."""
    return max(int(rate.duration) // 60 for rate in parse_rates(settings.ACCOUNT_RATE_LIMITS["login_failed"]))


def _locked_message() -> str:
    text = gettext(
        "密码连续输错次数太多，为保护账号已暂停登录。请最多等待 %(minutes)d 分钟后再试；忘记密码请联系窗口或管理员重置。"
    )
    return text % {"minutes": lock_minutes()}


class HallAccountAdapter(DefaultAccountAdapter):
    """Accounts with a username and no e-mail."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "用户名或密码不对，请核对大小写后重试。申请人请在公众网站登录，工作人员请在内网登录。"
        ),
        "too_many_login_attempts": lazy(_locked_message, str)(),
        "incorrect_password": _("密码不对，请核对大小写后重试。"),
        "enter_current_password": _("请填写现在使用的密码。"),
        "username_taken": _("这个用户名已经有人使用，请换一个。"),
        "username_blacklisted": _("这个用户名不能使用，请换一个。"),
        "rate_limited": _("操作太频繁，请稍等一分钟再试。"),
        "account_inactive": _("这个账号已停用。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Applicants sign up on the public portal; staff accounts are made by the operator."""
        return settings.IS_OUTER

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account page, where the message is shown."""
        return resolve_url("identity:account")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth puts the host name into the key, so every allowed host name would give a guesser five more tries.
        return f"{settings.HALL_SIDE}:{credentials.get('username', '').strip().lower()}"


class HallMFAAdapter(DefaultMFAAdapter):
    """Second factors, with their secrets encrypted like other personal data."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("动态码不对或已过期，请填写验证器上正显示的 6 位数字。"),
    }

    def encrypt(self, text: str) -> str:
        """The stored form of a second factor's secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Counterpart of ``encrypt``."""
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """The name shown in the authenticator app."""
        return f"{settings.HALL_NAME}（{'公众网' if settings.IS_OUTER else '内网'}）"
