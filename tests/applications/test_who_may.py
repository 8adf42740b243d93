"""State × move × role × department, written out: who may do what, in time and too late. Nothing here is read from the code.

A new move needs its rows in ``MAY``; whatever has no row is refused, for everybody, everywhere.
"""

from datetime import date

import pytest

from applications import actors, machine
from applications.actors import Actor
from applications.models import Application, RouteStep
from identity.models import Department, User
from tests import people

# state, move, who may in the responsible department, and when: always, in time (before the limits), late (after them),
# expired (late, and the licence whose renewal is asked for has expired), unless that.
MAY = """
DRAFT             submit             applicant          always
SUBMITTED         receive            system clerk       always
SUBMITTED         withdraw           applicant          always
RECEIVED          ask_correction     clerk              in-time
RECEIVED          accept             clerk              in-time
RECEIVED          deem_accepted      system clerk       late
RECEIVED          refuse_intake      clerk              in-time
RECEIVED          tell_not_required  clerk              in-time
RECEIVED          withdraw           applicant          always
RECEIVED          terminate          clerk              always
RECEIVED          void               inspector          always
CORRECTION        supplement         applicant          in-time
RECEIVED          deem_renewed       system clerk       expired
RESUBMITTED       deem_renewed       system clerk       expired
ACCEPTED          deem_renewed       system clerk       expired
TACIT_ACCEPTED    deem_renewed       system clerk       expired
IN_REVIEW         deem_renewed       system clerk       expired
SPECIAL           deem_renewed       system clerk       expired
PENDING_DECISION  deem_renewed       system clerk       expired
CORRECTION        lapse              system clerk       late
CORRECTION        withdraw           applicant          always
CORRECTION        terminate          clerk              always
CORRECTION        void               inspector          always
RESUBMITTED       accept             clerk              in-time
RESUBMITTED       deem_accepted      system clerk       late
RESUBMITTED       refuse_intake      clerk              in-time
RESUBMITTED       withdraw           applicant          always
RESUBMITTED       terminate          clerk              always
RESUBMITTED       void               inspector          always
ACCEPTED          pass_on            clerk              always
ACCEPTED          withdraw           applicant          always
ACCEPTED          terminate          clerk              always
ACCEPTED          void               inspector          always
TACIT_ACCEPTED    pass_on            clerk              always
TACIT_ACCEPTED    withdraw           applicant          always
TACIT_ACCEPTED    terminate          clerk              always
TACIT_ACCEPTED    void               inspector          always
IN_REVIEW         pass_on            reviewer           always
IN_REVIEW         send_back          reviewer           always
IN_REVIEW         pause              reviewer           always
IN_REVIEW         extend             approver           in-time
IN_REVIEW         transfer_up        reviewer           always
IN_REVIEW         withdraw           applicant          always
IN_REVIEW         terminate          reviewer           always
IN_REVIEW         void               inspector          always
SPECIAL           resume             reviewer           always
SPECIAL           withdraw           applicant          always
SPECIAL           terminate          reviewer           always
SPECIAL           void               inspector          always
PENDING_DECISION  send_back          approver           always
PENDING_DECISION  extend             approver           in-time
PENDING_DECISION  grant              approver           always
PENDING_DECISION  refuse             approver           unless-expired
PENDING_DECISION  withdraw           applicant          always
PENDING_DECISION  terminate          approver           always
PENDING_DECISION  void               inspector          always
GRANTED           deliver            system clerk       always
REFUSED           deliver            system clerk       always
DELIVERED         close              system clerk       always
"""
# Who has the case on the desk, where a step of the route is being worked on.
AT_WORK = {"IN_REVIEW": "reviewer", "SPECIAL": "reviewer", "PENDING_DECISION": "approver"}
STATES = [
    "DRAFT",
    "SUBMITTED",
    "RECEIVED",
    "CORRECTION",
    "RESUBMITTED",
    "NOT_REQUIRED",
    "REJECTED_INTAKE",
    "ACCEPTED",
    "TACIT_ACCEPTED",
    "IN_REVIEW",
    "SPECIAL",
    "PENDING_DECISION",
    "GRANTED",
    "REFUSED",
    "DELIVERED",
    "CLOSED",
    "WITHDRAWN",
    "TERMINATED",
    "CORRECTION_LAPSED",
    "TRANSFERRED_UP",
    "VOIDED",
]
ROLES = ("clerk", "reviewer", "approver", "inspector", "editor", "publisher", "operator")
DAYS = {"in-time": date(2026, 3, 4), "late": date(2026, 5, 20), "expired": date(2026, 5, 20)}
TRUE_ON = {
    "in-time": {"always", "in-time", "unless-expired"},
    "late": {"always", "late", "unless-expired"},
    "expired": {"always", "late", "expired"},
}


def rows() -> list[tuple[str, str, frozenset[str], str]]:
    found = [line.split() for line in MAY.strip().splitlines()]
    return [(state, move, frozenset(who), when) for state, move, *who, when in found]


@pytest.fixture
def cast(market_bureau: Department, housing_bureau: Department) -> dict[str, Actor]:
    """One person for each role in the responsible department and in another, and those without a post."""
    found = {"system": actors.system(), "applicant": actors.applicant_named("王芳")}
    for prefix, department in (("", market_bureau), ("elsewhere-", housing_bureau)):
        for role in ROLES:
            user: User = people.make_staff(f"{prefix}{role}", f"{prefix}{role}", department, role)
            found[f"{prefix}{role}"] = actors.staff(user)
    nobody = people.make_staff("nobody", "无岗位", market_bureau)
    return found | {"nobody": actors.staff(nobody)}


@pytest.fixture
def case(received: Application, market_bureau: Department) -> Application:
    """A case with every fact that a condition asks about: limits ahead, a step behind it, a step at work."""
    received.correction_asked_on = None
    received.silence_due, received.correction_due = date(2026, 3, 9), date(2026, 4, 2)
    received.law_due = date(2026, 3, 30)
    for order, name, role in ((1, "初审", "reviewer"), (2, "审查", "reviewer"), (3, "决定", "approver")):
        kind = "decide" if role == "approver" else "review"
        received.route_steps.create(order=order, kind=kind, name=name, role=role, department=market_bureau)
    return received


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what(case: Application, cast: dict[str, Actor], state: str, day: str) -> None:
    case.__dict__["state"] = state
    put_to_work(case, AT_WORK.get(state))
    case.acting_on = DAYS[day]
    case.renewal_due = date(2026, 5, 1) if day == "expired" else None
    found = {
        (move, name)
        for move in machine.moves()
        for name, actor in cast.items()
        if machine.refusal(case, move) is None and machine.permitted(case, move, actor)
    }
    assert found == {
        (move, name) for where, move, who, when in rows() if where == state and when in TRUE_ON[day] for name in who
    }


def put_to_work(case: Application, role: str | None) -> None:
    steps = case.route_steps.order_by("-order")
    step = steps.filter(role=role).first() if role else None
    if step is not None:
        RouteStep.objects.filter(pk=step.pk).update(standing="current")


def test_every_state_and_every_move_is_in_the_table() -> None:
    assert {state for state, *_ in machine.table()} <= set(STATES)
    assert {move for _, move, *_ in rows()} == set(machine.moves())
