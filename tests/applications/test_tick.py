"""Time-made moves: idempotent, right after days of silence, and only on the inner side."""

from datetime import date

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from applications import requests, services, tick
from applications.models import Application, Event
from applications.states import State
from identity.models import User
from matters.models import CalendarDay, CalendarYear, Matter
from tests import factories
from tests.factories import moment
from tests.helpers import move

pytestmark = pytest.mark.usefixtures("no_rendering")


def test_five_silent_days_accept_and_three_runs_do_it_once(received: Application) -> None:
    for _ in range(3):
        tick.run(moment("2026-03-17 09:00"))
    received.refresh_from_db()
    assert (received.state, received.accepted_on.isoformat()) == (State.TACIT_ACCEPTED, "2026-03-02")
    assert Event.objects.filter(application=received, action="deem_accepted").count() == 1


def test_nothing_happens_before_the_limit_is_over(received: Application) -> None:
    assert tick.run(moment("2026-03-09 23:00")).deemed == []


def test_corrections_that_never_came_lapse(received: Application, clerk: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    assert case.correction_due == date(2026, 4, 2)
    assert tick.run(moment("2026-04-10 09:00")).lapsed == [received.number]


def test_a_supplement_of_the_last_day_has_time_to_cross(received: Application, clerk: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    assert tick.run(moment("2026-04-09 09:00")).lapsed == []
    request = case.requests.create(action="supplement", at=moment("2026-04-02 23:00"), changes={})
    requests.answer(request)
    case.refresh_from_db()
    assert case.state == State.RESUBMITTED


def test_the_outer_side_decides_nothing(received: Application, settings: LazySettings) -> None:
    settings.HALL_SIDE = "outer"
    assert tick.run(moment("2026-03-17 09:00")).deemed == []


def test_a_case_moved_meanwhile_is_left_alone(
    received: Application, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.perform

    def accept_first(pk: int, action: str, **data: object) -> Application:
        if action == "deem_accepted":
            monkeypatch.setattr(services, "perform", real)
            move(received, "accept", by=clerk, at="2026-03-09 10:00")
        return real(pk, action, **data)

    monkeypatch.setattr(services, "perform", accept_first)
    assert tick.run(moment("2026-03-17 09:00")).deemed == []
    received.refresh_from_db()
    assert received.state == State.ACCEPTED


def test_dates_in_an_unannounced_year_are_recomputed_when_it_is_announced(
    on_inner: str, matter: Matter, wang_fang: User, clerk: User
) -> None:
    case = move(factories.submitted(wang_fang, matter, "2026-12-28 10:00"), "accept", by=clerk, at="2026-12-28 11:00")
    assert case.due_provisional
    CalendarYear.objects.create(year=2027)
    assert tick.run(moment("2026-12-29 09:00")).recomputed == 1
    case.refresh_from_db()
    assert not case.due_provisional


def test_a_correction_limit_in_an_unannounced_year_is_recomputed_too(
    on_inner: str, matter: Matter, wang_fang: User, clerk: User
) -> None:
    filed = factories.submitted(wang_fang, matter, "2026-12-03 10:00")
    case = move(filed, "ask_correction", by=clerk, at="2026-12-03 11:00")
    assert case.correction_due == date(2027, 1, 4)
    tick.run(moment("2026-12-04 09:00"))
    CalendarYear.objects.create(year=2027)
    CalendarDay.objects.create(date=date(2027, 1, 4), is_workday=False)
    assert tick.run(moment("2026-12-29 09:00")).recomputed == 1
    case.refresh_from_db()
    assert case.correction_due == date(2027, 1, 5)


def test_a_day_that_is_declared_off_moves_running_limits(received: Application) -> None:
    tick.run(moment("2026-03-03 09:00"))
    assert tick.run(moment("2026-03-03 09:00")).recomputed == 0
    CalendarDay.objects.create(date=date(2026, 3, 5), is_workday=False)
    assert tick.run(moment("2026-03-04 09:00")).recomputed == 1
    received.refresh_from_db()
    assert received.silence_due == date(2026, 3, 10)


def test_a_day_declared_off_is_counted_before_silence_is_judged(received: Application) -> None:
    CalendarDay.objects.create(date=date(2026, 3, 5), is_workday=False)
    assert tick.run(moment("2026-03-10 09:00")).deemed == []
    assert tick.run(moment("2026-03-11 09:00")).deemed == [received.number]


def test_the_command_says_what_it_did(received: Application, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("tick", today="2026-03-17")
    assert "视为受理：1" in capsys.readouterr().out


def test_old_documents_wait_until_somebody_asks(received: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("applications.tasks.enqueue", asked.append)
    assert tick.run(moment("2026-03-05 09:00")).queued == 1
    receipt = received.documents.get(kind="receipt").uid
    assert asked == [receipt]
    tick.run(moment("2026-06-05 09:00"))
    assert asked.count(receipt) == 1


def test_a_certificate_is_made_however_old_since_nobody_can_check_it_before(
    awaiting_decision: Application, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00")
    asked: list[object] = []
    monkeypatch.setattr("applications.tasks.enqueue", asked.append)
    assert tick.run(moment("2026-06-05 09:00")).queued == 1
    assert asked == [case.documents.get(kind="licence").uid]


def test_failed_documents_are_tried_again_on_demand(received: Application) -> None:
    received.documents.update(state="failed")
    assert tick.run(moment("2026-03-05 09:00")).queued == 0
    assert tick.run(moment("2026-03-05 09:00"), retry_failed=True).queued == 1


def test_a_guide_comes_into_force_on_its_day(on_inner: str, matter: Matter) -> None:
    later = matter.versions.create(
        number=2, state="published", content=matter.current.content, effective_on=moment("2026-03-10 00:00").date()
    )
    assert tick.run(moment("2026-03-09 09:00")).in_force == 0
    assert tick.run(moment("2026-03-10 09:00")).in_force == 1
    matter.refresh_from_db()
    assert matter.current == later
