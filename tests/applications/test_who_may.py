"""State × move × role × department, written out: who may do what, in time and too late. Nothing here is read from the code.

A new move needs its rows in ``MAY``; whatever has no row is refused, for everybody, everywhere.
"""

from datetime import date

import pytest

from applications import actors, machine
from applications.actors import Actor
from applications.models import Application, Hearing, RouteStep
from identity.models import Department, User
from tests import people
from tests.helpers import moment

# state, move, who may in the responsible department, and when: always, in time (before the limits), late (after them),
# expired (late, and the licence whose renewal is asked for has expired), procedure (somebody has to be heard and a check is
# planned), told (and nobody has asked for the hearing yet), asked (and the hearing's day has come), owing (a material is owed,
# the promise is overrun, a pledge is to be checked), promises (and there is time), never (and it never came); or unless one.
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
PENDING_DECISION  grant              approver           unless-told-or-owing
PENDING_DECISION  refuse             approver           unless-told-or-expired
PENDING_DECISION  withdraw           applicant          always
PENDING_DECISION  terminate          approver           always
PENDING_DECISION  void               inspector          always
IN_REVIEW         plan_check         reviewer           always
IN_REVIEW         record_check       reviewer           procedure
IN_REVIEW         name_third_party   reviewer           always
IN_REVIEW         hear_third_party   reviewer           procedure
IN_REVIEW         tell_hearing       reviewer           unless-told
IN_REVIEW         ask_hearing        applicant reviewer told
IN_REVIEW         set_hearing        reviewer           asked
IN_REVIEW         hold_hearing       reviewer           asked
IN_REVIEW         drop_hearing       reviewer           asked
SPECIAL           plan_check         reviewer           always
SPECIAL           record_check       reviewer           procedure
SPECIAL           name_third_party   reviewer           always
SPECIAL           hear_third_party   reviewer           procedure
SPECIAL           tell_hearing       reviewer           unless-told
SPECIAL           ask_hearing        applicant reviewer told
SPECIAL           set_hearing        reviewer           asked
SPECIAL           hold_hearing       reviewer           asked
SPECIAL           drop_hearing       reviewer           asked
PENDING_DECISION  plan_check         approver           always
PENDING_DECISION  record_check       approver           procedure
PENDING_DECISION  name_third_party   approver           always
PENDING_DECISION  hear_third_party   approver           procedure
PENDING_DECISION  tell_hearing       approver           unless-told
PENDING_DECISION  ask_hearing        applicant approver told
PENDING_DECISION  set_hearing        approver           asked
PENDING_DECISION  hold_hearing       approver           asked
PENDING_DECISION  drop_hearing       approver           asked
RECEIVED          fix_on_spot          clerk                        in-time
RECEIVED          accept_with_deferral clerk                        promises
RECEIVED          grant_at_once        clerk                        promises
RESUBMITTED       fix_on_spot          clerk                        in-time
RESUBMITTED       accept_with_deferral clerk                        promises
RESUBMITTED       grant_at_once        clerk                        promises
RESUBMITTED       ask_correction       clerk                        in-time
ACCEPTED          supply_owed          applicant                    promises
ACCEPTED          check_owed           clerk                        owing
ACCEPTED          remind_owed          system                       owing
ACCEPTED          lapse_owed           system clerk                 never
ACCEPTED          publish_overrun      clerk approver               owing
TACIT_ACCEPTED    supply_owed          applicant                    promises
TACIT_ACCEPTED    check_owed           clerk                        owing
TACIT_ACCEPTED    remind_owed          system                       owing
TACIT_ACCEPTED    lapse_owed           system clerk                 never
TACIT_ACCEPTED    publish_overrun      clerk approver               owing
IN_REVIEW         supply_owed          applicant                    promises
IN_REVIEW         check_owed           clerk reviewer               owing
IN_REVIEW         remind_owed          system                       owing
IN_REVIEW         lapse_owed           system clerk                 never
IN_REVIEW         publish_overrun      clerk reviewer approver      owing
SPECIAL           supply_owed          applicant                    promises
SPECIAL           check_owed           clerk reviewer               owing
SPECIAL           remind_owed          system                       owing
SPECIAL           lapse_owed           system clerk                 never
SPECIAL           publish_overrun      clerk reviewer approver      owing
PENDING_DECISION  supply_owed          applicant                    promises
PENDING_DECISION  check_owed           clerk approver               owing
PENDING_DECISION  remind_owed          system                       owing
PENDING_DECISION  lapse_owed           system clerk                 never
PENDING_DECISION  publish_overrun      clerk approver               owing
GRANTED           find_pledge_false    approver                     owing
DELIVERED         find_pledge_false    approver                     owing
DELIVERED         confirm_pledge       reviewer approver            owing
GRANTED           deliver            system clerk       always
REFUSED           deliver            system clerk       always
DELIVERED         close              system clerk       unless-owing
"""
# Who has the case on the desk, where a step of the route is being worked on.
AT_WORK = {"IN_REVIEW": "reviewer", "SPECIAL": "reviewer", "PENDING_DECISION": "approver"}
STATES = [
    "REVOKED",
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
DAYS |= {"told": date(2026, 3, 4), "asked": date(2026, 3, 4), "promises": date(2026, 3, 4), "never": date(2026, 5, 20)}
PLAIN = {"always", "unless-told", "unless-told-or-expired", "unless-told-or-owing", "unless-owing"}
TRUE_ON = {
    "in-time": PLAIN | {"in-time"},
    "late": PLAIN | {"late"},
    "expired": PLAIN - {"unless-told-or-expired"} | {"late", "expired"},
    "told": {"always", "in-time", "procedure", "told", "unless-owing"},
    "asked": {"always", "in-time", "procedure", "asked", "unless-owing"},
    "promises": PLAIN - {"unless-told-or-owing", "unless-owing"} | {"in-time", "promises", "owing"},
    "never": PLAIN - {"unless-told-or-owing", "unless-owing"} | {"late", "never", "owing"},
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
    if day in ("told", "asked"):
        have_procedure(case, is_asked=day == "asked")
    if day in ("promises", "never"):
        have_promises(case)
    found = {
        (move, name)
        for move in machine.moves()
        for name, actor in cast.items()
        if machine.refusal(case, move) is None and machine.permitted(case, move, actor)
    }
    assert found == {
        (move, name) for where, move, who, when in rows() if where == state and when in TRUE_ON[day] for name in who
    }


def have_promises(case: Application) -> None:
    """A material owed until 10 March, a promise overrun, a decision on a pledge that is to be checked, at a window that decides."""
    case.owed.create(key="lease", label="租赁合同")
    case.owed_due, case.promise_due = date(2026, 3, 10), date(2026, 3, 2)
    case.way, case.pledge_check = "pledge", "open"
    case.window_decides = lambda: True  # type: ignore[method-assign]
    case.deferrable_keys = lambda: ["lease"]  # type: ignore[method-assign]


def have_procedure(case: Application, *, is_asked: bool) -> None:
    """A third party to hear, a check that is planned, a hearing that was told of and perhaps asked for and set."""
    today = DAYS["told"]
    case.third_parties.create(
        name="张平", interest="相邻", told_on=today, told_how="paper", answer_due=date(2026, 3, 9)
    )
    case.site_checks.create(
        kind="onsite", step_order=2, step_department="x", check_on=today, officers=["甲", "乙"], assigned_on=today
    )
    hearing = Hearing(application=case, told_on=date(2026, 2, 20), ask_due=date(2026, 3, 9))
    if is_asked:
        hearing.asked_on, hearing.set_for = date(2026, 2, 21), moment("2026-03-04 09:00")
    hearing.save()


def put_to_work(case: Application, role: str | None) -> None:
    steps = case.route_steps.order_by("-order")
    step = steps.filter(role=role).first() if role else None
    if step is not None:
        RouteStep.objects.filter(pk=step.pk).update(standing="current")


def test_every_state_and_every_move_is_in_the_table() -> None:
    assert {state for state, *_ in machine.table()} <= set(STATES)
    assert {move for _, move, *_ in rows()} == set(machine.moves())
