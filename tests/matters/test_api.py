"""The open interface of the catalogue."""

import pytest
from django.test import Client

from identity.models import Department
from matters.guide import GUIDE_FIELDS
from matters.models import Matter
from tests.matters.conftest import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_outer")]
ROOT = "/api/v1/public"


@pytest.fixture
def two(food: Matter, housing_bureau: Department) -> None:
    publish(housing_bureau, "YC-3", "建筑工程施工许可", header={"themes": ["工程建设"], "aliases": [], "name_en": ""})


def codes(client: Client, query: str) -> list[str]:
    response = client.get(f"{ROOT}/matters/?{query}")
    assert response.status_code == 200, response.content
    return [row["code"] for row in response.json()["results"]]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["YC-SCJG-0001", "YC-3"]),
        ("q=spjy", ["YC-SCJG-0001", "YC-3"]),  # of the second it is a material
        ("q=spjy&depth=5", ["YC-SCJG-0001", "YC-3"]),
        ("life=found", ["YC-SCJG-0001"]),
        ("q=kfd", ["YC-SCJG-0001"]),
        ("q=许可&department=YC-ZJ", ["YC-3"]),
        ("theme=工程建设", ["YC-3"]),
        ("audience=traveller", []),
        ("type=01&level=4&online=true", ["YC-SCJG-0001", "YC-3"]),
        ("online=false", []),
        ("page_size=1&page=2", ["YC-3"]),
    ],
)
def test_list(client: Client, query: str, found: list[str]) -> None:
    assert codes(client, query) == found


@pytest.mark.parametrize("query", ["audience=nobody", "type=77", "page=9", "q=" + "x" * 101, "q=%00"])
def test_bad_questions_get_a_problem(client: Client, query: str) -> None:
    response = client.get(f"{ROOT}/matters/?{query}")
    assert response.status_code in (400, 404)
    assert set(response.json()) >= {"code", "title", "detail"}


@pytest.mark.usefixtures("two")
def test_a_list_takes_few_queries(client: Client, django_assert_num_queries) -> None:
    codes(client, "")
    with django_assert_num_queries(2):  # the stamp of the index, the rows
        codes(client, "")
    with django_assert_num_queries(3):  # and the grams
        codes(client, "q=许可")


def test_a_whole_guide(food: Matter, client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        body = client.get(f"{ROOT}/matters/{food.code}/").json()
    assert list(body["guide"]) == list(GUIDE_FIELDS)
    assert len(body["guide"]["materials"]) == 3
    assert body["form"]["sections"][0]["fields"][0]["prefilled_from"] == "enterprise.name"
    assert body["version"]["number"] == 1
    assert body["url"].endswith(f"/matters/{food.code}/")


def test_unchanged_answers_are_not_sent_again(food: Matter, client: Client) -> None:
    address = f"{ROOT}/matters/{food.code}/"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    publish(food.department, conditions=["有固定的经营场所"])
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_unknown_matter(client: Client) -> None:
    response = client.get(f"{ROOT}/matters/NONE/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.usefixtures("two")
def test_departments_and_themes(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        rows = client.get(f"{ROOT}/departments/").json()["results"]
    assert [(row["code"], row["matter_count"]) for row in rows] == [("YC-SCJG", 1), ("YC-ZJ", 1)]
    with django_assert_num_queries(1):
        themes = client.get(f"{ROOT}/themes/").json()
    assert {"value": "工程建设", "count": 1} in themes


def test_nothing_can_be_written(client: Client, food: Matter) -> None:
    assert client.post(f"{ROOT}/matters/", {}).status_code == 405
