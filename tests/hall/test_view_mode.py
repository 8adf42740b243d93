"""The switches in the page head: language, 长辈模式, strong contrast."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_large_type_is_remembered_and_taken_back(on_outer, client):
    answer = client.post("/view-mode/", {"elder": "1", "next": "/help/?a=1"})
    assert answer.url == "/help/?a=1"
    assert 'class="side-outer elder"' in client.get("/help/").text
    client.post("/view-mode/", {"elder": "0"})
    assert 'elder"' not in client.get("/help/").text.split("<body>")[0]


def test_english_is_chosen_not_guessed(on_outer, client):
    assert '<html lang="zh-CN"' in client.get("/help/", headers={"accept-language": "en"}).text
    client.post("/view-mode/", {"language": "en"})
    page = client.get("/help/")
    assert '<html lang="en"' in page.text
    assert page["Content-Language"] == "en"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(on_outer, client, target):
    assert client.post("/view-mode/", {"elder": "1", "next": target}).url == "/"


@pytest.mark.parametrize("choice", [{"language": "xx"}, {"elder": "<script>"}, {"contrast": "2"}])
def test_nonsense_changes_nothing(on_outer, client, choice):
    assert not client.post("/view-mode/", choice).cookies


def test_a_page_for_anonymous_visitors_sets_no_cookie(on_outer):
    assert not Client().get("/help/").cookies


def test_only_a_post_switches(on_outer, client):
    assert client.get("/view-mode/").status_code == 405
