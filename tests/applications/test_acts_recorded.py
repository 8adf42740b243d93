"""What people and time do to a case beside its moves is on the record, with what it was about; none of it changes the state."""

import pytest

from applications import actors, claims, grounds, licences, requests, sync_handlers, verifying
from applications.documents import issue
from applications.models import Application, Event
from identity.models import User
from matters.models import Matter
from tests import factories
from tests.applications.test_crossing import facts
from tests.factories import moment
from tests.helpers import move


def last(case: Application) -> Event:
    return Event.objects.filter(application=case).latest("place")


@pytest.fixture
def granted(awaiting_decision: Application, approver: User) -> Application:
    return move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00")


def test_who_keeps_a_case_after_a_move_is_recorded(in_review: Application, clerk: User, reviewer: User) -> None:
    actor = actors.staff(reviewer)
    claims.settle(in_review, actor, before="ACCEPTED")
    assert (last(in_review).action, last(in_review).actor_name) == ("keep_claim", "刘洋")
    case = move(in_review, "pass_on", by=reviewer, at="2026-03-04 10:00")
    claims.settle(case, actor, before="IN_REVIEW")
    assert last(case).action == "leave_desk"
    count = Event.objects.count()
    claims.settle(case, actor, before="IN_REVIEW")
    assert Event.objects.count() == count  # nothing changed


def test_a_request_is_recorded_with_a_digest_of_what_was_supplied(
    on_outer: str, matter: Matter, wang_fang: User
) -> None:
    case = factories.file_draft(factories.draft(wang_fang, matter), wang_fang)
    who = actors.applicant(wang_fang)
    request = requests.ask(case, "withdraw", actor=who, reason="不再开店。", at=moment("2026-03-03 10:00"))
    event = last(case)
    assert (event.action, event.note, event.is_move) == ("ask", "不再开店。", False)
    assert (event.data["request"], len(event.data["changes_sha256"])) == (str(request.uid), 64)
    assert facts("application.requested")[0].payload["head"] == {"place": event.place, "digest": event.digest}


def test_a_refused_request_is_recorded_on_both_sides(granted: Application) -> None:
    request = granted.requests.create(action="withdraw", at=moment("2026-03-05 09:00"), changes={})
    requests.answer(request)
    event = last(granted)
    assert (event.action, event.data["standing"]) == ("answer_request", "refused")
    assert "不能办理“撤回申请”" in event.note
    sync_handlers.answered(facts("request.answered")[0])
    assert Event.objects.filter(application=granted, action="answer_request").count() == 2


def test_a_document_is_bound_to_the_chain_with_its_file(granted: Application) -> None:
    paper = granted.documents.get(kind="grant")
    issue.mark_ready(paper, b"%PDF-1.7 decision")
    paper.refresh_from_db()
    data = last(granted).data
    assert (data["number"], data["content_sha256"], data["pdf_sha256"]) == (
        paper.number,
        paper.content_sha256,
        paper.blob,
    )


def test_a_revocation_is_recorded_with_its_reason(granted: Application, approver: User) -> None:
    said = {"ground": "fraud", "reason": "以欺骗手段取得。"}
    licences.end(granted.licence.pk, grounds.REVOKE, actor=actors.staff(approver), **said)
    event = last(granted)
    assert (event.action, event.data["reason"], event.actor_name) == ("licence_revoke", said["reason"], "孙立")
    granted.refresh_from_db()
    assert granted.state == "GRANTED"
    assert list(verifying.chains()) == []
