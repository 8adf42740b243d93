"""What crosses the gap: a submission arrives whole, moves are repeated, requests are answered."""

import json
from typing import Any

import pytest
from django.utils import timezone

from applications import actors, requests, services, sync_handlers
from applications.errors import NotPossible
from applications.models import Application, Document, Event, Licence, Material
from applications.states import State
from identity.models import User
from matters.models import Matter
from sync.models import Outbox
from sync.registry import Fact, Reject
from tests import factories
from tests.factories import moment
from tests.helpers import move, unguarded


def facts(topic: str) -> list[Fact]:
    """The recorded facts of a topic, as they arrive on the other side."""
    rows = Outbox.objects.filter(topic=topic).order_by("id")
    return [
        Fact(
            row.topic, row.version, row.key, row.agg_version, row.pk, json.loads(row.payload), row.blobs, timezone.now()
        )
        for row in rows
    ]


def forget(case: Application) -> None:
    """Make this side as if it had never heard of the case."""
    with unguarded():
        Event.objects.filter(application=case).delete()
    for rows in (Licence, Document, Material):
        rows.objects.filter(application=case).delete()
    case.requests.all().delete()
    case.delete()


@pytest.fixture
def filed(on_outer: str, matter: Matter, wang_fang: User) -> Application:
    """Submitted on the outer side on Sunday 15 February 2026, a day off, at 23:59."""
    return factories.file_draft(factories.draft(wang_fang, matter), wang_fang, "2026-02-15 23:59")


def test_a_submission_arrives_whole_and_keeps_its_outer_moment(filed: Application, settings: Any) -> None:
    fact = facts("application.submitted")[0]
    number, answers = filed.number, filed.answers
    forget(filed)
    settings.HALL_SIDE = "inner"
    sync_handlers.submitted(fact)
    case = Application.objects.get(number=number)
    assert (case.state, case.version, case.owner) == (State.RECEIVED, 2, None)
    assert case.answers == answers
    assert case.materials.get().file_name == "平面图.pdf"
    assert case.submitted_at == moment("2026-02-15 23:59")
    assert case.silence_due.isoformat() == "2026-02-28"


def test_an_unknown_guide_version_is_rejected_with_a_reason(filed: Application) -> None:
    fact = facts("application.submitted")[0]
    fact.payload["guide"] = "00000000-0000-0000-0000-000000000000"  # type: ignore[index]
    with pytest.raises(Reject, match="办事指南"):
        sync_handlers.submitted(fact)


def test_the_other_side_repeats_every_move(
    received: Application, clerk: User, reviewer: User, approver: User, wang_fang: User, settings: Any
) -> None:
    case = move(received, "accept", by=clerk)
    case = move(case, "pass_on", by=clerk)
    case = move(case, "pass_on", by=reviewer)
    case = move(case, "grant", by=approver)
    expected = {name: getattr(case, name) for name in ("state", "version", "law_due", "promise_due", "delivery_due")}
    told, uid = facts("application.moved"), case.uid
    matter, guide = case.matter, case.guide_version
    forget(case)
    settings.HALL_SIDE = "outer"
    mirror = Application.objects.create(
        uid=uid, matter=matter, guide_version=guide, department=matter.department, applicant_kind="person"
    )
    who = actors.applicant(wang_fang)
    services.replay(
        mirror.pk, "submit", actor=who, at=moment("2026-03-02 10:00"), version=1, to_state="SUBMITTED", data={}
    )
    for fact in told:
        sync_handlers.moved(fact)
    mirror.refresh_from_db()
    assert {name: getattr(mirror, name) for name in expected} == expected
    assert not mirror.documents.exists()
    assert "opinion" not in mirror.events.get(action="grant").data


def test_a_move_out_of_turn_is_rejected(received: Application, clerk: User) -> None:
    move(received, "accept", by=clerk)
    with pytest.raises(Reject, match="第 3 次变动"):
        sync_handlers.moved(facts("application.moved")[-1])


def test_limits_are_judged_where_the_move_is_decided(received: Application, clerk: User, settings: Any) -> None:
    """This side's dates may lean on a calendar that is a batch behind or ahead."""
    settings.HALL_SIDE = "outer"
    Application.objects.filter(pk=received.pk).update(silence_due="2026-03-02")
    data: dict[str, Any] = {"actor": actors.Actor("staff", "云川市市场监督管理局"), "at": moment("2026-03-04 10:00")}
    case = services.replay(received.pk, "accept", version=3, to_state="ACCEPTED", data={}, **data)
    assert case.state == State.ACCEPTED


def test_a_replay_that_ends_elsewhere_is_refused(received: Application) -> None:
    with pytest.raises(NotPossible, match="本地得到"):
        services.replay(
            received.pk,
            "accept",
            actor=actors.system(),
            at=moment("2026-03-03 10:00"),
            version=3,
            to_state="IN_REVIEW",
            data={},
        )
    received.refresh_from_db()
    assert received.state == State.RECEIVED


def test_a_withdrawal_that_comes_after_the_decision_is_refused_with_the_reason(
    awaiting_decision: Application, approver: User
) -> None:
    case = move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00")
    request = case.requests.create(action="withdraw", at=moment("2026-03-05 09:00"), changes={})
    requests.answer(request)
    request.refresh_from_db()
    case.refresh_from_db()
    assert (case.state, request.standing) == (State.GRANTED, "refused")
    assert "不能办理“撤回申请”" in request.answer
    assert facts("request.answered")[0].payload["uid"] == str(request.uid)


def test_asking_twice_is_refused(filed: Application, wang_fang: User) -> None:
    who = actors.applicant(wang_fang)
    requests.ask(filed, "withdraw", actor=who, at=moment("2026-02-16 10:00"))
    with pytest.raises(NotPossible, match="已经送出"):
        requests.ask(filed, "withdraw", actor=who, at=moment("2026-02-16 10:01"))
    assert len(facts("application.requested")) == 1


def test_a_supplement_brings_files_and_answers(received: Application, clerk: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    row = {
        "key": "plan",
        "file_name": "新平面图.pdf",
        "content_type": "application/pdf",
        "size": 9,
        "sha256": "1" * 64,
        "uploaded_at": "2026-03-05T10:00:00+08:00",
    }
    changes = {"materials": [row], "answers": {"place": {"name": "新店名", "area": "20"}}}
    requests.answer(case.requests.create(action="supplement", at=moment("2026-03-05 10:00"), changes=changes))
    case.refresh_from_db()
    assert case.answers["place"]["name"] == "新店名"
    assert [(file.file_name, file.replaced) for file in case.materials.order_by("round")] == [
        ("平面图.pdf", True),
        ("新平面图.pdf", False),
    ]
    assert case.requests.get().standing == "done"
