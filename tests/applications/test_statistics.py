"""The published figures equal a recount of the cases one by one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from applications import actors, statistics
from applications.models import Application
from applications.months import last_months
from applications.ratings import giving
from identity.models import Department, User
from tests import factories
from tests.helpers import move

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 10)


@pytest.fixture
def cases(
    on_outer: str, market_bureau: Department, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> list[Application]:
    """Four of one matter: granted in time, granted late, one running, one struck as a duplicate."""
    matter = factories.matter(market_bureau)
    found = []
    for decided in ("2026-03-06 10:00", "2026-03-31 10:00", ""):
        case = factories.file_draft(factories.draft(wang_fang, matter), wang_fang)
        case = move(case, "receive", by=None, at="2026-03-02 10:01")
        case = move(move(case, "accept", by=clerk), "pass_on", by=clerk)
        if decided:
            case = move(move(case, "pass_on", by=reviewer, at="2026-03-04 10:00"), "grant", by=approver, at=decided)
            case = move(move(case, "deliver", by=clerk, at=decided), "close", by=clerk, at=decided)
        found.append(case)
    return found


def test_the_figures_are_a_recount(cases: list[Application], wang_fang: User) -> None:
    giving.give(cases[0], actor=actors.applicant(wang_fang), grade=1)
    giving.give(cases[1], actor=actors.applicant(wang_fang), grade=4)
    found = statistics.count(TODAY)
    rows = list(Application.objects.all())
    decided = [case for case in rows if case.decided_at]
    in_time = [case for case in decided if case.promise_due and timezone.localdate(case.decided_at) <= case.promise_due]
    assert found["totals"] == {
        "filed": len(rows),
        "ended": sum(case.is_ended for case in rows),
        "decided": len(decided),
        "promised": len(decided),
        "in_time": len(in_time),
        "share": 50.0,
    }
    (department,) = found["departments"]
    taken = sum((case.decided_at - case.submitted_at for case in decided), timedelta())  # type: ignore[operator]
    assert department["days"] == round(taken.total_seconds() / 86400 / len(decided), 1)
    assert (department["filed"], department["satisfied"], found["satisfied"]) == (3, 50.0, 50.0)
    assert found["matters"][0]["matter__code"] == "YC-TEST-0001"


def test_months_are_the_local_ones_and_none_is_missing(cases: list[Application]) -> None:
    found = statistics.count(TODAY)["months"]
    assert [row["month"] for row in found][:: len(found) - 1] == [date(2025, 5, 1), date(2026, 4, 1)]
    assert len(found) == 12
    march = next(row for row in found if row["month"] == date(2026, 3, 1))
    assert (march["filed"], march["decided"]) == (3, 2)
    Application.objects.filter(pk=cases[2].pk).update(submitted_at=factories.moment("2026-03-01 00:30"))
    assert next(row for row in statistics.count(TODAY)["months"] if row["month"] == date(2026, 3, 1))["filed"] == 3


def test_the_first_month() -> None:
    assert last_months(date(2026, 12, 31), 12)[-1].first == date(2026, 1, 1)
    assert last_months(date(2026, 1, 1), 12)[-1].first == date(2025, 2, 1)


def test_the_page_and_the_interface_say_the_same(cases: list[Application]) -> None:
    page = Client().get("/statistics/").content.decode()
    assert "办件统计" in page
    assert "小餐饮经营许可" in page
    got = Client().get("/api/v1/public/statistics/")
    answer = got.json()
    assert Client().get("/api/v1/public/statistics/", headers={"If-None-Match": got["ETag"]}).status_code == 304
    assert answer["filed"] == 3
    assert answer["departments"][0]["name"] == "云川市市场监督管理局"


def test_a_hall_without_cases_says_so(on_outer: str, db: Any) -> None:
    assert "还没有办件" in Client().get("/statistics/").content.decode()
