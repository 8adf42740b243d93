"""The work list: whose cases, which tab, which filter, in which order, fifty a page, and at what cost."""

from typing import Any

import pytest
from django.core.paginator import Page
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.desk import finding
from applications.models import Application
from identity.models import Department, Role, User
from matters.models import Matter
from tests import factories
from tests.helpers import move
from tests.people import login, make_staff

pytestmark = pytest.mark.usefixtures("office_hours")
URL = "/work/"


@pytest.fixture
def many(received: Application) -> list[Application]:
    """Fifty-two cases on the clerk's desk, due a day later each, from 4 March on."""
    return multiplied(received, 51)


def multiplied(case: Application, times: int) -> list[Application]:
    """Copies of a received case with numbers and limits of their own."""
    names = (
        *("matter_id", "guide_version_id", "department_id", "applicant_kind", "state", "submitted_at", "silence_due"),
        *("sort_due", "desk"),
    )
    shared = {name: getattr(case, name) for name in names}
    rows = [
        Application(number=f"{number:021d}", applicant_name=f"申请人{number}", next_due=case.silence_due, **shared)
        for number in range(1, times + 1)
    ]
    made = Application.objects.bulk_create(rows)
    for one in made:
        finding.index(one)
    return [case, *made]


def due(cases: list[Application], day: str) -> None:
    """Give cases another limit, as the clocks would."""
    Application.objects.filter(pk__in=[case.pk for case in cases]).update(next_due=day, sort_due=day)


def numbers(client: Client, **query: str) -> list[str]:
    return [row.case.number for row in client.get(URL, query).context["rows"]]


def page_of(client: Client, **query: str) -> Page[Application]:
    return client.get(URL, query).context["page"]


def test_fifty_rows_a_page(many: list[Application], clerk: User) -> None:
    client = login(clerk)
    assert len(numbers(client)) == 50
    assert len(numbers(client, page="2")) == 2
    assert page_of(client, page="99").number == 2
    assert "共 52 条" in client.get(URL).content.decode()


def test_more_rows_cost_no_more_queries(received: Application, clerk: User) -> None:
    client = login(clerk)
    client.get(URL)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(URL).status_code == 200
        return len(seen)

    one = queries()
    multiplied(received, 49)
    assert queries() == one


def test_the_soonest_limit_comes_first_and_all_shows_the_newest(
    many: list[Application], clerk: User, django_assert_max_num_queries: Any
) -> None:
    due(many[7:8], "2026-03-01")
    client = login(clerk)
    assert numbers(client)[0] == many[7].number
    assert numbers(client, tab="all")[0] == many[-1].number


def test_the_filter_is_kept_in_every_address(many: list[Application], clerk: User) -> None:
    answer = login(clerk).get(URL, {"tab": "department", "q": "申请人7", "state": "RECEIVED"})
    assert [row.case.applicant_name for row in answer.context["rows"]] == ["申请人7"]
    kept = "q=%E7%94%B3%E8%AF%B7%E4%BA%BA7&amp;state=RECEIVED"
    text = answer.content.decode()
    assert f"?tab=overdue&amp;{kept}" in text
    assert f"/work/{many[7].number}/?tab=department&amp;{kept}" in text


@pytest.mark.parametrize(("words", "found"), [("王芳", 1), ("小餐饮", 1), ("没有这样的", 0), ("%", 0)])
def test_words_find_number_applicant_or_matter(received: Application, clerk: User, words: str, found: int) -> None:
    assert len(numbers(login(clerk), tab="all", q=words)) == found
    assert numbers(login(clerk), tab="all", q=received.number[:12]) == [received.number]


def test_a_filter_that_cannot_be_is_told(received: Application, clerk: User) -> None:
    text = login(clerk).get(URL, {"state": "NOWHERE", "q": "字" * 101}).content.decode()
    assert "没有这种状态。" in text
    assert "请不要超过 100 个字。" in text


@pytest.mark.parametrize("query", [{"tab": "x"}, {"page": "x"}, {"page": "-1"}])
def test_nonsense_in_the_address_is_no_error(received: Application, clerk: User, query: dict[str, str]) -> None:
    assert login(clerk).get(URL, query).status_code == 200


def test_tabs_count_what_they_hold(many: list[Application], clerk: User) -> None:
    due(many[:3], "2026-03-02")
    due(many[3:5], "2026-03-05")
    move(many[0], "tell_not_required", by=clerk)
    client = login(clerk)
    counted = {tab["title"]: tab["count"] for tab in client.get(URL).context["tabs"]}
    assert counted == {"待我办理": "51", "在办": "51", "临近期限": "2", "已超期限": "2", "全部": None}
    assert {tab: page_of(client, tab=tab).paginator.count for tab in ("soon", "overdue", "all")} == {
        "soon": 2,
        "overdue": 2,
        "all": 52,
    }


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-03-09", ("剩 4 天", "正常")),
        ("2026-03-04", ("剩 1 天", "即将到期")),
        ("2026-03-03", ("今天到期", "即将到期")),
        ("2026-03-02", ("超 1 天", "超法定")),
    ],
)
def test_the_light_has_a_word(received: Application, clerk: User, due: str, words: tuple[str, str]) -> None:
    Application.objects.update(next_due=due, silence_due=due, intake_due=due)
    row = login(clerk).get(URL).context["rows"][0]
    assert (row.days, row.word) == words


def test_a_promise_overrun_is_not_a_breach_of_the_law(received: Application, clerk: User) -> None:
    Application.objects.update(next_due="2026-03-02", intake_due="2026-03-02")
    row = login(clerk).get(URL).context["rows"][0]
    assert (row.light, row.word) == ("yellow", "超承诺")


def test_delivery_is_late_by_promise_first_and_by_law_after_ten_days(
    awaiting_decision: Application, clerk: User, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00")  # promised within 3 days
    words = {}
    for day in ("2026-03-09", "2026-03-13", "2026-03-20"):
        monkeypatch.setattr("django.utils.timezone.now", lambda day=day: factories.moment(f"{day} 10:00"))
        words[day] = login(clerk).get(URL).context["rows"][0].word
    assert words == {"2026-03-09": "即将到期", "2026-03-13": "超承诺", "2026-03-20": "超法定"}


def test_a_limit_that_ended_on_friday_is_over_on_saturday(
    received: Application, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Application.objects.update(next_due="2026-03-06", silence_due="2026-03-06")
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.moment("2026-03-07 10:00"))
    assert login(clerk).get(URL).context["rows"][0].days == "超 1 天"


def test_the_step_the_case_is_in_is_named(in_review: Application, reviewer: User) -> None:
    assert login(reviewer).get(URL).context["rows"][0].step == "审查"


def test_who_sees_several_departments_can_choose_one(
    received: Application, housing_bureau: Department, market_bureau: Department, wang_fang: User
) -> None:
    other: Matter = factories.matter(housing_bureau, header={"code": "YC-TEST-0002"}, matter_name="施工许可")
    factories.submitted(wang_fang, other)
    both = make_staff("shuanggang", "双岗", market_bureau, Role.CLERK)
    both.posts.create(department=housing_bureau, role=Role.CLERK)
    client = login(both)
    assert len(numbers(client)) == 2
    assert numbers(client, department="YC-SCJG") == [received.number]
    assert "市住建局" in client.get(URL).content.decode()


def test_a_post_that_handles_no_cases_sees_none(received: Application, editor: User) -> None:
    client = login(editor)
    assert numbers(client, tab="all") == []
    assert "您的岗位不办理申请" in client.get(URL).content.decode()
    assert client.get(reverse("applications:staff-case", args=[received.number])).status_code == 404


def test_no_list_has_personal_numbers(received: Application, clerk: User) -> None:
    text = login(clerk).get(URL, {"tab": "all"}).content.decode()
    assert received.applicant_id not in text
    assert received.contact_phone not in text


def test_ended_posts_see_nothing(received: Application, clerk: User) -> None:
    clerk.posts.update(active=False)
    answer = login(clerk).get(URL)
    assert (answer.status_code, answer["Location"].startswith("/accounts/login/")) == (302, True)
