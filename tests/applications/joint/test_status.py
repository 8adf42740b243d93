"""The status query by the joint number and its code, for people and for programs."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import JointCase
from tests.applications.joint.conftest import FOOD, child

pytestmark = pytest.mark.django_db


def ask(client: Client, number: str, code: str) -> str:
    return client.post(reverse("applications:status"), {"number": number, "code": code}).content.decode()


def test_one_number_tells_of_every_member(filed: JointCase, client: Client) -> None:
    page = ask(client, str(filed.number), filed.query_code.lower())
    for words in ("开办餐饮店一件事", "食品经营许可", "消防安全检查", "用工备案", "云川市住房和城乡建设局", "待受理"):
        assert words in page
    assert "没有查到" in ask(client, str(filed.number), "222222")
    assert "食品经营许可" in ask(client, str(child(filed, FOOD).number), child(filed, FOOD).query_code)


def test_in_english(filed: JointCase, client: Client) -> None:
    client.post("/view-mode/", {"language": "en"})
    page = ask(client, str(filed.number), filed.query_code)
    assert "Lead department" in page
    assert "Awaiting acceptance" in page


def test_for_programs(filed: JointCase, client: Client) -> None:
    url = reverse("api-public:status")
    sent = {"number": filed.number, "code": filed.query_code}
    told = client.post(url, sent, content_type="application/json").json()
    assert told["number"] == filed.number
    assert [one["state"] for one in told["members"]] == ["SUBMITTED"] * 3
    assert "id" not in told
    assert client.post(url, {**sent, "code": "222222"}, content_type="application/json").status_code == 404
