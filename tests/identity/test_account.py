"""The account page shows what is kept, masked; no page, address or log line ever shows a whole number."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from identity.models import Enterprise, Person, User
from tests.people import LI_MING_ID, QINGHE_USCC, login

PAGES = [
    "identity:account",
    "identity:phone",
    "identity:enterprise-register",
    "account_change_password",
    "account_logout",
    "mfa_index",
]


def test_account_shows_masked_data(on_outer, li_ming: User, qinghe: Enterprise) -> None:
    page = login(li_ming).get(reverse("identity:account")).content.decode()
    assert LI_MING_ID[0] + "*" * 16 + LI_MING_ID[-1] in page
    assert "139****0002" in page


def test_no_page_shows_a_whole_number(on_outer, li_ming: User, qinghe: Enterprise, caplog) -> None:
    caplog.set_level(logging.INFO)
    client = login(li_ming)
    urls = [reverse(name) for name in PAGES] + [reverse("identity:enterprise", args=[qinghe.uid])]
    for url in urls:
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, url
        for secret in (LI_MING_ID, "13900010002", QINGHE_USCC):
            assert secret not in answer.content.decode() + str(answer.headers) + caplog.text, url


@pytest.mark.parametrize("name", PAGES)
def test_pages_obey_the_content_policy(on_outer, li_ming: User, name: str) -> None:
    page = login(li_ming).get(reverse(name), follow=True).content.decode()
    assert "style=" not in page
    assert "onclick=" not in page
    assert "<style" not in page


@pytest.mark.parametrize("name", ["identity:account", "identity:phone", "mfa_index", "account_change_password"])
def test_anonymous_is_sent_to_log_in(on_outer, db, name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_phone_is_changed_and_shown_masked(on_outer, li_ming: User) -> None:
    page = login(li_ming).post(reverse("identity:phone"), {"phone": "13711112222"}, follow=True).content.decode()
    assert "137****2222" in page
    assert Person.objects.get(user=li_ming).phone == "13711112222"


def test_wrong_phone_is_explained_and_kept(on_outer, li_ming: User) -> None:
    page = login(li_ming).post(reverse("identity:phone"), {"phone": "5550100"}).content.decode()
    assert "11 位" in page
    assert 'value="5550100"' in page


def test_staff_see_their_posts(on_inner, clerk: User) -> None:
    page = login(clerk).get(reverse("identity:account")).content.decode()
    assert "云川市市场监督管理局" in page
    assert "窗口人员" in page


def test_account_page_costs_few_queries(
    on_outer, li_ming: User, qinghe: Enterprise, django_assert_max_num_queries
) -> None:
    client = login(li_ming)
    with django_assert_max_num_queries(14):
        client.get(reverse("identity:account"))
