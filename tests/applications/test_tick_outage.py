"""After an outage the result is the one of daily runs; one broken case stops nobody; two runs at once do nothing twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from applications import recounting, seals, services, tick, verifying
from applications.errors import NotPossible
from applications.models import Application, Clock, Event, EvidenceSeal
from applications.models.recount import Recount
from identity.models import User
from matters.models import CalendarDay, CalendarYear, Matter
from tests import factories
from tests.factories import moment
from tests.helpers import move

COLUMNS = ("state", "accepted_on", "law_due", "promise_due", "next_due", "ended_at", "finish_kind", "version")


@pytest.fixture(autouse=True)
def no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tick queues PDFs; these tests are about moves and dates."""
    monkeypatch.setattr("applications.tasks.enqueue", lambda uid: None)


def a_month(matter: Matter, wang_fang: User, clerk: User) -> list[Application]:
    """Filed on the first days of March; every third is asked to correct and never does."""
    cases = []
    for day in range(2, 10):
        case = factories.submitted(wang_fang, matter, f"2026-03-0{day} 10:00")
        cases.append(move(case, "ask_correction", by=clerk, at=f"2026-03-0{day} 11:00") if day % 3 == 0 else case)
    return cases


def lives(cases: list[Application]) -> list[Any]:
    """What became of them: columns, clocks, the legal moment of each act, the documents' dates."""
    found = []
    for case in cases:
        case.refresh_from_db()
        clocks = list(case.clocks.values_list("kind", "started_on", "stopped_on", "due"))
        acts = list(case.events.moves().values_list("action", "at"))
        papers = [(paper.kind, paper.created_at, paper.content["issued_on"]) for paper in case.documents.all()]
        found.append(([getattr(case, name) for name in COLUMNS], clocks, acts, papers))
    return found


def test_an_outage_leads_to_what_daily_runs_lead_to(
    on_inner: str, matter: Matter, wang_fang: User, clerk: User
) -> None:
    daily, silent = a_month(matter, wang_fang, clerk), a_month(matter, wang_fang, clerk)
    for offset in range(60):
        _run_without(silent, moment("2026-03-02 00:05") + timedelta(days=offset))
    tick.run(moment("2026-05-06 15:00"))
    assert lives(silent) == lives(daily)
    assert {case.state for case in daily} == {"TACIT_ACCEPTED", "CORRECTION_LAPSED"}
    assert [case.accepted_on.isoformat() for case in daily if case.accepted_on][:2] == ["2026-03-02", "2026-03-04"]
    assert list(verifying.chains()) == []


def _run_without(cases: list[Application], at: Any) -> None:
    """A run that does not see these cases: for them, nothing runs."""
    hidden = [case.pk for case in cases]
    real = tick.TIME_MADE

    def without(due: tick.TimeMade) -> tick.TimeMade:
        return tick.TimeMade(due.action, lambda today: due.cases(today).exclude(pk__in=hidden), due.since, due.done)

    tick.TIME_MADE = tuple(without(due) for due in real)  # type: ignore[assignment]
    try:
        tick.run(at)
    finally:
        tick.TIME_MADE = real


def test_the_legal_moment_is_the_first_possible_one_and_the_record_says_when_it_was_written(
    received: Application,
) -> None:
    tick.run(moment("2026-03-17 09:00"))
    event = Event.objects.get(application=received, action="deem_accepted")
    assert event.at == moment("2026-03-10 00:00")
    assert event.recorded_at > event.at


def test_a_case_that_fails_is_reported_and_stops_no_other(
    received: Application, wang_fang: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = factories.submitted(wang_fang, received.matter)
    real = services.perform

    def broken(pk: int, action: str, **data: Any) -> Application:
        if pk == received.pk:
            raise NotPossible("部门名录里已经没有它。")
        return real(pk, action, **data)

    monkeypatch.setattr(services, "perform", broken)
    done = tick.run(moment("2026-03-17 09:00"))
    assert done.deemed == [other.number]
    assert done.failed == [(received.number, "deem_accepted", "部门名录里已经没有它。")]
    with pytest.raises(CommandError, match="1 件没有办成"):
        call_command("tick", today="2026-03-17")
    assert f"{received.number} 没有办成“视为受理”" in capsys.readouterr().err


@pytest.mark.parametrize("failure", [ValueError("坏的数据"), KeyError("x")])
def test_dates_that_cannot_be_counted_are_reported(
    received: Application, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*args: object) -> None:
        raise failure

    tick.run(moment("2026-03-03 09:00"))
    CalendarDay.objects.create(date=date(2026, 3, 5), is_workday=False)
    monkeypatch.setattr("applications.case_clocks.refresh", fail)
    done = tick.run(moment("2026-03-04 09:00"))
    assert [(number, act) for number, act, _ in done.failed] == [(received.number, "recount")]


def test_only_cases_across_a_changed_day_are_counted(
    received: Application, matter: Matter, wang_fang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = factories.submitted(wang_fang, matter, "2026-06-01 10:00")
    tick.run(moment("2026-03-03 09:00"))
    asked: list[int] = []
    real = recounting.case_clocks.recompute
    monkeypatch.setattr(recounting.case_clocks, "recompute", lambda pk, today: asked.append(pk) or real(pk, today))
    CalendarDay.objects.create(date=date(2026, 3, 5), is_workday=False)
    assert tick.run(moment("2026-03-04 09:00")).recomputed == 1
    assert asked == [received.pk]
    assert later.pk not in asked
    event = Event.objects.get(application=received, action="recount")
    assert event.data["silence_due"] == ["2026-03-09", "2026-03-10"]


def test_many_cases_are_counted_in_portions(
    received: Application, matter: Matter, wang_fang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        factories.submitted(wang_fang, matter)
    tick.run(moment("2026-03-03 09:00"))
    monkeypatch.setattr(recounting, "PORTION", 2)
    CalendarDay.objects.create(date=date(2026, 3, 5), is_workday=False)
    assert [tick.run(moment("2026-03-04 09:00")).recomputed for _ in range(4)] == [2, 2, 1, 0]
    assert Recount.objects.get().first is None


def test_a_day_withdrawn_again_moves_the_dates_back(received: Application) -> None:
    day = CalendarDay.objects.create(date=date(2026, 3, 5), is_workday=False)
    tick.run(moment("2026-03-03 09:00"))
    day.delete()
    CalendarYear.objects.create(year=2030)
    tick.run(moment("2026-03-04 09:00"))
    received.refresh_from_db()
    assert received.silence_due == date(2026, 3, 9)


def test_a_pause_that_outlasts_its_estimate_is_counted_once_a_day(in_review: Application, reviewer: User) -> None:
    case = move(in_review, "pause", by=reviewer)
    assert tick.run(moment("2026-03-20 09:00")).recomputed == 1
    assert tick.run(moment("2026-03-20 09:05")).recomputed == 0
    assert tick.run(moment("2026-03-23 09:00")).recomputed == 1
    before = case.law_due
    case.refresh_from_db()
    assert case.law_due > before


@pytest.mark.parametrize("announced", [True, False])
def test_queries_do_not_grow_with_cases_that_are_not_due(
    on_inner: str, matter: Matter, wang_fang: User, announced: bool
) -> None:
    """Also in December, when every date leans on a year that is not announced yet."""
    at = "2026-03-02 10:00" if announced else "2026-12-28 10:00"
    counts = []
    template = factories.submitted(wang_fang, matter, at)
    made = 1
    for many in (10, 500):
        _copies(template, many - made)
        made = many
        for _ in range(2):  # the first notices what is new and seals it
            tick.run(moment(at) + timedelta(hours=2))
        with CaptureQueriesContext(connection) as queries:
            done = tick.run(moment(at) + timedelta(hours=3))
        assert (done.deemed, done.recomputed) == ([], 0)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Application.objects.count() == 500


def _copies(template: Application, many: int) -> None:
    """Open cases like this one, each with its running clocks."""
    columns = {
        field.attname: getattr(template, field.attname)
        for field in Application._meta.concrete_fields
        if field.attname not in ("id", "uid", "number")
    }
    number = Application.objects.count()
    cases = Application.objects.bulk_create(
        Application(number=f"copy-{number + index}", **columns) for index in range(many)
    )
    clocks = list(template.clocks.values("kind", "started_on", "value", "unit", "due", "provisional"))
    Clock.objects.bulk_create(Clock(application=case, **clock) for case in cases for clock in clocks)
    Application.objects.filter(pk__in=[case.pk for case in cases]).update(event_count=0, sealed_count=0)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_each_move_once(on_inner: str, matter: Matter, wang_fang: User) -> None:
    cases = [factories.submitted(wang_fang, matter) for _ in range(6)]
    CalendarDay.objects.create(date=date(2026, 6, 5), is_workday=False)
    done = _at_once([lambda: tick.run(moment("2026-03-17 09:00"))] * 2)
    assert sorted(number for one in done for number in one.deemed) == sorted(case.number for case in cases)
    assert [one.failed for one in done] == [[], []]
    assert Event.objects.filter(action="deem_accepted").count() == len(cases)
    seals.seal_changed()
    numbers = list(EvidenceSeal.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(verifying.chains()) == []


def _at_once(acts: list[Callable[[], tick.Done]]) -> list[tick.Done]:
    def run(act: Callable[[], tick.Done]) -> tick.Done:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
