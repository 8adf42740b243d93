"""Finding matters by what people type."""

import pytest

from identity.models import Department
from matters import queries, search, services
from matters.models import Matter
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


def names(text: str) -> list[str]:
    return [matter.name for matter in search.find(text)]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("施工", ["建筑工程施工许可"]),
        ("开饭店", ["食品经营许可"]),
        ("shipin shengchan", ["食品生产许可"]),
        ("jzgcsgxk", ["建筑工程施工许可"]),
        ("SPJY", ["食品经营许可"]),
        ("住房 许可", ["建筑工程施工许可"]),
        ("Food", ["食品经营许可"]),
        ("ＹＣ－３", ["建筑工程施工许可"]),
        ("工程建设", ["建筑工程施工许可"]),
        ("没有这样的事", []),
        ("", []),
        ("   ", []),
        ("100%", []),
        ("_", []),
        ("\x00", []),
        ("'; DROP TABLE --", []),
    ],
)
def test_finds(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.usefixtures("catalogue")
def test_titles_come_before_other_places(food: Matter) -> None:
    publish(food.department, "YC-4", "酒类批发备案", header={"themes": ["食品安全"], "aliases": [], "name_en": ""})
    Matter.objects.filter(code="YC-4").update(visits=1000)
    assert names("食品")[-1] == "酒类批发备案"


@pytest.mark.usefixtures("catalogue")
def test_long_queries_are_cut_not_refused() -> None:
    assert names("食品" + "很长" * 500) == []
    assert names(" ".join(["食品"] * 50)) != []


@pytest.mark.usefixtures("catalogue")
def test_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        list(search.find("许可"))


def test_drafts_and_withdrawn_matters_are_not_found(food: Matter) -> None:
    services.save_draft(whole(matter_name="食品小作坊登记", header={"code": "YC-9"}), food.department)
    services.withdraw(food)
    assert names("食品") == []


@pytest.mark.usefixtures("catalogue")
def test_narrowing() -> None:
    every = queries.published()
    assert queries.narrowed(every, theme="工程建设").get().name == "建筑工程施工许可"
    assert queries.narrowed(every, department="YC-ZJ").count() == 1
    assert queries.narrowed(every, audience="person").count() == 3
    assert queries.narrowed(every, audience="traveller").count() == 0
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
