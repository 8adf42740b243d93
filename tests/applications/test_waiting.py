"""Once all is back after a restoration, what has no answer gets one; a broken case is told of and stops no other."""

from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from pytest_django import Settings

from applications import requests, services, sync_handlers, tick
from applications.models import Application, Request
from applications.models.request import RequestState
from applications.restored import waiting
from applications.states import State
from identity.models import User
from matters.models import Matter
from sync import registry, returning
from tests import factories
from tests.conftest import switch_side
from tests.factories import moment

pytestmark = pytest.mark.usefixtures("no_rendering")
FAILURES = [LookupError("没有这一环节"), ValueError("坏的数据"), Matter.DoesNotExist("没有事项"), DataError("坏的行")]


@pytest.fixture
def unanswered(on_outer: str, matter: Matter, wang_fang: User, settings: Settings) -> list[Application]:
    """Three cases that were filed and that the office has not received."""
    cases = [factories.file_draft(factories.draft(wang_fang, matter), wang_fang) for _ in range(3)]
    switch_side(settings, "inner")
    return cases


@pytest.fixture
def asked(matter: Matter, wang_fang: User, on_inner: str) -> list[Request]:
    """Three received cases whose applicants want them back; nobody has answered."""
    cases = [factories.submitted(wang_fang, matter) for _ in range(3)]
    return [case.requests.create(action="withdraw", at=moment("2026-03-05 09:00"), changes={}) for case in cases]


def states(cases: list[Application]) -> list[str]:
    return [Application.objects.values_list("state", flat=True).get(pk=case.pk) for case in cases]


def standings(asked: list[Request]) -> list[str]:
    return [Request.objects.values_list("standing", flat=True).get(pk=request.pk) for request in asked]


def spoil(case: Application) -> None:
    """Nobody has the key of what stands there."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applications_application SET contact_phone = 'x1:spoilt' WHERE id = %s", [case.pk])


def fail_for(monkeypatch: pytest.MonkeyPatch, case: int, failure: Exception) -> None:
    """Every move of this case fails, after something was written."""
    real = services.perform

    def broken(pk: int, action: str, **data: Any) -> Application:
        if pk == case:
            Application.objects.filter(pk=pk).update(applicant_name="半途")
            raise failure
        return real(pk, action, **data)

    monkeypatch.setattr(services, "perform", broken)


def test_what_has_no_answer_gets_one(unanswered: list[Application]) -> None:
    registry.all_returned()
    assert states(unanswered) == [State.RECEIVED] * 3
    assert waiting.go_on() == []


def test_what_was_asked_is_answered(asked: list[Request]) -> None:
    registry.all_returned()
    assert standings(asked) == [RequestState.DONE] * 3


@pytest.mark.parametrize("failure", FAILURES)
def test_a_case_that_cannot_be_received_stops_no_other(
    unanswered: list[Application], monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    fail_for(monkeypatch, unanswered[0].pk, failure)
    registry.all_returned()
    assert states(unanswered) == [State.SUBMITTED, State.RECEIVED, State.RECEIVED]
    assert not Application.objects.filter(applicant_name="半途").exists()


@pytest.mark.parametrize("failure", FAILURES)
def test_a_request_that_cannot_be_answered_stops_no_other(
    asked: list[Request], monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    fail_for(monkeypatch, asked[0].application_id, failure)
    registry.all_returned()
    assert standings(asked) == [RequestState.SENT, RequestState.DONE, RequestState.DONE]
    assert not Application.objects.filter(applicant_name="半途").exists()


def test_what_nobody_can_read_stops_no_other(unanswered: list[Application]) -> None:
    spoil(unanswered[0])
    registry.all_returned()
    assert states(unanswered) == [State.SUBMITTED, State.RECEIVED, State.RECEIVED]


def test_a_request_of_a_case_that_nobody_can_read_stops_no_other(asked: list[Request]) -> None:
    spoil(asked[0].application)
    registry.all_returned()
    assert standings(asked) == [RequestState.SENT, RequestState.DONE, RequestState.DONE]


def test_what_is_asked_of_a_broken_case_is_not_refused_for_it(
    unanswered: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could only be refused while the case is not received."""
    request = unanswered[0].requests.create(action="supplement", at=moment("2026-03-05 09:00"), changes={})
    real = sync_handlers.receive

    def broken(case: int, at: Any) -> None:
        if case == unanswered[0].pk:
            raise LookupError("没有这一环节")
        real(case, at)

    monkeypatch.setattr(sync_handlers, "receive", broken)
    registry.all_returned()
    assert standings([request]) == [RequestState.SENT]


def test_tick_reports_it_and_does_the_rest(unanswered: list[Application], monkeypatch: pytest.MonkeyPatch) -> None:
    fail_for(monkeypatch, unanswered[0].pk, LookupError("没有这一环节"))
    done = tick.run(moment("2026-03-17 09:00"))
    assert done.failed == [(unanswered[0].number, "receive", "没有这一环节")]
    assert sorted(done.deemed) == sorted(str(case.number) for case in unanswered[1:])


def test_a_database_that_fails_for_a_moment_is_no_fault_of_the_case(
    unanswered: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_for(monkeypatch, unanswered[0].pk, OperationalError("database is locked"))
    with pytest.raises(OperationalError):
        registry.all_returned()


def test_a_case_of_which_something_is_stuck_waits_for_a_person(
    unanswered: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returning, "stuck", lambda: {f"application:{unanswered[1].uid}"})
    registry.all_returned()
    assert states(unanswered) == [State.RECEIVED, State.SUBMITTED, State.RECEIVED]


def test_a_request_that_another_run_has_settled_stays_so(asked: list[Request]) -> None:
    """Two runs have read it as open: the second is refused by the machine, which is no answer to the applicant."""
    stale = Request.objects.select_related("application").get(pk=asked[0].pk)
    requests.answer(asked[0])
    requests.answer(stale)
    request = Request.objects.get(pk=stale.pk)
    assert (request.standing, request.answer) == (RequestState.DONE, "")
    assert not request.application.events.filter(action="answer_request").exists()
