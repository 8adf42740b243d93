"""The public's pages of the query services: list, form and results, record, one text over all sets, open data."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity.models import Department
from matters.datasets import queries
from matters.models import DataSet, PublicRow
from tests.matters.datasets import (
    LI,
    LI_ID,
    PHARMACIES,
    SUBSIDIES,
    ZHANG,
    ZHANG_ID,
    arrive,
    crossed,
    facts,
    forget,
    pharmacy,
    published,
    switch,
)

pytestmark = pytest.mark.django_db
OPEN = PHARMACIES | {
    "name": "药店名录",
    "open": True,
    "fields": [field | ({"search": ""} if field["key"] == "owner_id" else {}) for field in PHARMACIES["fields"]],
}


@pytest.fixture
def pharmacies(on_inner: str, market_bureau: Department, settings: Any) -> DataSet:
    return crossed(published(market_bureau, [pharmacy(n) for n in range(1, 31)]), settings)


@pytest.fixture
def subsidies(on_inner: str, market_bureau: Department, settings: Any) -> DataSet:
    return crossed(published(market_bureau, [ZHANG, LI], SUBSIDIES, "subsidies"), settings)


@pytest.fixture
def open_set(on_inner: str, market_bureau: Department, settings: Any) -> DataSet:
    rows = [pharmacy(1), pharmacy(2, name="=cmd|药房")]
    return crossed(published(market_bureau, rows, OPEN, "open-pharmacies"), settings)


def names(dataset: DataSet, **asked: str) -> list[str]:
    dataset = queries.get(dataset.slug)
    return [row.values["name"] for row in queries.records(dataset, asked)]


# --- asking
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"name": "康宁"}, 30),
        ({"name": "第7分"}, 1),
        ({"name": "店"}, 30),
        ({"name": "云川市康宁大药房第7分店"}, 1),
        ({"name": "云川市康宁大药房第7分店和后面没有的字"}, 0),
        ({"name": "大药房第 12 分店"}, 1),
        ({"code": "p5199000003"}, 1),
        ({"code": "P519900000"}, 0),
        ({"area": "青溪"}, 15),
        ({"area": "溪区"}, 0),
        ({"since": "2026-03"}, 30),
        ({"since": "2026年3月2日"}, 30),
        ({"area": "青溪区", "name": "第3分"}, 1),
        ({"owner_id": pharmacy(4)["owner_id"]}, 1),
        ({"owner_id": pharmacy(4)["owner_id"][:-1]}, 0),
        ({"name": "%"}, 0),
        ({"name": "\U0010ffff"}, 0),
    ],
)
def test_fields_are_found_exactly_by_beginning_or_inside(
    pharmacies: DataSet, asked: dict[str, str], count: int
) -> None:
    assert len(names(pharmacies, **asked)) == count


def test_results_are_sorted_by_value(pharmacies: DataSet) -> None:
    dataset = queries.get("pharmacies")
    by_number = [row.values["beds"] for row in queries.records(dataset, {}, sort="-beds")]
    assert by_number == [str(n) for n in range(30, 0, -1)]
    assert [row.pk for row in queries.records(dataset, {}, sort="nonsense")] == [
        row.pk for row in queries.records(dataset, {}, sort="name")
    ]


def test_the_page_shows_form_results_source_and_date(pharmacies: DataSet, client: Client) -> None:
    page = client.get("/query/pharmacies/?name=康宁&sort=-beds")
    assert page.status_code == 200
    text = page.content.decode()
    assert "共 30 条记录" in text
    assert "云川市医疗保障局定点协议台账" in text
    assert "更新于" in text
    assert text.count('data-label="药店名称"') == 20
    assert "赵*" in text
    assert "赵无名" not in text


def test_nothing_found_says_what_to_do(pharmacies: DataSet, client: Client) -> None:
    assert "没有查到" in client.get("/query/pharmacies/?name=没有").content.decode()


def test_a_record_has_its_own_page(pharmacies: DataSet, client: Client) -> None:
    row = PublicRow.objects.get(values__code="P5199000004")
    text = client.get(f"/query/pharmacies/{row.ref}/").content.decode()
    assert "云川市青溪区***" in text
    assert "内部" not in text
    assert client.get("/query/pharmacies/000000000000000000000000/").status_code == 404


def test_pages_keep_their_etag(pharmacies: DataSet, client: Client) -> None:
    first = client.get("/query/pharmacies/")
    again = client.get("/query/pharmacies/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/query/", "/query/pharmacies/?name=康宁", "/query/all/?q=康宁"])
def test_query_counts_do_not_grow(
    pharmacies: DataSet, client: Client, path: str, settings: Any, market_bureau: Department
) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    before = count()
    switch(settings, "inner")
    more = [published(market_bureau, [pharmacy(n) for n in range(40)], slug=f"set-{at}") for at in range(3)]
    for dataset in more:
        crossed(dataset, settings)
        switch(settings, "inner") if dataset is not more[-1] else None
    assert count() == before
    assert before <= 7


def test_searches_are_ranges_of_an_index(pharmacies: DataSet) -> None:
    dataset = queries.get("pharmacies")
    definition = dataset.current.definition
    for key, text in (("name", "康宁"), ("code", "P5199000003"), ("area", "青溪")):
        field = definition.field(key)
        plan = queries.lookup(dataset, definition, field, text).explain()
        if connection.vendor == "sqlite":
            assert "public_lookup_text" in plan
            assert "SCAN" not in plan


# --- personal sets
def test_a_personal_set_shows_nothing_unasked(subsidies: DataSet, client: Client) -> None:
    for path in ("/query/subsidies/", f"/query/subsidies/?id={ZHANG_ID}&name=张大山", "/query/subsidies/?page=2"):
        text = client.get(path).content.decode()
        assert "张*" not in text
        assert "1500" not in text


def test_a_personal_record_is_found_by_all_its_numbers_by_post(subsidies: DataSet, client: Client) -> None:
    answer = client.post("/query/subsidies/find/", {"id": ZHANG_ID.lower(), "name": "张大山"})
    text = answer.content.decode()
    assert "1500" in text
    assert "张*" in text
    assert "no-cache" in answer["Cache-Control"]
    ref = PublicRow.objects.get(values__amount="1500").ref
    assert ref not in text
    assert client.get(f"/query/subsidies/{ref}/").status_code == 404
    wrong = client.post("/query/subsidies/find/", {"id": LI_ID, "name": "张大山"}).content.decode()
    assert "没有查到" in wrong


@pytest.mark.parametrize("typed", [{"id": ZHANG_ID}, {"name": "张大山"}, {"id": "519901", "name": "张大山"}, {}])
def test_half_a_question_is_refused_and_keeps_what_was_typed(
    subsidies: DataSet, client: Client, typed: dict[str, str]
) -> None:
    text = client.post("/query/subsidies/find/", typed).content.decode()
    assert "1500" not in text
    assert "请先改正" in text
    assert all(f'value="{value}"' in text for value in typed.values())


def test_guessing_is_stopped(subsidies: DataSet, client: Client) -> None:
    for _try in range(10):
        assert client.post("/query/subsidies/find/", {"id": LI_ID, "name": "张"}).status_code == 200
    answer = client.post("/query/subsidies/find/", {"id": LI_ID, "name": "李小河"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_personal_sets_are_neither_downloaded_nor_found_across(subsidies: DataSet, client: Client) -> None:
    assert client.get("/query/subsidies/data.csv").status_code == 404
    assert queries.across("张大山") == []
    assert client.get("/query/subsidies/find/").status_code == 302


# --- over all sets
def test_one_text_finds_records_of_several_sets_with_counts(
    pharmacies: DataSet, settings: Any, market_bureau: Department, client: Client
) -> None:
    switch(settings, "inner")
    crossed(published(market_bureau, [pharmacy(7), pharmacy(70)], OPEN, "open-pharmacies"), settings)
    groups = queries.across("第7")
    assert [(group.dataset.slug, group.count) for group in groups] == [("open-pharmacies", 2), ("pharmacies", 1)]
    text = client.get("/query/all/?q=康宁").content.decode()
    assert "定点零售药店" in text
    assert "药店名录" in text
    assert "?name=%E5%BA%B7%E5%AE%81" in text
    assert [group.count for group in queries.across("P5199000007")] == [1, 1]
    assert queries.across("7") == []
    assert [group.count for group in queries.across("云川市康宁大药房第70分店")] == [1]


def test_across_without_result_and_too_short(pharmacies: DataSet, client: Client) -> None:
    assert "都没有查到" in client.get("/query/all/?q=没有的").content.decode()
    assert "至少输入两个字" in client.get("/query/all/?q=药").content.decode()


# --- list, open data, other sides
def test_the_list_narrows_by_text_theme_and_department(
    pharmacies: DataSet, client: Client, market_bureau: Department
) -> None:
    for query in ("", "?text=药店", "?text=ddlsyd", "?theme=医疗卫生", f"?department={market_bureau.code}"):
        assert "定点零售药店" in client.get(f"/query/{query}").content.decode()
    text = client.get("/query/?text=没有的").content.decode()
    assert "没有符合这些条件" in text


def test_an_empty_hall_says_what_will_be_here(on_outer: str, db: None, client: Client) -> None:
    assert "还没有开通查询服务" in client.get("/query/").content.decode()


def test_open_sets_are_downloaded_inert(open_set: DataSet, client: Client) -> None:
    answer = client.get("/query/open-pharmacies/data.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeff机构编码,药店名称")
    assert any("'=cmd|药房" in line for line in lines)
    assert not any("赵无名" in line for line in lines)


def test_a_set_that_is_not_open_is_not_handed_out(pharmacies: DataSet, client: Client) -> None:
    assert client.get("/query/pharmacies/data.csv").status_code == 404


def test_the_office_has_no_such_pages(on_inner: str, db: None, client: Client) -> None:
    for path in ("/query/", "/query/all/", "/query/pharmacies/"):
        assert client.get(path).status_code == 404


def test_english_names_where_there_are_some(pharmacies: DataSet, client: Client) -> None:
    client.cookies["django_language"] = "en"
    text = client.get("/query/pharmacies/").content.decode()
    assert "Designated pharmacies" in text
    assert ">Name<" in text.replace("\n", "")


def test_a_set_appears_with_its_first_whole_load(
    on_inner: str, market_bureau: Department, settings: Any, client: Client
) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    told = facts(dataset)
    forget(dataset)
    switch(settings)
    arrive(told[0])
    assert client.get("/query/pharmacies/").status_code == 404
    arrive(told[1])
    assert client.get("/query/pharmacies/").status_code == 200


# --- the interface
def test_programs_read_the_same(pharmacies: DataSet, client: Client) -> None:
    listed = client.get("/api/v1/public/datasets/")
    assert listed.json()["results"][0]["row_count"] == 30
    detail = client.get("/api/v1/public/datasets/pharmacies/").json()
    assert {"code", "name"} <= {column["key"] for column in detail["columns"]}
    assert "note" not in {column["key"] for column in detail["columns"]}
    path = "/api/v1/public/datasets/pharmacies/records/?name=第7分&page_size=5"
    found = client.get(path)
    assert len(client.get("/api/v1/public/datasets/pharmacies/records/?page_size=200").json()["results"]) == 20
    assert found.json()["count"] == 1
    assert found.json()["results"][0]["values"]["owner"] == "赵*"
    assert client.get(path, headers={"if-none-match": found["ETag"]}).status_code == 304
    assert client.get("/api/v1/public/datasets/none/").status_code == 404


def test_programs_ask_secrets_by_post_only(pharmacies: DataSet, subsidies: DataSet, client: Client) -> None:
    number = pharmacy(4)["owner_id"]
    refused = client.get(f"/api/v1/public/datasets/pharmacies/records/?owner_id={number}")
    assert refused.status_code == 400
    path = "/api/v1/public/datasets/pharmacies/records/"
    found = client.post(path, {"owner_id": number}, content_type="application/json")
    assert [row["values"]["code"] for row in found.json()["results"]] == ["P5199000004"]
    personal = "/api/v1/public/datasets/subsidies/records/"
    assert client.get(personal).status_code == 400
    assert client.post(personal, {"id": ZHANG_ID}, content_type="application/json").status_code == 400
    whole = client.post(personal, {"id": ZHANG_ID, "name": "张大山"}, content_type="application/json")
    assert whole.json()["results"][0]["values"]["amount"] == "1500"
    halves = client.post(personal, '{"id": "\\ud800", "name": "\\ud800"}', content_type="application/json")
    assert halves.status_code == 400
    for _try in range(8):
        client.post(personal, {"id": ZHANG_ID, "name": "张大山\ud800"}, content_type="application/json")
    assert client.post(personal, {"id": ZHANG_ID, "name": "张大山"}, content_type="application/json").status_code == 429
