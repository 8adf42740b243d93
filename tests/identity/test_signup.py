"""Signing up: account and person together, errors at the field, nothing learned about others."""

import logging

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity.fields import keyed_hash
from identity.models import Kind, Person, User
from tests.people import WANG_FANG_ID, id_number

NUMBER = id_number("19910203", 46)
FORM = {
    "username": "qianjin",
    "password1": "Neues-Wort-2026",
    "password2": "Neues-Wort-2026",
    "name": "钱进",
    "id_number": NUMBER.lower(),
    "phone": "138 0000 9999",
    "agreed": "on",
}


def sign_up(**changes: str) -> tuple[Client, str]:
    client = Client()
    data = {key: value for key, value in (FORM | changes).items() if value}
    return client, client.post(reverse("account_signup"), data).content.decode()


def test_account_and_person_are_created_and_logged_in(on_outer, db) -> None:
    client, _page = sign_up()
    person = Person.objects.get(id_number_hash=keyed_hash(NUMBER))
    assert (person.name, person.phone, person.id_number) == ("钱进", "13800009999", NUMBER)
    assert (person.user.kind, person.user.display_name) == (Kind.APPLICANT, "钱进")
    assert not person.user.is_staff
    assert client.session["_auth_user_id"] == str(person.user.pk)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id_number": NUMBER[:-1]}, "18 位"),
        ({"id_number": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, "校验位"),
        ({"id_number": id_number(f"{timezone.localdate().year - 5}0101", 3)}, "监护人"),
        ({"phone": "12345"}, "11 位"),
        ({"name": ""}, "请填写真实姓名"),
        ({"agreed": ""}, "敏感个人信息"),
        ({"password2": "Neues-Wort-2027"}, "必须相同"),
        ({"password1": "password1", "password2": "password1"}, "至少三类"),
        ({"username": "ab"}, "用户名至少 4 个字"),
    ],
)
def test_bad_input_is_explained_and_nothing_is_written(on_outer, db, changes: dict[str, str], said: str) -> None:
    _client, page = sign_up(**changes)
    assert said in page
    assert not User.objects.exists()
    if "phone" not in changes:
        assert 'value="138 0000 9999"' in page  # what was typed is still there


def test_taken_user_name(on_outer, wang_fang: User) -> None:
    _client, page = sign_up(username="WangFang")
    assert "已经有人使用" in page


def test_known_citizen_is_refused_without_saying_so(on_outer, wang_fang: User) -> None:
    client, page = sign_up(id_number=WANG_FANG_ID)
    assert "可能有一项填错了，或者您以前已经注册过" in page
    assert "王芳" not in page
    assert User.objects.count() == 1
    assert "_auth_user_id" not in client.session


def test_double_click_makes_one_account_and_no_error(on_outer, db, monkeypatch) -> None:
    sign_up()
    # The second request passed the form's checks before the first one wrote.
    monkeypatch.setattr("allauth.account.adapter.DefaultAccountAdapter.clean_username", lambda self, name, **_: name)
    monkeypatch.setattr("identity.account_forms.keyed_hash", lambda text: "not yet there")
    client = Client()
    answer = client.post(reverse("account_signup"), FORM, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("account_login")
    assert "请直接登录" in answer.content.decode()
    assert User.objects.count() == Person.objects.count() == 1


def test_citizen_race_leaves_no_account_behind(on_outer, wang_fang: User, monkeypatch) -> None:
    monkeypatch.setattr("identity.account_forms.keyed_hash", lambda text: "not yet there")
    sign_up(id_number=WANG_FANG_ID)
    assert User.objects.count() == 1


def test_number_is_neither_logged_nor_in_an_address(on_outer, db, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client()
    client.post(reverse("account_signup"), FORM | {"phone": "1"})
    answer = client.post(reverse("account_signup"), FORM)
    # The statements of the database driver count too: what they carry is sealed.
    said = " ".join(record.getMessage() for record in caplog.records)
    assert answer.status_code == 302
    assert NUMBER not in said + answer.url
