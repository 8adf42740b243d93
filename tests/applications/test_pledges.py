"""告知承诺 (C27): decided on the applicant's pledge, checked within the guide's days, revoked when it is false."""

import pytest

from applications import actors, drafts, pledges, services
from applications.errors import DataMissing, NotPossible
from applications.models import Application, Licence
from applications.restored import acts_again
from applications.states import State
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.factories import moment
from tests.helpers import move

COMMITMENT = {
    "commitment": True,
    "commitment_text": "承诺经营场所符合食品安全要求，愿意接受核查。",
    "commitment_check_days": 20,
}


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    return factories.matter(market_bureau, header=COMMITMENT)


def pledge(user: User, matter: Matter, at: str = "2026-03-02 10:00") -> Application:
    """Filed with a pledge and received."""
    case = factories.draft(user, matter)
    case = drafts.submit(
        case,
        actor=actors.applicant(user),
        seen=case.seen,
        declared=True,
        way="pledge",
        at=moment(at),
        render=False,
    )
    return services.perform(case.pk, "receive", actor=actors.system(), seen=None, at=moment(at), render=False)


@pytest.fixture
def granted(on_inner: str, matter: Matter, wang_fang: User, clerk: User, approver: User) -> Application:
    """Accepted and decided on 3 March; nobody reviewed."""
    case = move(pledge(wang_fang, matter), "accept", by=clerk)
    assert move(case, "pass_on", by=clerk, at="2026-03-03 10:30").state == State.PENDING_DECISION
    return move(case, "grant", by=approver, at="2026-03-03 11:00")


def test_decided_without_review_and_then_to_be_checked(granted: Application) -> None:
    """C27."""
    assert [step.kind for step in granted.route_steps.all()] == ["decide"]
    assert (granted.pledge_check, granted.clocks.get(kind="check").value) == ("open", 20)
    assert granted.documents.get(kind="commitment").content["pledge"] == COMMITMENT["commitment_text"]


def test_cannot_be_closed_before_it_was_checked(granted: Application, clerk: User, reviewer: User) -> None:
    case = move(granted, "deliver", by=clerk, at="2026-03-04 10:00")
    with pytest.raises(NotPossible, match="承诺核查之后"):
        move(case, "close", by=clerk, at="2026-03-05 10:00")
    case = move(case, "confirm_pledge", by=reviewer, at="2026-03-10 10:00")
    assert (case.state, case.pledge_check) == (State.CLOSED, "true")


def test_a_false_pledge_revokes_decision_and_certificate(granted: Application, clerk: User, approver: User) -> None:
    """C27, 行政许可法 69(2): the history of the certificate and the register say so."""
    move(granted, "deliver", by=clerk, at="2026-03-04 10:00")
    case = move(granted, "find_pledge_false", by=approver, at="2026-03-10 10:00")
    licence = Licence.objects.get(application=case)
    assert (case.state, case.pledge_check, licence.standing, licence.ground) == ("REVOKED", "false", "revoked", "fraud")
    assert [one.kind for one in licence.changes.all()] == ["revoked"]
    assert case.documents.filter(kind="commitment_revocation").exists()


def test_what_fell_with_its_decision_comes_back_with_the_move_alone(granted: Application, approver: User) -> None:
    """After a restoration: nobody revoked the certificate by an act of its own."""
    case = move(granted, "find_pledge_false", by=approver, at="2026-03-10 10:00")
    acts_again.licence_ended_again(Licence.objects.get(application=case), None, moment("2026-03-10 10:00"))
    assert not case.events.filter(action="licence_revoke").exists()


def test_who_broke_a_pledge_is_served_in_the_ordinary_way(
    granted: Application, clerk: User, approver: User, wang_fang: User, matter: Matter
) -> None:
    """C27: for a year; the applicant is told why."""
    move(granted, "find_pledge_false", by=approver, at="2026-03-10 10:00")
    again = factories.draft(wang_fang, matter)
    assert "2027-03-10" in pledges.refusal(again, moment("2026-03-11 10:00").date())
    assert pledges.refusal(again, moment("2027-03-10 10:00").date()) == ""
    with pytest.raises(DataMissing) as refused:
        drafts.submit(
            again,
            actor=actors.applicant(wang_fang),
            seen=again.seen,
            declared=True,
            way="pledge",
            at=moment("2026-03-11 10:00"),
            render=False,
        )
    assert "way" in refused.value.fields


def test_a_pledge_that_was_sent_before_the_bar_was_known_becomes_ordinary(
    granted: Application, clerk: User, approver: User, wang_fang: User, matter: Matter
) -> None:
    sent = pledge(wang_fang, matter, "2026-03-09 10:00")
    move(granted, "find_pledge_false", by=approver, at="2026-03-10 10:00")
    case = move(sent, "accept", by=clerk, at="2026-03-10 11:00")
    assert case.way == "ordinary"
    assert "不实" in case.events.get(action="accept").note
    assert not case.documents.filter(kind="commitment").exists()
    assert [step.kind for step in case.route_steps.all()] == ["review", "decide"]


def test_nothing_is_pledged_where_the_guide_does_not_offer_it(
    on_inner: str, market_bureau: Department, wang_fang: User
) -> None:
    with pytest.raises(DataMissing):
        pledge(wang_fang, factories.matter(market_bureau))
