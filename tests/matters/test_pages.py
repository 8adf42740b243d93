"""The catalogue's pages, read by anybody on either side."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from identity.models import Department, User
from matters import services
from matters.guide import GUIDE_FIELDS
from matters.models import Matter
from matters.visits import VisitCounter, counter
from tests.matters.conftest import publish
from tests.matters.guides import GUIDE_TEXTS
from tests.people import login

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str, **extra: object) -> str:
    response = client.get(path, **extra)
    assert response.status_code == 200
    return response.content.decode()


def guide_url(matter: Matter) -> str:
    return reverse("matters:guide", args=[matter.code])


def test_the_guide_says_all_twenty_fields(food: Matter, client: Client, on_outer: str) -> None:
    html = text_of(client, guide_url(food))
    assert [label for label in GUIDE_FIELDS.values() if label not in html] == []
    assert [text for text in GUIDE_TEXTS if text not in html] == []


def test_the_first_screen(food: Matter, client: Client, on_outer: str) -> None:
    services.note_usual_days(food, 6)
    html = text_of(client, guide_url(food))
    glance = html[html.index('class="glance"') : html.index('class="guide-body"')]
    for words in (
        "自然人、企业法人",
        "经营场所平面图",
        "10 个工作日",
        "20 个工作日",
        "6 个工作日",
        "不收费",
        "云川市政务服务中心",
    ):
        assert words in glance
    assert "由我们核查：</span>营业执照" in glance or "由我们核查：营业执照" in glance


def test_apply_is_offered_while_the_window_is_open(food: Matter, client: Client, on_outer: str) -> None:
    assert "在线申请" in text_of(client, guide_url(food))


def test_a_closed_window_says_why(market_bureau: Department, client: Client, on_outer: str) -> None:
    matter = publish(market_bureau, form={"sections": []})
    html = text_of(client, guide_url(matter))
    assert "还不能在网上申请" in html
    assert "btn-primary" not in html


def test_the_inner_side_shows_guides_without_apply(food: Matter, clerk: User, on_inner: str) -> None:
    html = text_of(login(clerk), guide_url(food))
    assert "食品经营许可" in html
    assert "在线申请" not in html


def test_a_guide_is_found_by_its_identifier_too(food: Matter, client: Client, on_outer: str) -> None:
    assert "食品经营许可" in text_of(client, reverse("matters:guide", args=[str(food.uid)]))


@pytest.mark.parametrize("key", ["NONE", "00000000-0000-0000-0000-000000000000", "a" * 300])
def test_unknown_matters_are_not_found(client: Client, on_outer: str, key: str) -> None:
    assert client.get(f"/matters/{key}/").status_code == 404


def test_drafts_are_not_shown(food: Matter, client: Client, on_outer: str) -> None:
    services.withdraw(food)
    assert client.get(guide_url(food)).status_code == 404


def test_no_inline_script_or_style(food: Matter, client: Client, on_outer: str) -> None:
    html = text_of(client, guide_url(food))
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*src=)|<style", html)


def test_markup_in_a_guide_is_inert(market_bureau: Department, client: Client, on_outer: str) -> None:
    matter = publish(market_bureau, conditions=["有场所<script>alert(1)</script>"])
    assert "<script>alert" not in text_of(client, guide_url(matter))


def test_english_chrome(food: Matter, client: Client, on_outer: str) -> None:
    client.cookies["django_language"] = "en"
    html = text_of(client, guide_url(food))
    assert "Food Business Licence" in html
    assert "working days" in html


def test_anonymous_pages_are_revalidated_by_etag(food: Matter, client: Client, on_outer: str) -> None:
    first = client.get(guide_url(food))
    assert "no-cache" in first["Cache-Control"]
    assert "Cookie" in first["Vary"]
    assert client.get(guide_url(food), headers={"If-None-Match": first["ETag"]}).status_code == 304
    publish(food.department, promised_limit={"value": 8, "unit": "G"})
    assert client.get(guide_url(food), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_pages_of_people_logged_in_are_not_kept(food: Matter, wang_fang: User, on_outer: str) -> None:
    assert "no-store" in login(wang_fang).get(guide_url(food))["Cache-Control"]


def test_pages_only_read(food: Matter, client: Client, on_outer: str) -> None:
    assert client.post(guide_url(food)).status_code == 405


def test_guide_takes_two_queries(food: Matter, client: Client, on_outer: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):  # the guide, and the joint matters that it belongs to
        client.get(guide_url(food))


# --- visits


def test_visits_are_counted_together(food: Matter, client: Client, on_outer: str) -> None:
    before = food.visits
    for _ in range(3):
        client.get(guide_url(food))
    food.refresh_from_db()
    assert food.visits == before
    counter.write()
    food.refresh_from_db()
    assert food.visits == before + 3


def test_many_visits_are_written_at_once(food: Matter, django_assert_num_queries) -> None:
    fresh = VisitCounter()
    with django_assert_num_queries(1):
        for _ in range(50):
            fresh.count(food.pk)


def test_the_inner_side_counts_no_visits(food: Matter, clerk: User, on_inner: str) -> None:
    login(clerk).get(guide_url(food))
    before = food.visits
    counter.write()
    food.refresh_from_db()
    assert food.visits == before


# --- lists


@pytest.fixture
def many(market_bureau: Department, housing_bureau: Department) -> None:
    for number in range(24):
        bureau = housing_bureau if number % 3 else market_bureau
        publish(
            bureau,
            f"YC-{number}",
            f"第 {number} 号事项",
            header={"audiences": ["enterprise"], "service_objects": ["2"]},
        )


@pytest.mark.usefixtures("many", "on_outer")
def test_lists_take_as_many_queries_for_many_as_for_three(client: Client, django_assert_num_queries) -> None:
    text_of(client, reverse("matters:browse"))  # builds the index
    with django_assert_num_queries(3):  # the stamp of the index, the rows, the names of departments
        assert "共 24 个事项" in text_of(client, reverse("matters:browse"))
    for matter in Matter.objects.exclude(code__in=["YC-1", "YC-2", "YC-3"]):
        services.withdraw(matter)
    text_of(client, reverse("matters:browse"))  # reads the index again
    with django_assert_num_queries(3):
        assert "共 3 个事项" in text_of(client, reverse("matters:browse"))


@pytest.mark.usefixtures("many", "on_outer")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("department=YC-ZJ", 16),
        ("audience=enterprise", 24),
        ("audience=person", 0),
        ("life=found&depth=5", 24),
        ("life=death", 0),
        ("theme=开办企业&type=01&level=4", 24),
        ("theme=无此主题", 0),
        ("q=17", 1),
        ("page=99", 24),
        ("page=x", 24),
    ],
)
def test_filters_stay_in_the_address(client: Client, query: str, count: int) -> None:
    html = text_of(client, f"{reverse('matters:browse')}?{query}")
    assert (f"共 {count} 个事项" if count else "没有符合这些条件的事项") in html


@pytest.mark.usefixtures("many", "on_outer")
def test_the_second_page_keeps_the_filters(client: Client) -> None:
    assert "audience=enterprise&amp;page=2" in text_of(client, f"{reverse('matters:browse')}?audience=enterprise")


@pytest.mark.usefixtures("many", "on_outer")
def test_departments(client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        assert "16 个事项" in text_of(client, reverse("matters:departments"))
    with django_assert_max_num_queries(4):
        html = text_of(client, reverse("matters:department", args=["YC-ZJ"]))
    assert "0839-5550101" in html
    assert client.get(reverse("matters:department", args=["NONE"])).status_code == 404


def test_empty_catalogue(client: Client, on_outer: str, db: None) -> None:
    assert "没有符合" in text_of(client, reverse("matters:browse"))
    assert "还没有部门" in text_of(client, reverse("matters:departments"))


# --- pre-check


def check_url(matter: Matter, query: str = "") -> str:
    return f"{reverse('matters:precheck', args=[matter.code])}?{query}"


def test_questions_first(food: Matter, client: Client, on_outer: str) -> None:
    html = text_of(client, check_url(food))
    assert "您是否已有固定的经营场所？" in html
    assert "您可以申请" not in html


def test_eligible(food: Matter, client: Client, on_outer: str) -> None:
    html = text_of(client, check_url(food, "c0=yes"))
    assert "您可以申请" in html
    assert "在线申请" in html


def test_not_eligible_says_why_and_what_to_do(food: Matter, client: Client, on_outer: str) -> None:
    html = text_of(client, check_url(food, "c0=no"))
    assert "现在还不能申请" in html
    assert "请先落实场所" in html
    assert "btn-primary" not in html


@pytest.mark.parametrize("query", ["c=1", "c0=maybe"])
def test_unanswered_questions_are_pointed_at(food: Matter, client: Client, on_outer: str, query: str) -> None:
    assert "请选择“是”或“否”" in text_of(client, check_url(food, query))


def test_a_matter_without_questions(market_bureau: Department, client: Client, on_outer: str) -> None:
    matter = publish(market_bureau, conditions=["有固定的经营场所"])
    assert "没有需要事先回答的问题" in text_of(client, check_url(matter))
