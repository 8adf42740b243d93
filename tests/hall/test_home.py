"""The first page of each side."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from hall import portal
from matters.models import GuideVersion, Matter, MatterTag
from tests.people import login

pytestmark = pytest.mark.django_db


def publish(department, name, visits=0, **columns):
    matter = Matter.objects.create(code=name, name=name, department=department, visits=visits, **columns)
    matter.current = GuideVersion.objects.create(matter=matter, number=1, state="published")
    matter.save()
    return matter


def test_the_most_visited_matters_come_first(market_bureau):
    publish(market_bureau, "食品经营许可", 90, aliases=["开饭店"], visits_needed=0, online=True)
    publish(market_bureau, "营业执照", 100)
    Matter.objects.create(code="draft", name="还没发布的事项", department=market_bureau, visits=1000)
    front = portal.front_page()
    assert [matter.name for matter in front["frequent"]] == ["营业执照", "食品经营许可"]
    assert front["hot_words"] == ["开饭店"]
    assert (front["numbers"]["total"], front["numbers"]["no_visit"]) == (2, 1)


def test_themes_are_counted(market_bureau):
    for name in ("甲", "乙"):
        MatterTag.objects.create(matter=publish(market_bureau, name), kind="theme", value="开办企业")
    assert [(theme.value, theme.count) for theme in portal.front_page()["themes"]] == [("开办企业", 2)]


def test_life_events_and_departments_that_have_matters_are_offered(on_outer, client, market_bureau):
    MatterTag.objects.create(matter=publish(market_bureau, "婚姻登记"), kind="life", value="marriage")
    page = client.get("/").text
    assert 'href="/matters/?life=marriage">结婚' in page
    assert "life=close" not in page
    assert 'href="/departments/YC-SCJG/"' in page
    assert 'href="/departments/"' in page


def test_a_promise_counts_only_what_was_promised(market_bureau):
    publish(market_bureau, "食品经营许可")
    assert portal.front_page()["numbers"]["share"] is None


def test_an_empty_catalogue_says_what_will_be_here(on_outer, client):
    assert "还没有发布办事指南" in client.get("/").text


def test_the_four_audiences_and_both_boxes_are_there(on_outer, client):
    page = client.get("/").text
    for audience in ("person", "enterprise", "investor", "traveller"):
        assert f"audience={audience}" in page
    assert 'action="/search/"' in page
    assert 'name="number"' in page
    assert 'name="code"' in page


def test_a_stranger_costs_few_queries(on_outer, client, market_bureau, django_assert_max_num_queries):
    for number in range(20):
        publish(market_bureau, f"事项{number}", number, aliases=[f"俗称{number}"])
    cache.clear()
    # The revision, the frequent, themes, packages, events, departments, and two for the numbers.
    with django_assert_max_num_queries(8):
        client.get("/")
    with django_assert_max_num_queries(1):
        client.get("/")


def test_the_office_has_no_front_page(on_inner, client, clerk):
    assert client.get("/").url == "/accounts/login/"
    assert login(clerk).get("/").url == "/after-login/"


def test_applicants_begin_with_their_cases(on_outer, wang_fang, operator):
    assert login(wang_fang).get("/after-login/").url == reverse("applications:mine")
    assert login(operator).get("/after-login/").url.startswith("/sync/")


def test_officers_begin_with_their_work(on_inner, clerk):
    assert login(clerk).get("/after-login/").url == reverse("applications:worklist")
