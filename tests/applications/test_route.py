"""The route: sent back to any step with or without walking again; four eyes; who hands over; who countersigns."""

import pytest

from applications import actors, claims, countersigning, queries, services
from applications.desk import rows
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Event
from identity.models import Department, Post, User
from matters.models import Matter
from tests import factories, people
from tests.helpers import move
from tests.people import login

STEPS = [
    {"order": 1, "kind": "apply", "name": "申请", "role": "applicant"},
    {"order": 2, "kind": "accept", "name": "受理", "role": "clerk"},
    {"order": 3, "kind": "review", "name": "初审", "role": "reviewer"},
    {"order": 4, "kind": "review", "name": "复审", "role": "reviewer"},
    {"order": 5, "kind": "review", "name": "审核", "role": "reviewer"},
    {"order": 6, "kind": "decide", "name": "决定", "role": "approver"},
]


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    return factories.matter(market_bureau, procedure=STEPS)


@pytest.fixture
def at_the_top(in_review: Application, reviewer: User) -> Application:
    """Three reviews passed on 4 March, waiting for the decision."""
    for minute in (0, 10, 20):
        in_review = move(in_review, "pass_on", by=reviewer, at=f"2026-03-04 10:{minute:02d}")
    return in_review


@pytest.fixture
def colleague(market_bureau: Department) -> User:
    return people.make_staff("zhangwei", "张伟", market_bureau, "reviewer")


def standing(case: Application) -> list[str]:
    return [step.standing for step in case.route_steps.order_by("order")]


def test_sent_back_and_walked_again(at_the_top: Application, approver: User, reviewer: User) -> None:
    case = move(at_the_top, "send_back", by=approver, at="2026-03-05 09:00", to_order="3", walk="again")
    assert standing(case) == ["current", "waiting", "waiting", "waiting"]
    case = move(case, "pass_on", by=reviewer, at="2026-03-05 10:00")
    assert standing(case) == ["passed", "current", "waiting", "waiting"]


def test_sent_back_and_straight_here_again(at_the_top: Application, approver: User, reviewer: User) -> None:
    """What lies between stays passed and is skipped on the way back; the opinions are kept."""
    case = move(at_the_top, "send_back", by=approver, at="2026-03-05 09:00", to_order="3", walk="direct")
    assert (case.state, standing(case)) == ("IN_REVIEW", ["current", "passed", "passed", "waiting"])
    case = move(case, "pass_on", by=reviewer, at="2026-03-05 10:00")
    assert (case.state, standing(case)) == ("PENDING_DECISION", ["passed", "passed", "passed", "current"])
    assert move(case, "grant", by=approver, at="2026-03-05 11:00").state == "GRANTED"


def test_the_other_side_walks_the_same_way(at_the_top: Application, approver: User, reviewer: User) -> None:
    case = move(at_the_top, "send_back", by=approver, at="2026-03-05 09:00", to_order="4", walk="direct")
    assert case.events.get(action="send_back").data["walk"] == "direct"
    with pytest.raises(DataMissing):
        move(move(case, "pass_on", by=reviewer, at="2026-03-05 10:00"), "send_back", by=approver, walk="sideways")


def test_who_reviewed_does_not_decide(
    at_the_top: Application, reviewer: User, approver: User, market_bureau: Department
) -> None:
    """Four eyes, whatever posts one has."""
    Post.objects.create(user=reviewer, department=market_bureau, role="approver")
    with pytest.raises(NotAllowed, match="另一位工作人员"):
        move(at_the_top, "grant", by=reviewer, at="2026-03-05 10:00")
    assert "grant" not in services.possible_moves(at_the_top, actors.staff(reviewer))
    assert move(at_the_top, "grant", by=approver, at="2026-03-05 10:00").state == "GRANTED"


# --- 移交
def test_handed_over_to_who_can_work_on_it(
    in_review: Application, reviewer: User, colleague: User, clerk: User
) -> None:
    actor = actors.staff(reviewer)
    assert claims.heirs(in_review, actor) == [colleague]
    with pytest.raises(NotPossible):
        claims.hand_over(in_review, actor, clerk, reason="请假")
    with pytest.raises(DataMissing):
        claims.hand_over(in_review, actor, colleague, reason=" ")
    with pytest.raises(NotAllowed):
        claims.hand_over(in_review, actors.staff(clerk), colleague, reason="请假")
    claims.hand_over(in_review, actor, colleague, reason="请假")
    in_review.refresh_from_db()
    event = Event.objects.filter(application=in_review).latest("place")
    assert (in_review.handler, event.action, event.data["to"]) == (colleague, "hand_over", "张伟")


# --- 会签
def test_nothing_passes_before_the_countersigner_has_signed(
    in_review: Application, reviewer: User, colleague: User, housing_reviewer: User
) -> None:
    """In turn, on the record; also somebody of another department, who then sees the case."""
    actor = actors.staff(reviewer)
    countersigning.ask(in_review, actor, signer=housing_reviewer.username, question="是否影响排水？")
    countersigning.ask(in_review, actor, signer=colleague.username, question="请复核面积。")
    assert queries.case_for(actors.staff(housing_reviewer), in_review.number or "") == in_review
    waits = rows.waiting(actors.staff(housing_reviewer))
    assert any(in_review in branch.rows for branch in waits)
    with pytest.raises(NotPossible, match="还没有收齐"):
        move(in_review, "pass_on", by=reviewer, at="2026-03-04 10:00")
    with pytest.raises(NotPossible, match="先后顺序"):
        countersigning.sign(in_review, actors.staff(colleague), verdict="agrees", opinion="面积无误。")
    countersigning.sign(in_review, actors.staff(housing_reviewer), verdict="disagrees", opinion="须接入管网。")
    countersigning.sign(in_review, actors.staff(colleague), verdict="agrees", opinion="面积无误。")
    assert move(in_review, "pass_on", by=reviewer, at="2026-03-04 10:00").version > in_review.version
    assert [event.action for event in in_review.events.filter(is_move=False)][-4:] == [
        "ask_countersign",
        "ask_countersign",
        "countersign",
        "countersign",
    ]


def test_the_decision_waits_too_and_can_do_without(at_the_top: Application, approver: User, colleague: User) -> None:
    actor = actors.staff(approver)
    row = countersigning.ask(at_the_top, actor, signer=colleague.username, question="请再看一遍。")
    with pytest.raises(NotPossible, match="还没有收齐"):
        move(at_the_top, "grant", by=approver, at="2026-03-05 10:00")
    countersigning.drop(at_the_top, row.pk, actor)
    with pytest.raises(NotPossible):
        countersigning.drop(at_the_top, row.pk, actor)
    assert move(at_the_top, "grant", by=approver, at="2026-03-05 10:00").state == "GRANTED"


def test_who_may_ask_and_whom(in_review: Application, reviewer: User, clerk: User, colleague: User) -> None:
    with pytest.raises(NotAllowed):
        countersigning.ask(in_review, actors.staff(clerk), signer=colleague.username, question="？")
    for signer in (reviewer.username, "nobody"):
        with pytest.raises(DataMissing):
            countersigning.ask(in_review, actors.staff(reviewer), signer=signer, question="请会签。")
    countersigning.ask(in_review, actors.staff(reviewer), signer=colleague.username, question="请会签。")
    with pytest.raises(NotPossible, match="正在等待"):
        countersigning.ask(in_review, actors.staff(reviewer), signer=colleague.username, question="请会签。")
    with pytest.raises(NotAllowed):
        countersigning.sign(in_review, actors.staff(clerk), verdict="agrees", opinion="好。")


def test_the_pages(in_review: Application, reviewer: User, colleague: User, outsider: User) -> None:
    address = f"/work/{in_review.number}/colleagues/"
    mine = login(reviewer)
    assert mine.post(address, {"act": "ask", "signer": colleague.username, "question": ""}).status_code == 422
    asked = {"act": "ask", "signer": colleague.username, "question": "请复核面积。"}
    assert mine.post(address, asked).status_code == 302
    page = mine.get(f"/work/{in_review.number}/").content.decode()
    assert "等待会签" in page
    assert "会签收齐之前，这一环节不能通过" in page
    theirs = login(colleague)
    assert "请您会签" in theirs.get(f"/work/{in_review.number}/").content.decode()
    assert theirs.post(address, {"act": "sign", "verdict": "agrees", "opinion": "无误。"}).status_code == 302
    assert "会签收齐之前" not in mine.get(f"/work/{in_review.number}/").content.decode()
    handed = {"act": "hand_over", "colleague": colleague.username, "reason": "外出学习"}
    assert mine.post(address, handed).status_code == 302
    assert mine.post(address, {"act": "nonsense"}).status_code == 422
    assert login(outsider).get(address).status_code == 404


def test_the_interface(in_review: Application, reviewer: User, colleague: User) -> None:
    base = f"/api/v1/staff/applications/{in_review.number}/"
    mine, theirs = login(reviewer), login(colleague)
    asked = mine.post(f"{base}countersigns/", {"signer": colleague.username, "question": "？"}, "application/json")
    assert (asked.status_code, asked.json()["verdict"]) == (201, "")
    signed = theirs.post(f"{base}signature/", {"verdict": "agrees", "opinion": "无误。"}, "application/json")
    assert signed.json()["verdict"] == "agrees"
    assert mine.get(f"{base}countersigns/").json()[0]["opinion"] == "无误。"
    handed = mine.post(f"{base}hand-over/", {"colleague": colleague.username, "reason": "请假"}, "application/json")
    assert handed.status_code == 204
