"""A NUL in an address is refused with a page, on either database, logged in or not."""

import pytest
from django.test import Client

from identity.models import User
from tests.people import login

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/matters/%00/", "/matters/?q=a%00b", "/check/AB%00CD/"])
def test_the_public_gets_a_page_that_helps(on_outer: str, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 400
    assert "首页" in answer.content.decode()


def test_officers_too(on_inner: str, clerk: User) -> None:
    assert login(clerk).get("/work/%00/").status_code == 400
    assert login(clerk).get("/work/?q=%00").status_code == 400
