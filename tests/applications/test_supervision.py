"""Electronic supervision: alerts by rule, once each; the reasons; the supervisor's counts equal a recount; the monthly report (C26)."""

from collections import Counter
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import actors, clocks, tick
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Alert, Application, Event
from applications.months import Month
from applications.states import OPEN
from applications.supervision import answering, queries, report, rules, timing, watching
from applications.supervision.colours import COLOURS, coloured
from identity.models import User
from matters import calendar
from matters.models import Matter
from tests import factories
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = pytest.mark.django_db
# ``in_review``: filed on 2 March, accepted on 3 March: promised by 17 March, by law by 31 March; the step until 10 March.
PROMISED, BY_LAW = date(2026, 3, 17), date(2026, 3, 31)


def codes() -> set[str]:
    return set(Alert.objects.filter(ended_on=None).values_list("rule", flat=True))


def test_nothing_is_raised_while_there_is_time(in_review: Application) -> None:
    assert (in_review.promise_due, in_review.law_due) == (PROMISED, BY_LAW)
    assert watching.watch(date(2026, 3, 6)) == 0
    assert codes() == set()


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 3, 16), {"Y01", "H03"}),  # one working day before
        (date(2026, 3, 17), {"Y01", "H03"}),  # the last day
        (date(2026, 3, 18), {"H02", "H03"}),
        (date(2026, 4, 1), {"H02", "H03", "R01"}),
    ],
)
def test_each_rule_on_its_day(in_review: Application, today: date, expected: set[str]) -> None:
    watching.watch(today)
    assert codes() == expected


def test_an_alert_is_raised_once_however_often_it_is_looked(in_review: Application) -> None:
    assert watching.watch(date(2026, 3, 18)) == 2
    assert watching.watch(date(2026, 3, 18)) == 0
    assert watching.watch(date(2026, 3, 19)) == 0


def test_the_reminder_ends_when_the_case_goes_on_and_the_overrun_stays_on_record(
    awaiting_decision: Application, approver: User
) -> None:
    watching.watch(date(2026, 3, 18))
    move(awaiting_decision, "grant", by=approver, at="2026-03-18 15:00")
    watching.watch(date(2026, 3, 19))
    late = Alert.objects.get(rule="H02")
    assert late.ended_on == date(2026, 3, 19)
    assert (late.level, late.due) == ("yellow", PROMISED)


def test_a_pause_is_no_overrun(in_review: Application, reviewer: User) -> None:
    move(in_review, "pause", by=reviewer, at="2026-03-05 10:00", expected_days=30)
    watching.watch(date(2026, 3, 20))
    assert codes() == set()


def test_silence_is_a_red_card(received: Application) -> None:
    tick.run(moment("2026-03-10 08:00"))
    assert "R02" in codes()
    assert Alert.objects.get(rule="R02").level == "red"


def test_a_case_accepted_by_silence_is_red_until_somebody_begins(received: Application, clerk: User) -> None:
    tick.run(moment("2026-03-10 08:00"))
    rows, today = Application.objects.all(), date(2026, 3, 10)
    assert coloured(rows, today, calendar.current()).get().colour == "red"
    move(received, "pass_on", by=clerk, at="2026-03-10 09:00")
    assert coloured(rows, today, calendar.current()).get().colour == "green"


def test_cases_that_are_not_due_cost_no_query(
    in_review: Application, matter: Matter, wang_fang: User, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as one:
        watching.watch(date(2026, 3, 4))
    for _ in range(5):
        factories.submitted(wang_fang, matter)
    with django_assert_num_queries(len(one)):
        watching.watch(date(2026, 3, 4))


# --- reasons and instructions


@pytest.fixture
def late(in_review: Application) -> Alert:
    watching.watch(date(2026, 3, 18))
    return Alert.objects.get(rule="H02")


def test_the_department_says_why(late: Alert, reviewer: User) -> None:
    answering.explain(late.pk, actor=actors.staff(reviewer), cause="other_organ", text="等住建局的意见。")
    late.refresh_from_db()
    assert (late.get_cause_display(), late.explained_by) == ("等待其他部门意见", "刘洋")
    assert Event.objects.get(action="explain_overrun").data["text"] == "等住建局的意见。"


def test_nobody_else_does(late: Alert, outsider: User, inspector: User) -> None:
    for other in (outsider, inspector):
        with pytest.raises(NotAllowed):
            answering.explain(late.pk, actor=actors.staff(other), cause="other", text="不知道。")
    assert login(outsider).get(f"/alerts/{late.uid}/").status_code == 404


def test_a_reason_has_a_kind_and_words(late: Alert, reviewer: User) -> None:
    with pytest.raises(DataMissing) as missing:
        answering.explain(late.pk, actor=actors.staff(reviewer), cause="weather", text=" ")
    assert set(missing.value.fields) == {"cause", "text"}


def test_a_reminder_needs_no_reason(in_review: Application, reviewer: User) -> None:
    watching.watch(date(2026, 3, 16))
    with pytest.raises(NotPossible):
        answering.explain(Alert.objects.get(rule="Y01").pk, actor=actors.staff(reviewer), cause="other", text="x")


def test_leader_and_inspector_instruct(late: Alert, approver: User, inspector: User, reviewer: User) -> None:
    answering.instruct(late.pk, actor=actors.staff(approver), text="本周五前作出决定。")
    answering.instruct(late.pk, actor=actors.staff(inspector), text="书面说明。")
    with pytest.raises(NotAllowed):
        answering.instruct(late.pk, actor=actors.staff(reviewer), text="不该由我。")
    assert Event.objects.filter(action="instruct").count() == 2


def test_who_is_told_follows_the_colour(
    in_review: Application, reviewer: User, approver: User, inspector: User, outsider: User
) -> None:
    def told(who: User) -> set[str]:
        return set(queries.told(actors.staff(who)).values_list("rule", flat=True))

    watching.watch(date(2026, 3, 16))
    assert (told(reviewer), told(approver)) == ({"Y01", "H03"}, {"H03"})
    watching.watch(date(2026, 4, 1))
    assert told(inspector) == {"R01"}
    assert told(approver) == {"H02", "H03", "R01"}
    assert told(outsider) == set()


# --- the supervisor's page


def recount(cases: list[Application], today: date) -> Counter[str]:
    """The colour of each case by the rules in words, not by SQL."""
    days, found = calendar.current(), Counter[str]()
    for case in cases:
        if case.state in ("SPECIAL", "CORRECTION") or case.next_due is None:
            found["grey"] += 1
            continue
        law, promise = (case.law_due, case.promise_due) if case.accepted_on else (case.silence_due, case.intake_due)
        if case.decided_at:
            law, promise = None, case.delivery_due
        colour = clocks.light(today, law, promise, days)
        steps = case.route_steps.filter(standing="current", due__lt=today)
        found["yellow" if colour in ("green", "amber") and steps.exists() else colour] += 1
    return found


@pytest.mark.parametrize("today", [date(2026, 3, day) for day in (4, 9, 10, 12, 16, 17, 18, 31)] + [date(2026, 4, 2)])
def test_colours_in_sql_are_the_colours_in_words(
    matter: Matter, on_inner: str, wang_fang: User, clerk: User, reviewer: User, approver: User, today: date
) -> None:
    cases = [factories.submitted(wang_fang, matter) for _ in range(6)]
    for case in cases[1:]:
        move(case, "accept", by=clerk)
    for case in cases[2:]:
        move(case, "pass_on", by=clerk)
    move(cases[3], "pause", by=reviewer, at="2026-03-05 10:00")
    for case in cases[4:]:
        move(case, "pass_on", by=reviewer, at="2026-03-04 10:00")
    move(cases[5], "grant", by=approver, at="2026-03-06 10:00")
    rows = Application.objects.filter(state__in=OPEN)
    days = calendar.current()
    assert Counter(coloured(rows, today, days).values_list("colour", flat=True)) == recount(list(rows), today)
    (line,) = queries.matrix(rows, today, days)
    assert line["total"] == len(rows) == sum(line[colour] for colour in COLOURS)


def test_the_pages_are_for_leaders_and_inspectors(in_review: Application, clerk: User, approver: User) -> None:
    for address in ("/supervision/", "/supervision/cases/", "/supervision/report/", "/supervision/report/2026-03.xlsx"):
        assert login(clerk).get(address).status_code == 403
        assert login(approver).get(address).status_code == 200
    assert "效能监察" in login(clerk).get("/alerts/").content.decode()


def test_a_supervisor_sees_only_the_departments_led(in_review: Application, housing_approver: User) -> None:
    assert "没有在办的办件" in login(housing_approver).get("/supervision/").content.decode()


def test_the_list_asks_as_much_for_many_as_for_one(
    in_review: Application, matter: Matter, wang_fang: User, approver: User, django_assert_num_queries: Any
) -> None:
    client = login(approver)
    watching.watch(date(2026, 4, 1))
    for address in ("/supervision/", "/supervision/cases/", "/alerts/?list=all"):
        client.get(address)
        with CaptureQueriesContext(connection) as one:
            client.get(address)
        for _ in range(4):
            factories.submitted(wang_fang, matter)
        watching.watch(date(2026, 4, 1))
        with django_assert_num_queries(len(one)):
            client.get(address)


def test_an_alert_is_answered_on_its_page(late: Alert, reviewer: User, approver: User) -> None:
    address = f"/alerts/{late.uid}/"
    assert login(reviewer).post(address, {"act": "explain", "cause": "", "text": ""}).status_code == 422
    answer = login(reviewer).post(
        address, {"act": "explain", "cause": "complex", "text": "现场核查两次。"}, follow=True
    )
    assert "案情复杂" in answer.content.decode()
    page = login(approver).post(address, {"act": "instruct", "text": "抓紧。"}, follow=True).content.decode()
    assert "抓紧。" in page


# --- the monthly report


@pytest.fixture
def march(
    matter: Matter, on_inner: str, wang_fang: User, clerk: User, reviewer: User, approver: User
) -> list[Application]:
    """Three filed in March, two decided: one in time, one after the promise; one overrun explained."""
    cases = [factories.submitted(wang_fang, matter) for _ in range(3)]
    for case, decided in zip(cases, ("2026-03-06 10:00", "2026-03-20 10:00"), strict=False):
        move(move(case, "accept", by=clerk), "pass_on", by=clerk)
        move(case, "pass_on", by=reviewer, at="2026-03-05 10:00")
        if decided > "2026-03-18":
            watching.watch(date(2026, 3, 18))
            alert = Alert.objects.get(rule="H02")
            answering.explain(alert.pk, actor=actors.staff(reviewer), cause="workload", text="办件集中。")
        move(case, "grant", by=approver, at=decided)
    return cases


def test_the_report_is_a_recount(march: list[Application], approver: User) -> None:
    rows = queries.supervised(actors.staff(approver))
    found = report.made(rows, Month(date(2026, 3, 1)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM applications_application WHERE decided_at IS NOT NULL")
        decided = cursor.fetchone()[0]
        cursor.execute("SELECT COUNT(*) FROM applications_application WHERE state <> 'DRAFT'")
        filed = cursor.fetchone()[0]
        cursor.execute("SELECT COUNT(*) FROM applications_alert WHERE rule = 'H02'")
        late = cursor.fetchone()[0]
    assert (found["totals"]["filed"], found["totals"]["decided"], found["totals"]["late"]) == (filed, decided, late)
    assert (found["totals"]["in_time"], found["totals"]["share"]) == (1, 50.0)
    assert found["departments"][0]["yellow"] == Alert.objects.filter(level="yellow").count()
    assert {row["label"]: row["number"] for row in found["buckets"] if row["number"]} == {"4–7 天": 1, "16–30 天": 1}
    assert found["causes"][0] == {"title": "办件集中，人手不足", "number": 1}
    assert sum(row["number"] for row in found["matters"]) == filed
    assert report.made(rows, Month(date(2026, 4, 1)))["totals"]["filed"] == 0


def test_where_the_time_went(march: list[Application]) -> None:
    march[1].refresh_from_db()
    assert timing.spent(march[1]) == timing.Spent(intake=1, applicant=0, special=0, review=17, delivery=0)
    assert timing.averages([]) is None


def test_the_workbook_says_the_same_and_runs_no_formula(
    march: list[Application], matter: Matter, approver: User
) -> None:
    Matter.objects.filter(pk=matter.pk).update(name="=1+1")
    answer = login(approver).get("/supervision/report/2026-03.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert dict(book["总览"].iter_rows(min_row=2, values_only=True))["作出决定"] == 2
    assert book["事项收件"]["A2"].data_type == "s"


def test_the_report_prints(march: list[Application], approver: User) -> None:
    answer = login(approver).get("/supervision/report/2026-03.pdf")
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("text", ["2026-13", "2026", "x-1", "2026-0", ""])
def test_months_that_are_none(text: str) -> None:
    assert Month.of(text) is None


def test_the_month_after_december() -> None:
    assert Month(date(2026, 12, 1)).next.first == date(2027, 1, 1)


def test_every_rule_says_where_it_comes_from() -> None:
    assert all(rule.basis and rule.told for rule in rules.RULES)
    assert timezone.localdate()
