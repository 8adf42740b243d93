"""Staff may protect their account with a second factor; its secret is stored encrypted."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from identity.models import User
from tests.identity.test_api_token import code_of
from tests.people import PASSWORD


@pytest.fixture
def client_in(on_inner, clerk: User) -> Client:
    """A browser in which 陈静 has just logged in with her password."""
    client = Client()
    client.post(reverse("account_login"), {"login": "chenjing", "password": PASSWORD})
    return client


def switch_on(client: Client) -> str:
    """Switch the second factor on through the pages; its secret."""
    url = reverse("mfa_activate_totp")
    confirm = client.get(url)
    assert confirm.url.startswith(reverse("account_reauthenticate"))
    assert client.post(confirm.url, {"password": PASSWORD}).url == url
    secret = re.search(r"<code>([A-Z2-7]+)</code>", client.get(url).content.decode())[1]
    page = client.post(url, {"code": code_of(secret)}, follow=True).content.decode()
    assert "还有 10 个没有用过" in page  # the recovery codes are shown at once
    return secret


def log_in_again() -> Client:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": "chenjing", "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    return client


def test_password_alone_is_no_longer_enough(client_in: Client) -> None:
    secret = switch_on(client_in)
    Authenticator.objects.update(last_used_at=None)
    client = log_in_again()
    page = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "动态码不对" in page
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "_auth_user_id" in client.session


def test_secret_is_encrypted(client_in: Client) -> None:
    secret = switch_on(client_in)
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert stored.startswith("v1:")
    assert secret not in stored


def test_recovery_code_opens_once(client_in: Client) -> None:
    switch_on(client_in)
    page = client_in.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.search(r"<li><code>(\d+)</code>", page)[1]
    for expected in (True, False):
        client = log_in_again()
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in client.session) is expected


def test_switching_off(client_in: Client) -> None:
    switch_on(client_in)
    page = client_in.post(reverse("mfa_deactivate_totp"), follow=True).content.decode()
    assert "双因素验证已关闭" in page
    assert not Authenticator.objects.exists()


def test_pages_read_well(client_in: Client) -> None:
    switch_on(client_in)
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        answer = client_in.get(reverse(name))
        assert answer.status_code == 200
        assert "style=" not in answer.content.decode()
    assert client_in.get(reverse("mfa_download_recovery_codes")).status_code == 200


def test_wrong_confirmation_is_refused(client_in: Client) -> None:
    answer = client_in.get(reverse("mfa_activate_totp"), follow=True)
    assert "请再输入一次密码" in answer.content.decode()
    page = client_in.post(answer.redirect_chain[-1][0], {"password": "Falsch-1"}).content.decode()
    assert "密码不对" in page
    assert client_in.get(reverse("mfa_activate_totp")).status_code == 302
