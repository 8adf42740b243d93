"""The desk of the catalogue: what is under which tab, what it waits for, for whom; and that it stays quick."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from identity.models import Department, User
from matters import publishing, services, validity
from matters.models import GuideVersion, Matter
from matters.reviewing import perform
from tests.matters.conftest import publish
from tests.matters.guides import whole
from tests.people import login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]
DESK = "/catalogue/"


def counts(client: Client, query: str = "") -> dict[str, int]:
    """Title of each tab and the number on it."""
    text = client.get(f"{DESK}?{query}").text
    part = text[text.index('aria-label="事项列表"') :]
    found = re.findall(r">(\S+) <span class=\"count\">(\d+)</span>", part[: part.index("</nav>")])
    return {title: int(number) for title, number in found}


def draft(department: Department, code: str, by: User | str = "", **changes: Any) -> GuideVersion:
    return services.save_draft(whole(matter_name=f"事项{code}", header={"code": code}, **changes), department, by=by)


def submit(version: GuideVersion, by: User) -> GuideVersion:
    return perform(version, "submit", by=by, seen=version.seen)


@pytest.fixture
def full(market_bureau: Department, editor: User, publisher: User) -> Department:
    """One matter under each tab."""
    draft(market_bureau, "A-1", editor)
    submit(draft(market_bureau, "A-2", editor), editor)
    waiting = submit(draft(market_bureau, "A-3", editor), editor)
    perform(waiting, "approve", by=publisher, seen=waiting.seen)
    publish(market_bureau, "A-4", "事项A-4")
    scheduled = draft(market_bureau, "A-5", editor)
    publishing.publish(scheduled, by="罗宁", effective_on=timezone.localdate() + timedelta(days=5))
    services.withdraw(publish(market_bureau, "A-6", "事项A-6"))
    return market_bureau


def test_every_tab_counts_its_own(full: Department, editor: User, publisher: User) -> None:
    expected = {"草稿": 1, "待我审核": 1, "待发布": 1, "已发布": 1, "待生效": 1, "已撤回": 1, "要复核": 0, "全部": 6}
    assert counts(login(publisher)) == expected
    assert counts(login(editor)) == expected | {"待我审核": 0}


@pytest.mark.parametrize(
    ("tab", "code", "waits", "action"),
    [
        ("draft", "A-1", "等编写完成，提交审核", "查看"),
        ("review", "A-2", "等您审核", "审核"),
        ("approved", "A-3", "等您发布", "发布"),
        ("published", "A-4", "起施行", "查看"),
        ("scheduled", "A-5", "起生效", "查看"),
        ("withdrawn", "A-6", "撤回", "查看"),
    ],
)
def test_each_row_says_what_it_waits_for(
    tab: str, code: str, waits: str, action: str, full: Department, publisher: User
) -> None:
    rows = login(publisher).get(f"{DESK}?tab={tab}").text.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    assert len(rows) == 1
    assert all(word in rows[0] for word in (code, waits, action))


def test_what_one_wrote_waits_for_others(full: Department, editor: User) -> None:
    text = login(editor).get(f"{DESK}?tab=all").text
    assert "等同事审核（您写过这一版，要由别人办理）" in text
    assert "等发布人发布" in text


def test_a_returned_draft_shows_the_opinion(market_bureau: Department, editor: User, publisher: User) -> None:
    version = submit(draft(market_bureau, "A-1", editor), editor)
    perform(version, "send-back", by=publisher, seen=version.seen, opinion="收费依据过期了")
    assert "已退回：收费依据过期了" in login(editor).get(f"{DESK}?tab=draft").text


def test_the_day_begins_with_what_waits_for_me(full: Department, editor: User, publisher: User) -> None:
    assert "等您审核" in login(publisher).get(DESK).text
    assert "等编写完成" not in login(publisher).get(DESK).text


def test_filters_stay_in_the_address(full: Department, publisher: User) -> None:
    client = login(publisher)
    text = client.get(f"{DESK}?tab=draft&q=A-1&type=01").text
    assert "?tab=review&amp;q=A-1&amp;type=01" in text
    assert counts(client, "q=A-1")["全部"] == 1
    assert counts(client, "type=02")["全部"] == 0
    assert "没有符合条件的事项" in client.get(f"{DESK}?tab=draft&q=没有").text


@pytest.mark.parametrize("query", ["tab=nonsense", "type=xx", "department=yy", "page=99", "page=x", "q=" + "长" * 101])
def test_nonsense_in_the_address_does_no_harm(query: str, full: Department, publisher: User) -> None:
    assert login(publisher).get(f"{DESK}?{query}").status_code == 200


def test_an_empty_desk_says_how_to_begin(editor: User) -> None:
    assert "这里还没有事项" in login(editor).get(DESK).text


def test_other_departments_are_not_shown(
    full: Department, housing_bureau: Department, editor: User, outsider: User
) -> None:
    publish(housing_bureau, "B-1", "住建事项")
    assert "住建事项" not in login(editor).get(f"{DESK}?tab=all").text
    assert login(outsider).get(DESK).status_code == 403


def test_the_coordinating_department_sees_all(
    full: Department, housing_bureau: Department, hr_bureau: Department
) -> None:
    from tests.people import make_staff

    Department.objects.filter(pk=hr_bureau.pk).update(coordinates=True)
    publish(housing_bureau, "B-1", "住建事项")
    client = login(make_staff("zhuguan", "主管", hr_bureau, "publisher"))
    assert counts(client)["全部"] == 7
    assert counts(client, f"department={housing_bureau.code}")["全部"] == 1


def test_due_guides_are_to_be_looked_at(full: Department, publisher: User, settings: Any) -> None:
    from matters import upkeep

    settings.HALL_GUIDE_CHECK_DAYS = 0 - 1
    upkeep.run()
    text = login(publisher).get(f"{DESK}?tab=findings").text
    assert "请核对后确认" in text
    settings.HALL_GUIDE_CHECK_DAYS = 183
    validity.confirm(Matter.objects.get(code="A-4"), by=publisher)
    assert counts(login(publisher))["要复核"] == 0


def queries_of(client: Client, query: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(f"{DESK}?{query}").status_code == 200
    return len(captured)


@pytest.mark.parametrize("tab", ["draft", "review", "published", "all"])
def test_the_number_of_queries_does_not_depend_on_the_rows(
    tab: str, market_bureau: Department, editor: User, publisher: User
) -> None:
    client = login(publisher)

    def one_more(number: int) -> None:
        draft(market_bureau, f"D-{number}", editor)
        submit(draft(market_bureau, f"R-{number}", editor), editor)
        publish(market_bureau, f"P-{number}", f"已发布{number}")

    one_more(0)
    few = queries_of(client, f"tab={tab}")
    for number in range(1, 20):
        one_more(number)
    assert queries_of(client, f"tab={tab}") == few <= 15


def test_a_published_row_names_the_version_on_its_way(full: Department, editor: User, publisher: User) -> None:
    draft(full, "A-4", editor, promised_limit={"value": 9, "unit": "G"})
    assert "第 2 版：草稿" in login(publisher).get(f"{DESK}?tab=published").text
