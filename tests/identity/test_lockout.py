"""Guessers are locked out: five wrong passwords lock an account for 30 minutes, whatever address or door they use."""

import pytest
from allauth.core.internal import ratelimit
from django.test import Client
from django.urls import reverse

from identity.models import User
from tests.people import PASSWORD


@pytest.fixture(autouse=True)
def shared_cache(settings, db) -> None:
    """The cache of a real site: a table that all its processes share."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "hall_cache"}}


def attempt(username: str, password: str, **extra: str) -> tuple[bool, str]:
    """One try from a fresh browser: whether it got in, and the page."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": username, "password": password}, **extra)
    return "_auth_user_id" in client.session, answer.content.decode()


def guess(times: int, username: str = "wangfang", **extra: str) -> None:
    for number in range(times):
        assert not attempt(username, f"Falsch-{number}", **extra)[0]


def test_right_password_is_refused_after_five_wrong_ones(on_outer, wang_fang: User) -> None:
    guess(5)
    inside, page = attempt("wangfang", PASSWORD)
    assert not inside
    assert "30 分钟" in page


def test_four_wrong_ones_do_not_lock(on_outer, wang_fang: User) -> None:
    guess(4)
    assert attempt("wangfang", PASSWORD)[0]


def test_other_address_other_spelling_other_host_do_not_help(on_outer, wang_fang: User) -> None:
    guess(2, REMOTE_ADDR="10.0.0.1")
    guess(1, username=" WangFang ", REMOTE_ADDR="10.0.0.2")
    guess(2, SERVER_NAME="localhost")
    assert not attempt("wangfang", PASSWORD, REMOTE_ADDR="10.0.0.3")[0]


def test_lock_does_not_hit_others(on_outer, wang_fang: User, zhou_dahai: User) -> None:
    guess(5)
    assert attempt("zhoudahai", PASSWORD)[0]


def test_lock_ends_after_thirty_minutes(on_outer, wang_fang: User, monkeypatch) -> None:
    guess(5)
    now = ratelimit.time.time()
    monkeypatch.setattr(ratelimit.time, "time", lambda: now + 29 * 60)
    assert not attempt("wangfang", PASSWORD)[0]
    monkeypatch.setattr(ratelimit.time, "time", lambda: now + 31 * 60)
    assert attempt("wangfang", PASSWORD)[0]


def test_success_does_not_reset_the_count(on_outer, wang_fang: User) -> None:
    guess(4)
    assert attempt("wangfang", PASSWORD)[0]
    guess(1)
    assert not attempt("wangfang", PASSWORD)[0]


def test_fifty_wrong_ones_lock_an_address(on_outer, wang_fang: User, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1000/m/ip"}
    for number in range(50):
        attempt(f"guess-{number}", "Falsch-1")
    assert not attempt("wangfang", PASSWORD)[0]
    assert attempt("wangfang", PASSWORD, REMOTE_ADDR="10.0.0.9")[0]


def test_token_door_counts_too(on_outer, wang_fang: User) -> None:
    guess(3)
    client = Client()
    url = reverse("api-identity:token")
    for _number in range(2):
        answer = client.post(url, {"username": "wangfang", "password": "Falsch-1"}, "application/json")
        assert answer.status_code == 401
    answer = client.post(url, {"username": "wangfang", "password": PASSWORD}, "application/json")
    assert answer.status_code == 429
    assert "30 分钟" in answer.json()["detail"]
    assert not attempt("wangfang", PASSWORD)[0]
