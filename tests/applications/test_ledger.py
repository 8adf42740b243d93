"""The clock ledger: every date follows from its lines; the same on page, interface and paper; three dates apart."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import ledger
from applications.documents.ledger_sheet import ledger_page
from applications.models import Application
from identity.models import User
from matters import calendar
from matters.models import Matter
from tests.applications.documents.reading import words
from tests.helpers import move
from tests.people import login

TODAY = date(2026, 3, 31)


def law(case: Application) -> ledger.Account:
    return next(one for one in ledger.accounts(case, TODAY, calendar.current()) if one.kind == "law")


def test_what_ran_what_paused_it_why_by_whom_until_when(in_review: Application, reviewer: User, approver: User) -> None:
    case = move(in_review, "pause", by=reviewer, at="2026-03-05 10:00")
    case = move(case, "resume", by=reviewer, at="2026-03-10 10:00")
    case = move(case, "extend", by=approver, at="2026-03-12 10:00")
    lines = law(case).lines
    assert [line.on.isoformat() for line in lines] == ["2026-03-03", "2026-03-05", "2026-03-12"]
    assert [line.due.isoformat() for line in lines] == ["2026-03-31", "2026-04-03", "2026-04-20"]
    assert "专家评审：自 2026-03-05 起不计入，到 2026-03-10 恢复" in lines[1].what
    assert (lines[1].why, lines[1].by) == ("需要专家评审消防分区。", "刘洋")
    assert (lines[2].why, lines[2].by) == ("案情复杂，需要补充核查。", "孙立")
    assert lines[-1].due == case.law_due


def test_a_pause_that_came_too_late_is_told_as_such(in_review: Application, reviewer: User) -> None:
    """C14."""
    case = move(in_review, "pause", by=reviewer, at="2026-04-01 10:00")
    line = law(case).lines[-1]
    assert "不改变期限" in line.what
    assert line.due == case.law_due == date(2026, 3, 31)


def test_the_act_that_stopped_it_is_named(awaiting_decision: Application, approver: User) -> None:
    case = move(awaiting_decision, "refuse", by=approver, at="2026-03-05 10:00")
    line = law(case).lines[-1]
    assert (line.on.isoformat(), line.what, line.why, line.by) == ("2026-03-05", "停止计时", "不予批准", "孙立")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    pauses=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20), st.booleans()), max_size=4),
    extended=st.booleans(),
)
@pytest.mark.django_db
def test_the_last_line_is_the_limit_itself(
    in_review: Application, pauses: list[tuple[int, int, bool]], extended: bool
) -> None:
    """Whatever paused and extended it: the ledger and the clock agree."""
    from applications import case_clocks

    in_review.pauses.all().delete()
    day = date(2026, 3, 3)
    for gap, length, is_open in pauses:
        day += timedelta(days=gap)
        in_review.pauses.create(
            procedure="testing",
            reason="检测",
            began_on=day,
            expected_end=day + timedelta(days=length),
            ended_on=None if is_open else day + timedelta(days=length),
            by="刘洋",
        )
    in_review.clocks.filter(kind="law").update(extension=10 if extended else 0)
    case_clocks.refresh(in_review, TODAY)
    account = law(in_review)
    if not extended:
        assert account.lines[-1].due == account.due
    assert [line.due for line in account.lines] == sorted(line.due for line in account.lines)


def test_three_dates_apart(in_review: Application, matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(usual_days=3, slow_days=8)
    in_review.matter.refresh_from_db()
    dates = ledger.three_dates(in_review, calendar.current())
    assert (dates.law, dates.promise) == (in_review.law_due, in_review.promise_due)
    assert (dates.usual_on, dates.slow_on) == (date(2026, 3, 6), date(2026, 3, 13))


def test_the_usual_days_say_until_when(in_review: Application, matter: Matter, reviewer: User) -> None:
    Matter.objects.filter(pk=matter.pk).update(usual_days=3, slow_days=8)
    page = login(reviewer).get(f"/work/{in_review.number}/").content.decode()
    assert "一半的办件 3 个工作日，到 3月6日<br>九成的办件 8 个工作日，到 3月13日" in page


def test_the_same_on_page_interface_and_paper(in_review: Application, reviewer: User, outsider: User) -> None:
    case = move(in_review, "pause", by=reviewer, at="2026-03-05 10:00")
    browser = login(reviewer)
    page = browser.get(f"/work/{case.number}/").content.decode()
    assert "期限是怎样算的" in page
    assert "需要专家评审消防分区。" in page
    told = browser.get(f"/api/v1/staff/applications/{case.number}/ledger/").json()
    assert {one["kind"] for one in told["accounts"]} >= {"law", "promise"}
    paper = words(ledger_page(case, timezone.localdate(), calendar.current()).pdf())
    for account in told["accounts"]:
        for line in account["lines"]:
            assert line["what"].replace(" ", "") in paper.replace(" ", "")
    assert browser.get(f"/work/{case.number}/ledger.pdf")["Content-Type"] == "application/pdf"
    assert login(outsider).get(f"/work/{case.number}/ledger.pdf").status_code == 404
