"""Finding matters by what people type."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from identity.models import Department
from matters import catalogue as catalogue_service
from matters import queries, search, services
from matters.models import Findable, Matter, SearchState
from matters.search import index
from tests.matters.conftest import publish
from tests.matters.guides import whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(food: Matter, housing_bureau: Department) -> None:
    publish(
        food.department, "YC-2", "食品生产许可", header={"aliases": ["办厂"], "themes": ["工业生产"], "name_en": ""}
    )
    publish(
        housing_bureau,
        "YC-3",
        "建筑工程施工许可",
        header={"aliases": ["开工证"], "themes": ["工程建设"], "name_en": ""},
    )


def names(text: str, **narrow: str) -> list[str]:
    return [hit.matter.name for hit in search.find(text, narrow)]


ALL = ["食品经营许可", "食品生产许可", "建筑工程施工许可"]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("施工", ["建筑工程施工许可"]),
        ("开饭店", ["食品经营许可"]),
        ("shipin shengchan", ["食品生产许可"]),
        ("jzgcsgxk", ["建筑工程施工许可"]),
        ("gc", ["建筑工程施工许可"]),
        ("SPJY", ALL),  # a material of the others
        ("住房 许可", ["建筑工程施工许可"]),
        ("zhufang xuke", ["建筑工程施工许可"]),
        ("Food", ["食品经营许可"]),
        ("ＹＣ－３", ["建筑工程施工许可"]),
        ("000131001000", ALL),
        ("工程建设", ["建筑工程施工许可"]),
        ("执照", ALL),  # a material
        ("yyzz", ALL),
        ("委托书", ALL),  # in an answer
        ("厂", ["食品生产许可"]),
        ("没有这样的事", []),
        ("100%", []),
        ("_", []),
        ("\x00", []),
        ("'; DROP TABLE --", []),
    ],
)
def test_finds(text: str, found: list[str]) -> None:
    assert sorted(names(text)) == sorted(found)


@pytest.mark.usefixtures("catalogue")
def test_no_words_find_everything() -> None:
    assert sorted(names("")) == sorted(ALL)


def test_better_places_come_first(market_bureau: Department) -> None:
    """The name itself, its beginning, within it, a colloquial name, anywhere; more visits never outweigh a better place."""
    rows = [
        ("门店招牌备案", ["药品零售"], "药品零售"),
        ("药品零售", [], ""),
        ("药品零售许可", [], ""),
        ("网上药品零售备案", [], ""),
        ("卖药登记", ["药品零售"], ""),
    ]
    for number, (name, aliases, theme) in enumerate(rows):
        header = {"aliases": aliases if not theme else [], "themes": [theme or "其他"], "name_en": ""}
        publish(market_bureau, f"YC-{number}", name, header=header)
    Matter.objects.filter(name="门店招牌备案").update(visits=1000)
    index.refresh_visits()
    wanted = ["药品零售", "药品零售许可", "网上药品零售备案", "卖药登记", "门店招牌备案"]
    assert names("药品零售") == wanted
    assert [
        name for page in (0, 2, 4) for name in (hit.matter.name for hit in search.find("药品零售")[page : page + 2])
    ] == wanted


@pytest.mark.usefixtures("catalogue")
def test_of_equal_finds_the_most_visited_comes_first() -> None:
    names("")
    Matter.objects.filter(code="YC-3").update(visits=7)
    Matter.objects.filter(code="YC-2").update(visits=4)
    index.refresh_visits()
    assert names("许可") == ["建筑工程施工许可", "食品生产许可", "食品经营许可"]
    stamp = SearchState.objects.get().stamp
    index.refresh_visits()
    assert SearchState.objects.get().stamp == stamp, "nothing was counted, nothing is written"


@pytest.mark.usefixtures("catalogue")
def test_long_queries_are_cut_not_refused() -> None:
    assert names("食品" + "很长" * 500) == []
    assert names(" ".join(["食品"] * 50)) != []


@pytest.mark.usefixtures("catalogue")
def test_few_queries(django_assert_num_queries) -> None:
    list(search.find("许可"))
    with django_assert_num_queries(3):  # stamp, grams, rows
        list(search.find("许可"))
    for number in range(12):
        publish(Department.objects.get(code="YC-ZJ"), f"YC-1{number}", f"第{number}种施工许可")
    list(search.find("许可"))
    with django_assert_num_queries(3):
        assert len(search.find("许可")[:20]) == 15


# --- why


def shown(text: str) -> tuple[str, list[str]]:
    """The name and the reasons of the first find, marked words in brackets."""
    hit = search.find(text)[:1][0]
    title, *reasons = [
        "".join(f"[{part.text}]" if part.marked else part.text for part in parts)
        for parts in (hit.title, *(reason.parts for reason in hit.reasons))
    ]
    return title, [f"{reason.label}：{text}" for reason, text in zip(hit.reasons, reasons, strict=True)]


@pytest.mark.parametrize(
    ("text", "title", "reasons"),
    [
        ("经营", "食品[经营]许可", []),
        ("SPJY", "[食品经营]许可", []),
        ("jingyingxu", "食品[经营许]可", []),
        ("许可 食品", "[食品]经营[许可]", []),
        ("执照", "食品经营许可", ["材料：营业[执照]"]),
        ("yyzz", "食品经营许可", ["材料：[营业执照]"]),
        ("饭店 经营", "食品[经营]许可", ["俗称：开[饭店]"]),
        ("委托书", "食品经营许可", ["常见问题：可以，请带[委托书]。"]),
        ("food", "食品经营许可", ["英文名称：[Food] Business Licence"]),
        ("YC-SCJG-0001", "食品经营许可", ["编码：[YC-SCJG-0001]"]),
        ("监管局", "食品经营许可", ["部门：市市场[监管局]"]),
    ],
)
def test_the_page_says_why(food: Matter, text: str, title: str, reasons: list[str]) -> None:
    assert shown(text) == (title, reasons)


def test_long_texts_are_cut_around_the_word(market_bureau: Department) -> None:
    answer = "请先看清楚" * 20 + "带委托书来" + "再等一等" * 20
    publish(market_bureau, header={"faq": [{"question": "能代办吗？", "answer": answer}]})
    (reason,) = shown("委托书")[1]
    assert "[委托书]" in reason
    assert len(reason) < 80


def test_markup_in_a_name_is_inert(market_bureau: Department, client: Client, on_outer: str) -> None:
    publish(market_bureau, name="食品<b>经营</b>许可")
    page = client.get("/search/?q=许可").text
    assert "&lt;b&gt;经营&lt;/b&gt;<mark>许可</mark>" in page


# --- what is found changes with the catalogue


def test_drafts_and_withdrawn_matters_are_not_found(food: Matter) -> None:
    assert names("食品") == ["食品经营许可"]
    services.save_draft(whole(matter_name="食品小作坊登记", header={"code": "YC-9"}), food.department)
    services.withdraw(food)
    assert names("食品") == []


def test_a_new_version_is_found_by_its_own_words(food: Matter) -> None:
    assert names("饭店") == ["食品经营许可"]
    publish(food.department, header={"aliases": ["摆摊"]})
    assert names("饭店") == []
    assert names("摆摊") == ["食品经营许可"]
    assert search.find("许可").count() == 1


def test_a_version_of_the_future_is_found_on_its_day(food: Matter) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    names("饭店")
    draft = services.save_draft(whole(header={"aliases": ["摆摊"]}), food.department)
    services.publish(draft, by="罗宁", effective_on=tomorrow)
    assert names("摆摊") == []
    catalogue_service.bring_due_into_force(tomorrow)
    assert names("摆摊") == ["食品经营许可"]


def test_a_site_without_an_index_builds_it_for_whoever_searches_first(food: Matter) -> None:
    SearchState.objects.all().delete()
    Findable.objects.all().delete()
    assert names("食品") == ["食品经营许可"]


@pytest.mark.usefixtures("catalogue")
def test_building_it_anew_changes_nothing(capsys) -> None:
    before = {text: names(text) for text in ("许可", "yyzz", "食品", "")}
    call_command("reindex_catalogue")
    assert "3 个事项" in capsys.readouterr().out
    assert {text: names(text) for text in before} == before


def test_much_waste_is_cleared_by_the_clock(food: Matter, monkeypatch) -> None:
    names("食品")
    monkeypatch.setattr(index, "WASTE", 1)
    for number in range(4):
        publish(food.department, header={"aliases": [f"第{number}版"]})
    index.keep_up()
    state = SearchState.objects.get()
    assert state.next_slot - state.first_slot == 1
    assert names("食品") == ["食品经营许可"]


def test_slots_of_an_old_index_lead_nowhere(food: Matter) -> None:
    """A search that was reading while the index was built anew shows nothing rather than another matter."""
    stale = search.find("食品")
    index.rebuild()
    assert stale.count() == 1
    assert stale[:20] == []


# --- narrowing


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("narrow", "count"),
    [
        ({"theme": "工程建设"}, 1),
        ({"department": "YC-ZJ"}, 1),
        ({"audience": "person"}, 3),
        ({"audience": "traveller"}, 0),
        ({"type": "01", "level": "4", "depth": "5", "online": "1"}, 3),
        ({"life": "found"}, 1),
        ({"life": "build"}, 1),
        ({"theme": "无此主题"}, 0),
        ({"theme": ""}, 3),
    ],
)
def test_narrowing(narrow: dict[str, str], count: int) -> None:
    assert search.find("许可", narrow).count() == count
    assert search.find("", narrow).count() == count


@pytest.mark.usefixtures("catalogue")
def test_numbers_beside_a_filter_say_what_choosing_it_would_leave() -> None:
    found = search.find("食品", {"department": "YC-SCJG", "theme": "餐饮食品"})
    assert found.counts("theme") == {"餐饮食品": 1, "开办企业": 1, "工业生产": 1}
    assert found.counts("department") == {"YC-SCJG": 1}


@pytest.mark.usefixtures("catalogue")
def test_the_orm_narrows_alike() -> None:
    every = queries.published()
    assert queries.narrowed(every, theme="工程建设").get().name == "建筑工程施工许可"
    assert queries.narrowed(every, life="build").get().name == "建筑工程施工许可"
    assert queries.narrowed(every, department="YC-ZJ").count() == 1
    assert queries.narrowed(every, type_code="01", level="4").count() == 3


@pytest.mark.usefixtures("catalogue")
def test_facets_count_what_is_published(food: Matter) -> None:
    assert [(f.value, f.count) for f in queries.themes()] == [
        ("工业生产", 1),
        ("工程建设", 1),
        ("开办企业", 1),
        ("餐饮食品", 1),
    ]
    assert [(d.code, d.matter_count) for d in queries.departments()] == [("YC-SCJG", 2), ("YC-ZJ", 1)]
    assert queries.column_facets("type_code") == [queries.Facet("01", 3)]


@pytest.mark.usefixtures("catalogue")
def test_most_used_first() -> None:
    Matter.objects.filter(code="YC-3").update(visits=5)
    assert queries.most_used(1)[0].code == "YC-3"


# --- the page


@pytest.mark.usefixtures("catalogue", "on_outer")
def test_the_search_page(client: Client) -> None:
    page = client.get("/search/?q=执照").text
    assert "找到 3 个事项" in page
    assert "材料：营业<mark>执照</mark>" in page
    assert "云川市住房和城乡建设局（1）" in page
    assert "找到 1 个事项" in client.get("/search/?q=执照&department=YC-ZJ").text
    assert "没有找到“飞机票”" in client.get("/search/?q=飞机票").text
    assert "没有符合这些条件的事项" in client.get("/search/?q=执照&life=death").text


@pytest.mark.usefixtures("catalogue", "on_outer")
def test_the_page_asks_what_was_meant(client: Client) -> None:
    page = client.get("/search/?q=营业执罩").text
    assert "您是不是要找：" in page
    assert "没有找到“营业执罩”，下面是“营业执照”的结果。" in page
    assert 'href="?q=%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7"' in page
    assert "找到 3 个事项" in page


@pytest.mark.usefixtures("catalogue", "on_outer")
def test_the_search_page_takes_few_queries(client: Client, django_assert_max_num_queries) -> None:
    client.get("/search/?q=许可")
    with django_assert_max_num_queries(6):  # and the names of departments, packages, the revision
        client.get("/search/?q=许可")
