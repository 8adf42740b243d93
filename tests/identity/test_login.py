"""Log-in, log-out, change of password: applicants outside, staff inside, operators on both, one answer for all others."""

import pytest
from django.test import Client
from django.urls import reverse

from identity.models import User
from tests.people import PASSWORD, login

MISMATCH = "用户名或密码不对"


def try_login(username: str, password: str = PASSWORD) -> tuple[Client, str]:
    """The browser and the text of the page that a log-in answers with."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": username, "password": password})
    return client, answer.content.decode()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_applicant_logs_in_outside(on_outer, wang_fang: User) -> None:
    client, _page = try_login("wangfang")
    assert is_in(client)


def test_clerk_logs_in_inside(on_inner, clerk: User) -> None:
    client, _page = try_login("chenjing")
    assert is_in(client)


def test_operator_logs_in_on_both(settings, operator: User) -> None:
    for side in ("outer", "inner"):
        settings.HALL_SIDE, settings.IS_OUTER, settings.ROOT_URLCONF = side, side == "outer", f"hall.urls_{side}"
        assert is_in(try_login("xuhang")[0])


def test_clerk_is_refused_outside(on_outer, clerk: User) -> None:
    client, page = try_login("chenjing")
    assert not is_in(client)
    assert MISMATCH in page


def test_applicant_is_refused_inside(on_inner, wang_fang: User) -> None:
    client, page = try_login("wangfang")
    assert not is_in(client)
    assert MISMATCH in page


def test_staff_without_post_is_refused(on_inner, clerk: User) -> None:
    clerk.posts.update(active=False)
    assert not is_in(try_login("chenjing")[0])


def test_closed_account_is_refused(on_outer, wang_fang: User) -> None:
    User.objects.update(is_active=False)
    client, page = try_login("wangfang")
    assert not is_in(client)
    assert MISMATCH in page


def test_wrong_password_and_unknown_name_get_the_same_answer(on_outer, wang_fang: User) -> None:
    wrong = try_login("wangfang", "Falsch-2026")[1]
    unknown = try_login("nobody-here", "Falsch-2026")[1]
    assert MISMATCH in wrong
    assert MISMATCH in unknown


def test_unknown_name_costs_a_hash_like_a_known_one(on_outer, wang_fang: User, monkeypatch) -> None:
    hashed: list[str] = []
    plain = User.set_password
    monkeypatch.setattr(User, "set_password", lambda user, raw: (hashed.append("unknown"), plain(user, raw)))
    try_login("nobody-here", "Falsch-2026")
    assert hashed == ["unknown"]


def test_typed_name_is_kept_and_password_is_not(on_outer, wang_fang: User) -> None:
    page = try_login("wangfang", "Falsch-2026")[1]
    assert 'value="wangfang"' in page
    assert "Falsch-2026" not in page


def test_ended_post_ends_the_session(on_inner, clerk: User) -> None:
    client, _page = try_login("chenjing")
    clerk.posts.update(active=False)
    assert client.get(reverse("identity:account")).status_code == 302


def test_log_out_needs_a_post(on_outer, wang_fang: User) -> None:
    client = login(wang_fang)
    assert "要退出登录吗" in client.get(reverse("account_logout")).content.decode()
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


def test_password_is_changed_and_other_sessions_end(on_outer, wang_fang: User) -> None:
    here, elsewhere = login(wang_fang), login(wang_fang)
    new = "Neues-Wort-2026"
    answer = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    assert "密码已修改" in answer.content.decode()
    assert elsewhere.get(reverse("identity:account")).status_code == 302
    assert is_in(try_login("wangfang", new)[0])


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "Neues-Wort-2026", "Neues-Wort-2026", "请填写现在使用的密码"),
        (PASSWORD, "Neues-Wort-2026", "Neues-Wort-2027", "必须相同"),
        (PASSWORD, "onlysmallletters", "onlysmallletters", "至少三类"),
        (PASSWORD, "Ab1-", "Ab1-", "8"),
    ],
)
def test_bad_change_is_explained(on_outer, wang_fang: User, old: str, new: str, again: str, said: str) -> None:
    data = {"oldpassword": old, "password1": new, "password2": again}
    answer = login(wang_fang).post(reverse("account_change_password"), data)
    assert said in answer.content.decode()
    wang_fang.refresh_from_db()
    assert wang_fang.check_password(PASSWORD)


def test_nobody_signs_up_inside(on_inner, db) -> None:
    assert Client().get("/accounts/signup/").status_code in (403, 404)


def test_session_ends_after_idle_time(on_outer, wang_fang: User, settings) -> None:
    client, _page = try_login("wangfang")
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
    assert client.session.get_expire_at_browser_close()
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    Session.objects.update(expire_date=timezone.now())  # the idle time is over
    assert client.get(reverse("identity:account")).status_code == 302


def test_every_click_renews_the_idle_time(on_outer, wang_fang: User) -> None:
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from django.utils import timezone

    client, _page = try_login("wangfang")
    soon = timezone.now() + timedelta(minutes=1)
    Session.objects.update(expire_date=soon)
    client.get(reverse("identity:account"))
    assert Session.objects.get().expire_date > soon
