"""The public pages and the interface of joint matters."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from identity.models import Department, User
from matters import services
from matters.models import JointMatter, JointMember, Matter
from tests.matters import joints
from tests.matters.conftest import publish as publish_matter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_outer")]
API = "/api/v1/public/packages/"


@pytest.fixture
def members(market_bureau: Department, housing_bureau: Department) -> list[Matter]:
    return joints.two_matters(market_bureau, housing_bureau)


@pytest.fixture
def joint(members: list[Matter], editor: User, publisher: User, market_bureau: Department) -> JointMatter:
    return joints.published(editor, publisher, market_bureau)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response.content.decode()


def page_of(client: Client, query: str = "") -> str:
    return text_of(client, f"/packages/restaurant/{query}")


def part(html: str, name: str) -> str:
    """The section of the page with this anchor."""
    return html.split(f'<section id="{name}"')[1].split("</section>")[0]


def test_the_page_says_everything_once(joint: JointMatter, client: Client) -> None:
    html = page_of(client)
    for words in (
        "开办餐饮店一件事",
        "云川市市场监督管理局牵头",
        "开一家餐饮店要办的许可和检查",
        "一件事综合窗口",
        "0839-5550102",
        "自然人、企业法人",
        "17 个工作日",
        "行政许可法第四十二条第二款",
        "可以只办其中一项吗？",
        "有专职或兼职的食品安全管理人员",
    ):
        assert words in html, words
    assert html.count("经营场所平面图") == 1
    materials = part(html, "materials")
    assert "要交 3 份" in materials
    assert "灭火和应急疏散预案" in materials


def test_each_material_names_those_that_use_it(joint: JointMatter, client: Client) -> None:
    materials = part(page_of(client), "materials")
    row = materials.split("灭火和应急疏散预案")[1].split("</tr>")[0]
    assert "公众聚集场所消防安全检查" in row
    assert "食品经营许可" not in row
    assert "全部事项" in materials.split("经营场所平面图")[1].split("</tr>")[0]


def test_the_order_leads_to_each_guide_and_application(joint: JointMatter, client: Client) -> None:
    order = part(page_of(client), "order")
    assert order.index("食品经营许可") < order.index("公众聚集场所消防安全检查")
    for code in (joints.FOOD, joints.FIRE):
        assert reverse("matters:guide", args=[code]) in order
        assert f"/apply/{code}/" in order
    assert "一次提交给每个部门" in order
    assert "/apply/joint/restaurant/?" in order


def test_figures_are_computed(joint: JointMatter, client: Client) -> None:
    savings = page_of(client).split('class="savings"')[1].split("</section>")[0]
    plain = savings.replace("\n", "")
    assert ">2</span>" in plain  # forms 2 → 1
    assert "<strong>1</strong>" in plain
    assert "<strong>17</strong>" in plain  # 10 + 7 in two stages: nothing is saved, nothing is claimed
    assert ">17</span>" not in plain


def test_a_situation_narrows_the_page(joint: JointMatter, client: Client) -> None:
    assert "灭火和应急疏散预案" in page_of(client)
    without = page_of(client, "?narrow=1")
    assert "灭火和应急疏散预案" not in without
    assert "要办 1 个事项" in without
    with_fire = page_of(client, "?narrow=1&when=营业面积在 300 平方米以上")
    assert "灭火和应急疏散预案" in with_fire
    assert 'value="营业面积在 300 平方米以上" checked' in with_fire


@pytest.mark.parametrize(
    "query", ["?narrow=1&when=<script>alert", "?narrow=&when=没有", "?narrow=1&when=" + "x" * 3000]
)
def test_nonsense_in_the_address_breaks_nothing(joint: JointMatter, client: Client, query: str) -> None:
    assert "<script>alert" not in page_of(client, query)


def test_a_changed_member_is_named_until_the_package_is_renewed(
    joint: JointMatter, client: Client, market_bureau: Department
) -> None:
    assert "正在复核" not in page_of(client)
    publish_matter(market_bureau, joints.FOOD, conditions=["有固定的经营场所"])
    html = page_of(client)
    assert "正在复核" in html
    assert "指南已更新" in html
    assert "有专职或兼职的食品安全管理人员" in html


def test_a_withdrawn_member_cannot_be_applied_for(joint: JointMatter, members: list[Matter], client: Client) -> None:
    services.withdraw(members[1], by="罗宁")
    html = page_of(client)
    assert "已经停办" in html
    assert f"/apply/{joints.FIRE}/" not in html


def test_english_names_what_has_an_english_name(joint: JointMatter, client: Client) -> None:
    client.cookies["django_language"] = "en"
    html = page_of(client)
    assert "Opening a restaurant" in html
    assert "Food Business Licence" in html


def test_unknown_and_unpublished_packages_are_not_found(
    members: list[Matter], editor: User, market_bureau: Department, client: Client
) -> None:
    joints.drafted(editor, market_bureau)
    for code in ("restaurant", "none", "x" * 300):
        assert client.get(f"/packages/{code}/").status_code == 404


def test_the_list_narrows_by_audience_and_stage(joint: JointMatter, client: Client) -> None:
    assert "开办餐饮店一件事" in text_of(client, "/packages/")
    assert "开办餐饮店一件事" in text_of(client, "/packages/?audience=enterprise&event=license")
    for query in ("?audience=person", "?event=close", "?event=<b>", "?page=x&audience=nobody"):
        assert "这里还没有" in text_of(client, f"/packages/{query}")


def test_an_empty_list_says_how_to_go_on(client: Client) -> None:
    assert "浏览全部事项" in text_of(client, "/packages/")


def test_home_search_and_guide_lead_to_it(joint: JointMatter, client: Client) -> None:
    cache.clear()
    address = "/packages/restaurant/"
    assert address in text_of(client, "/")
    for query in ("开饭店", "kfd", "餐饮店"):
        assert address in text_of(client, f"/search/?q={query}")
    assert address not in text_of(client, "/search/?q=结婚")
    assert address in text_of(client, reverse("matters:guide", args=[joints.FOOD]))


def test_the_list_takes_as_many_queries_for_many(joint: JointMatter, client: Client, django_assert_num_queries) -> None:
    _copies(joint, 12)
    with django_assert_num_queries(3):
        assert "共 13 件" in text_of(client, "/packages/")
    JointMatter.objects.exclude(code__in=["restaurant", "p0"]).update(active=False)
    with django_assert_num_queries(3):
        assert "共 2 件" in text_of(client, "/packages/")


def _copies(joint: JointMatter, number: int) -> None:
    JointMatter.objects.bulk_create(
        JointMatter(
            code=f"p{index}",
            name=f"一件事{index}",
            lead=joint.lead,
            life_event="found",
            current=joint.current,
            active=True,
        )
        for index in range(number)
    )


def test_a_page_takes_three_queries(joint: JointMatter, client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(3):
        page_of(client)


def test_anonymous_pages_are_asked_for_by_etag(joint: JointMatter, client: Client) -> None:
    first = client.get("/packages/restaurant/")
    assert client.get("/packages/restaurant/", headers={"if-none-match": first["ETag"]}).status_code == 304


# --- interface
def test_the_interface_lists_and_pages(joint: JointMatter, client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        body = client.get(API).json()
    (row,) = body["results"]
    assert (row["code"], row["audiences"], row["limit"]) == ("restaurant", ["enterprise"], 17)
    assert row["members"] == [joints.FOOD, joints.FIRE]
    _copies(joint, 3)
    assert client.get(f"{API}?page_size=2&page=2").json()["results"][1]["code"] in {"p2", "restaurant"}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=kfd", 1),
        ("q=结婚", 0),
        ("audience=enterprise&life_event=license", 1),
        ("audience=person", 0),
        ("life_event=close", 0),
        (f"member={joints.FIRE}", 1),
        ("member=NONE", 0),
    ],
)
def test_the_interface_narrows(joint: JointMatter, client: Client, query: str, count: int) -> None:
    assert client.get(f"{API}?{query}").json()["count"] == count


@pytest.mark.parametrize("query", ["audience=nobody", "life_event=x", "page=9", "q=" + "x" * 101, "q=%00"])
def test_bad_questions_get_a_problem(client: Client, query: str) -> None:
    response = client.get(f"{API}?{query}")
    assert response.status_code in (400, 404)
    assert set(response.json()) >= {"code", "title", "detail"}


def test_the_interface_gives_the_whole_merge(joint: JointMatter, client: Client, market_bureau: Department) -> None:
    response = client.get(f"{API}restaurant/")
    package = response.json()["content"]["package"]
    assert package["mapping"]["place.name"] == [f"{joints.FOOD}/place.name", f"{joints.FIRE}/place.name"]
    tag = response["ETag"]
    assert client.get(f"{API}restaurant/", headers={"if-none-match": tag}).status_code == 304
    publish_matter(market_bureau, joints.FOOD, conditions=["有固定的经营场所"])
    changed = client.get(f"{API}restaurant/", headers={"if-none-match": tag})
    assert (changed.status_code, changed.json()["changed_members"]) == (200, [joints.FOOD])
    assert client.get(f"{API}none/").status_code == 404
    assert client.post(API, {}).status_code == 405


def test_members_of_the_version_in_force_are_rows(joint: JointMatter) -> None:
    assert JointMember.objects.filter(joint=joint).count() == 2
