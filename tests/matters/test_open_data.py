"""The whole published catalogue as files: complete, dated, in parts, and never made while somebody waits for many."""

import csv
import gzip
import io
import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from identity.models import Department
from matters import file_range, open_data, open_data_rows, services
from matters.models import Matter, OpenDataRelease
from tests.matters.conftest import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_outer", "store")]
ROOT = "/api/v1/public/catalogue"


@pytest.fixture
def store(settings: Any, tmp_path: Any) -> None:
    """A file store of the test's own."""
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the worker was asked to do."""
    names: list[str] = []
    monkeypatch.setattr(open_data, "async_task", names.append)
    return names


def body(client: Client, ending: str = ".json", **headers: str) -> bytes:
    response = client.get(ROOT + ending, headers=headers)
    assert response.status_code in (200, 206), response.content
    return b"".join(response.streaming_content)


def test_it_holds_every_published_guide(food: Matter, housing_bureau: Department, client: Client) -> None:
    publish(housing_bureau, "YC-3", "建筑工程施工许可")
    services.save_draft({"header": {"code": "YC-9"}, "guide": {"matter_name": "草稿"}, "form": {}}, housing_bureau)
    data = json.loads(body(client))
    assert [matter["code"] for matter in data["matters"]] == ["YC-3", "YC-SCJG-0001"]
    assert data["count"] == 2
    assert food.current is not None
    one = data["matters"][1]
    assert one["guide"] == food.current.content["guide"]
    assert one["form"] == food.current.content["form"]
    assert one["version"]["digest"] == food.current.digest
    assert one["url"].endswith("/matters/YC-SCJG-0001/")


def test_it_says_whose_it_is_and_how_it_may_be_used(food: Matter, client: Client, settings: Any) -> None:
    settings.HALL_SPONSOR = {**settings.HALL_SPONSOR, "name": "云川市人民政府"}
    data = json.loads(body(client))
    assert data["publisher"] == "云川市人民政府"
    assert "注明来源" in data["licence"]
    assert data["source"] == settings.HALL_OUTER_URL
    assert data["schema"] == open_data_rows.SCHEMA
    assert data["generated_at"].endswith("+08:00")


def test_the_packed_file_is_the_same(food: Matter, client: Client) -> None:
    assert gzip.decompress(body(client, ".json.gz")) == body(client)


def test_the_table_opens_in_a_spreadsheet(food: Matter, client: Client) -> None:
    text = body(client, ".csv")
    assert text.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
    assert (row["事项名称"], row["部门名称"], row["期限单位"]) == ("食品经营许可", "云川市市场监督管理局", "个工作日")


@pytest.mark.parametrize("name", ["=1+1", "+86", "-1", "@SUM(A1)"])
def test_no_cell_of_the_table_is_a_formula(name: str) -> None:
    assert open_data_rows.inert(name) == f"'{name}"
    assert open_data_rows.inert("食品") == "食品"


def test_an_empty_catalogue_is_still_json(client: Client) -> None:
    assert json.loads(body(client))["matters"] == []


# --- asking again, and for parts


def test_nothing_is_sent_twice(food: Matter, client: Client) -> None:
    first = client.get(f"{ROOT}.json")
    again = client.get(f"{ROOT}.json", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{ROOT}.json", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304


def test_a_broken_download_goes_on(food: Matter, client: Client) -> None:
    whole = body(client)
    response = client.get(f"{ROOT}.json", headers={"Range": "bytes=100-"})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    assert b"".join(response.streaming_content) == whole[100:]
    assert body(client, Range="bytes=-7") == whole[-7:]


def test_a_part_of_an_older_file_is_not_mixed_with_a_newer_one(food: Matter, client: Client) -> None:
    whole = body(client)
    assert body(client, **{"Range": "bytes=100-", "If-Range": '"another"'}) == whole


def test_what_is_not_there_is_refused(food: Matter, client: Client) -> None:
    size = len(body(client))
    response = client.get(f"{ROOT}.json", headers={"Range": f"bytes={size}-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{size}"


@given(size=st.integers(0, 50), header=st.from_regex(r"bytes=\d{0,2}-\d{0,2}", fullmatch=True))
def test_a_range_is_inside_the_file(size: int, header: str) -> None:
    try:
        found = file_range.wanted(header, size)
    except file_range.OutOfRange:
        return
    assert found is None or 0 <= found[0] <= found[1] < size


@pytest.mark.parametrize("header", ["", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "items=0-1", "bytes=5-3", "bytes=١-٢"])
def test_nonsense_is_answered_with_all_of_it(header: str) -> None:
    assert file_range.wanted(header, 100) is None


@pytest.mark.parametrize("accept", ["text/csv", "application/gzip", "image/png"])
def test_any_program_may_download(food: Matter, client: Client, accept: str) -> None:
    assert body(client, ".csv", Accept=accept)


# --- when it is made


def test_a_change_makes_a_new_file_in_the_background(food: Matter, client: Client, asked: list[str]) -> None:
    old = body(client)
    publish(food.department, promised_limit={"value": 7, "unit": "G"})
    assert body(client) == old
    assert body(client) == old
    assert asked == ["matters.open_data.refresh"]
    assert open_data.refresh()
    assert not open_data.refresh()
    assert json.loads(body(client))["matters"][0]["version"]["number"] == 2


def test_a_large_catalogue_is_not_made_while_somebody_waits(
    food: Matter, client: Client, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_data, "SMALL", 0)
    response = client.get(f"{ROOT}.json")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response.json()["code"] == "not_ready"
    assert "正在生成" in client.get("/open-data/").content.decode()
    assert asked == ["matters.open_data.refresh"]
    open_data.refresh()
    assert client.get(f"{ROOT}.json").status_code == 200


def test_a_file_that_is_lost_is_made_again(food: Matter, client: Client, asked: list[str]) -> None:
    release = open_data.make()
    default_storage.delete(release.files["json"]["path"])
    assert client.get(f"{ROOT}.json").status_code == 503
    assert asked
    assert open_data.refresh()
    assert client.get(f"{ROOT}.json").status_code == 200


def test_old_files_go_but_the_last_two_stay(food: Matter) -> None:
    for limit in (7, 8, 9):
        publish(food.department, promised_limit={"value": limit, "unit": "G"})
        open_data.refresh()
    assert OpenDataRelease.objects.count() == open_data.KEPT
    kept = {
        file["path"].removeprefix("open-data/") for one in OpenDataRelease.objects.all() for file in one.files.values()
    }
    assert set(default_storage.listdir("open-data")[1]) == kept


def test_what_is_withdrawn_is_not_given_away(food: Matter, client: Client) -> None:
    services.withdraw(food)
    open_data.refresh()
    assert json.loads(body(client))["matters"] == []


def test_making_it_takes_as_many_queries_for_many_as_for_one(food: Matter, django_assert_num_queries: Any) -> None:
    for number in range(20):
        publish(food.department, f"YC-{number}", f"事项{number}")
    with django_assert_num_queries(4):
        list(open_data._rows())
        open_data.publisher()
        open_data.latest()
        open_data._published().count()


# --- the page


def test_the_page_tells_size_date_conditions_and_fields(
    food: Matter, client: Client, django_assert_max_num_queries: Any
) -> None:
    open_data.make()
    with django_assert_max_num_queries(2):
        html = client.get("/open-data/").content.decode()
    for words in ("开放数据", "共 1 个事项", "catalogue.json", "catalogue.csv", "注明来源", "generated_at", "KB"):
        assert words in html, words


def test_the_page_is_found_from_the_footer_the_site_map_and_the_interfaces(client: Client) -> None:
    for path in ("/help/", "/sitemap/", "/api/docs/"):
        assert 'href="/open-data/"' in client.get(path).content.decode()
    assert "/api/v1/public/catalogue.json" in client.get("/api/docs/").content.decode()
