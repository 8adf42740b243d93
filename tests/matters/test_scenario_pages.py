"""The questions, the personal list and its paper, the interface, and the editors' view of all situations."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from applications import pdf
from applications.documents.situation_sheet import situation_page
from identity.models import Department, User
from matters import services
from matters.models import Matter
from tests.applications.documents.reading import pages, words
from tests.matters.conftest import publish
from tests.matters.scenarios import narrowable
from tests.people import login, make_staff

pytestmark = pytest.mark.django_db
MEALS = "trade=meals&raw=yes&extras=garden"
SHOP = "trade=shop&extras=none"


@pytest.fixture
def snacks(market_bureau: Department) -> Matter:
    """食品经营许可 with a scenario, published."""
    version = services.publish(services.save_draft(narrowable(), market_bureau), by="罗宁")
    return version.matter


@pytest.fixture
def filing(market_bureau: Department) -> Matter:
    """The matter that the stop answer names."""
    return publish(market_bureau, "BA-1", "预包装食品备案")


def page(client: Client, matter: Matter, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/matters/{matter.code}/situation/?{query}")
    assert answer.status_code == status
    return answer.content.decode()


def test_the_guide_leads_to_the_questions(snacks: Matter, client: Client, on_outer: str) -> None:
    html = client.get(f"/matters/{snacks.code}/").content.decode()
    assert "按我的情况看要准备什么" in html
    assert f"/matters/{snacks.code}/situation/" in html
    assert "只适用于：“做不做生食？”答“做”" in html
    glance = html[html.index('class="glance"') : html.index('class="guide-body"')]
    assert "专间设计图" not in glance


def test_a_matter_without_questions_stays_as_it_is(market_bureau: Department, client: Client, on_outer: str) -> None:
    food = publish(market_bureau)
    assert "按我的情况" not in client.get(f"/matters/{food.code}/").content.decode()
    answer = client.get(f"/matters/{food.code}/situation/")
    assert answer.headers["Location"] == f"/matters/{food.code}/"


@pytest.mark.parametrize("side", ["on_outer", "on_inner"])
def test_one_question_a_page(snacks: Matter, client: Client, side: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(side)
    first = page(client, snacks)
    assert "<h1>做什么生意？</h1>" in first
    assert "第 1 个问题，后面最多还有 2 个" in first
    assert "做不做生食" not in first
    assert f'href="/matters/{snacks.code}/"' in first  # back
    second = page(client, snacks, "trade=meals&was-asked=trade")
    assert "<h1>做不做生食？</h1>" in second
    assert 'type="hidden" name="trade" value="meals"' in second
    assert "?trade=meals&amp;re-ask=trade" in second
    third = page(client, snacks, "trade=shop")
    assert "最后一个" in third
    assert 'type="checkbox"' in third


def test_a_page_sent_without_an_answer_is_shown_again(snacks: Matter, client: Client, on_outer: str) -> None:
    html = page(client, snacks, "was-asked=trade")
    assert "请选一项。" in html
    assert "请至少选一项。" in page(client, snacks, "trade=shop&was-asked=extras")
    assert "没有这个选项" in page(client, snacks, "trade=nonsense&was-asked=trade")


def test_an_answer_can_be_changed(snacks: Matter, client: Client, on_outer: str) -> None:
    again = page(client, snacks, f"{MEALS}&re-ask=trade")
    assert 'value="meals" checked' in again
    assert 'name="raw" value="yes"' in again
    changed = page(client, snacks, "trade=shop&raw=yes&extras=garden&was-asked=trade")
    assert "一次告知单" in changed
    assert "做不做生食" not in changed


def test_the_list_says_what_this_situation_needs(snacks: Matter, client: Client, on_outer: str) -> None:
    services.note_usual_days(snacks, 6)
    meals, shop = page(client, snacks, MEALS), page(client, snacks, SHOP)
    for phrase in (
        "专间设计图",
        "检测费",
        "合计 80.00 元",
        "露天座位不占人行道",
        "现场核查",
        "10 个工作日",
        "6 个工作日",
        "空白表",
        "A12",
    ):
        assert phrase in meals, phrase
    for phrase in ("专间设计图", "检测费", "露天座位不占人行道", "现场核查"):
        assert phrase not in shop, phrase
    assert "不收费" in shop
    assert f"/apply/{snacks.code}/?trade=meals&amp;raw=yes&amp;extras=garden" in meals
    assert "data-print" in meals
    assert f"/forms/{snacks.code}/situation.pdf?trade=meals" in meals


def test_the_inner_side_shows_the_list_but_no_way_to_apply(snacks: Matter, client: Client, on_inner: str) -> None:
    html = page(client, snacks, MEALS)
    assert "专间设计图" in html
    assert "/apply/" not in html


def test_a_stop_says_what_to_do_instead(snacks: Matter, client: Client, on_outer: str) -> None:
    html = page(client, snacks, "trade=packaged")
    assert "不用办许可，请备案。" in html
    assert "预包装食品备案" not in html  # the matter named is not published here


def test_a_stop_leads_to_the_right_matter(snacks: Matter, filing: Matter, client: Client, on_outer: str) -> None:
    assert f'href="/matters/{filing.code}/"' in page(client, snacks, "trade=packaged")


def test_nonsense_in_the_address_does_no_harm(snacks: Matter, client: Client, on_outer: str) -> None:
    for query in ("trade=%E2%80%AE&x=1", "re-ask=%3Cscript%3E", "trade=meals&trade=shop&raw=yes&raw=yes", "a" * 2000):
        assert "<script>" not in page(client, snacks, query).replace("<script src", "")


def test_a_new_version_drops_answers_that_are_gone(snacks: Matter, market_bureau: Department, client: Client, on_outer: str) -> None:  # fmt: skip
    content = narrowable()
    content["scenario"]["questions"][2]["choices"][0]["value"] = "terrace"
    content["guide"]["conditions"][2]["only_when"] = ["extras.terrace"]
    services.publish(services.save_draft(content, market_bureau), by="罗宁")
    assert "还有什么？</h1>" in page(client, snacks, MEALS)


def test_english_questions(snacks: Matter, client: Client, on_outer: str) -> None:
    client.cookies["django_language"] = "en"
    assert "<h1>What kind of business?</h1>" in page(client, snacks)


def test_the_precheck_asks_only_what_applies(snacks: Matter, client: Client, on_outer: str) -> None:
    unknown = client.get(f"/matters/{snacks.code}/check/?c0=yes&c=1").content.decode()
    assert "这里只问人人都要符合的" in unknown
    assert "露天座位" not in unknown
    html = client.get(f"/matters/{snacks.code}/check/?{SHOP}").content.decode()
    assert "只列出您的情况要符合的条件" in html
    assert 'name="extras" value="none"' in html
    done = client.get(f"/matters/{snacks.code}/check/?{SHOP}&c0=yes&c=1").content.decode()
    assert "露天座位" not in done
    assert f"/apply/{snacks.code}/?trade=shop&amp;extras=none" in done


def test_queries_do_not_grow_with_the_questions(
    snacks: Matter, client: Client, on_outer: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        page(client, snacks, MEALS)


# --- on paper


def test_the_paper_says_the_same_on_one_sheet(snacks: Matter, on_outer: str) -> None:
    assert snacks.current is not None
    situation = {"trade": ["meals"], "raw": ["yes"], "extras": ["garden"]}
    made = situation_page(snacks.current, situation).pdf()
    text = words(made)
    for phrase in (
        "一次性告知单",
        "做什么生意？餐馆",
        "专间设计图",
        "检测费：80元",
        "合计80.00元",
        "露天座位不占人行道",
        "现场核查",
        "承诺10个工作日",
    ):
        assert phrase in text, phrase
    assert len(pages(made)) == 1


def test_the_paper_is_made_once(snacks: Matter, client: Client, on_outer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"/forms/{snacks.code}/situation.pdf"
    first = client.get(f"{url}?{MEALS}")
    assert b"".join(first.streaming_content).startswith(b"%PDF")
    monkeypatch.setattr(pdf, "render", lambda *a, **k: pytest.fail("rendered again"))
    assert client.get(f"{url}?{MEALS}&junk=1").status_code == 200


def test_without_all_answers_there_are_questions_instead_of_a_paper(snacks: Matter, client: Client, on_outer: str) -> None:  # fmt: skip
    answer = client.get(f"/forms/{snacks.code}/situation.pdf?trade=meals")
    assert answer.headers["Location"] == f"/matters/{snacks.code}/situation/?trade=meals"
    stopped = client.get(f"/forms/{snacks.code}/situation.pdf?trade=packaged")
    assert stopped.status_code == 302


def test_no_paper_where_there_are_no_questions(market_bureau: Department, client: Client, on_outer: str) -> None:
    publish(market_bureau)
    assert client.get("/forms/YC-SCJG-0001/situation.pdf").status_code == 404


# --- for programs


def test_programs_ask_the_same_questions(snacks: Matter, client: Client, on_outer: str) -> None:
    url = reverse("api-public:situation", args=[snacks.code])
    asked = client.get(url).json()
    assert asked["question"]["key"] == "trade"
    assert (asked["stop"], asked["result"]) == (None, None)
    done = client.get(f"{url}?{MEALS}&junk=1").json()
    assert done["situation"] == {"trade": ["meals"], "raw": ["yes"], "extras": ["garden"]}
    assert [one["key"] for one in done["result"]["guide"]["materials"]] == ["form", "plan", "licence", "room"]
    assert (done["result"]["total_cents"], done["result"]["route_days"]) == (8000, 7)
    assert done["url"].endswith(f"/matters/{snacks.code}/situation/?{MEALS}")
    assert client.get(f"{url}?trade=packaged").json()["stop"] == {"text": "不用办许可，请备案。", "matter": "BA-1"}
    assert client.get(reverse("api-public:situation", args=["nothing"])).status_code == 404


def test_unchanged_answers_are_not_sent_again(snacks: Matter, client: Client, on_outer: str) -> None:
    url = f"{reverse('api-public:situation', args=[snacks.code])}?{MEALS}"
    etag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"if-none-match": etag}).status_code == 304


def test_the_guide_of_the_interface_has_the_questions(snacks: Matter, client: Client, on_outer: str) -> None:
    found = client.get(reverse("api-public:matter", args=[snacks.code])).json()
    assert [one["key"] for one in found["scenario"]["questions"]] == ["trade", "raw", "extras"]


# --- for the keepers of the catalogue


def table(user: User, matter: Matter, query: str = "", status: int = 200) -> str:
    answer = login(user).get(f"/catalogue/{matter.uid}/situations/{query}")
    assert answer.status_code == status
    return answer.content.decode()


def test_every_situation_is_in_the_table(snacks: Matter, editor: User, on_inner: str) -> None:
    html = table(editor, snacks)
    assert html.count('<th scope="row"') == 10
    assert "餐馆" in html
    assert "露天座位、没有" in html
    assert "不用办许可，请备案。" in html
    assert f"/matters/{snacks.code}/situation/?trade=meals&amp;raw=yes&amp;extras=garden" in html


def test_a_draft_can_be_looked_at_before_it_is_published(
    snacks: Matter, market_bureau: Department, editor: User, on_inner: str
) -> None:
    content = narrowable()
    content["scenario"]["questions"][0]["choices"][0]["label"] = "酒楼"
    services.save_draft(content, market_bureau)
    html = table(editor, snacks)
    assert "酒楼" in html
    assert "situation/?" not in html
    assert "餐馆" in table(editor, snacks, "?version=current")


def test_a_long_table_is_cut(snacks: Matter, market_bureau: Department, editor: User, on_inner: str) -> None:
    content = narrowable()
    content["scenario"]["questions"][2]["choices"] = [{"value": f"v{n}", "label": f"选项{n}"} for n in range(9)]
    services.save_draft(content, market_bureau)
    html = table(editor, snacks)
    assert html.count('<th scope="row"') == 200
    assert "情形超过 200 种" in html


def test_queries_of_the_table_do_not_grow_with_its_rows(
    snacks: Matter,
    market_bureau: Department,
    editor: User,
    on_inner: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser, url = login(editor), f"/catalogue/{snacks.uid}/situations/?version=draft"
    services.save_draft(narrowable(), market_bureau)
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    content = narrowable()
    content["scenario"]["questions"][2]["choices"] = [{"value": f"v{n}", "label": f"选项{n}"} for n in range(6)]
    services.save_draft(content, market_bureau)
    with django_assert_num_queries(len(few)):
        browser.get(url)


def test_without_questions_the_table_says_how_to_begin(market_bureau: Department, editor: User, on_inner: str) -> None:
    assert "还没有情形导办" in table(editor, publish(market_bureau))


def test_a_broken_draft_does_not_break_the_table(
    snacks: Matter, market_bureau: Department, editor: User, on_inner: str
) -> None:
    content = narrowable()
    content["guide"]["materials"] = "none"
    services.save_draft(content, market_bureau)
    assert "餐馆" in table(editor, snacks)


def test_only_those_who_keep_the_matter_see_the_table(
    snacks: Matter, clerk: User, housing_bureau: Department, on_inner: str
) -> None:
    table(clerk, snacks, status=403)
    other = make_staff("bieju", "别局", housing_bureau, "editor")
    table(other, snacks, status=404)
