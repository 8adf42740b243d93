"""Programs log in with a password, once more with a second factor where there is one, and then by bearer token."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client, RequestFactory
from django.urls import reverse
from rest_framework.exceptions import AuthenticationFailed

from identity.api_auth import TokenAuthentication
from identity.models import User
from identity.tokens import issue, verify
from tests.people import PASSWORD


def ask(**body: str) -> tuple[int, dict]:
    answer = Client().post(reverse("api-identity:token"), body, "application/json")
    return answer.status_code, answer.json()


def authenticate(header: str):
    return TokenAuthentication().authenticate(RequestFactory().get("/", headers={"Authorization": header}))


def test_password_gives_a_token(on_outer, wang_fang: User) -> None:
    status, body = ask(username="wangfang", password=PASSWORD)
    assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 900)
    assert verify(body["token"]) == wang_fang.pk


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "wangfang", "password": "Falsch-1"}, 401),
        ({"username": "nobody-here", "password": PASSWORD}, 401),
        ({"username": "chenjing", "password": PASSWORD}, 401),
        ({"username": "wangfang"}, 400),
        ({}, 400),
    ],
)
def test_refusals_are_problems(on_outer, wang_fang: User, clerk: User, body: dict[str, str], status: int) -> None:
    got, answer = ask(**body)
    assert got == status
    assert {"code", "title", "detail"} <= set(answer)


def test_wrong_password_and_foreign_account_get_the_same_answer(on_outer, wang_fang: User, clerk: User) -> None:
    assert ask(username="wangfang", password="Falsch-1") == ask(username="chenjing", password=PASSWORD)


def test_token_names_the_user(on_outer, wang_fang: User) -> None:
    token = issue(wang_fang)
    assert authenticate(f"Bearer {token}") == (wang_fang, token)


def test_no_header_or_another_scheme_is_left_to_others(db) -> None:
    assert authenticate("") is None
    assert authenticate("Basic eHg6eHg=") is None


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer a b", "Bearer \xff"])
def test_bad_token_is_refused(db, header: str) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(header)


def test_closed_account_is_refused(on_outer, wang_fang: User) -> None:
    token = issue(wang_fang)
    User.objects.update(is_active=False)
    with pytest.raises(AuthenticationFailed, match="停用"):
        authenticate(f"Bearer {token}")


def test_ended_post_is_refused(on_inner, clerk: User) -> None:
    token = issue(clerk)
    assert authenticate(f"Bearer {token}")
    clerk.posts.update(active=False)
    with pytest.raises(AuthenticationFailed):
        authenticate(f"Bearer {token}")


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_second_factor_is_asked_for(on_outer, wang_fang: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(wang_fang, secret)
    status, answer = ask(username="wangfang", password=PASSWORD)
    assert status == 401
    assert "双因素" in answer["detail"]
    assert ask(username="wangfang", password=PASSWORD, code="000000")[0] == 401
    assert ask(username="wangfang", password=PASSWORD, code=code_of(secret))[0] == 200


def test_codes_cannot_be_guessed_for_ever(on_outer, wang_fang: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(wang_fang, secret)
    for _number in range(5):
        ask(username="wangfang", password=PASSWORD, code="000000")
    status, answer = ask(username="wangfang", password=PASSWORD, code=code_of(secret))
    assert status == 429
    assert "30 分钟" in answer["detail"]
