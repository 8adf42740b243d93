"""The life every application has in law: states and moves. Read this file first; intake is in machine_intake.py, what is
owed or pledged in machine_promises.py, hearings and checks in procedure_life.py, renewal in machine_renewal.py.

Pure: no query, no clock of the computer. ``perform`` (services.py) sets ``acting_on`` and is the only caller of the
moves. django-fsm checks source state and conditions when a move is called; it does **not** check ``permission``,
so ``perform`` does. Who may is in permissions.py, what the law forbids in conditions.py; what a move changes besides
the state is in effects.py; which dates follow, in clocks.py.
"""

from functools import cache
from typing import Any

from django.db import models
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from applications.actors import Actor
from applications.conditions import (
    applicant_not_barred,
    before_law_due,
    decidable_at_once,
    has_earlier_step,
    has_place_left,
    nobody_signs_still,
    not_extended_before,
    not_renewed_by_silence,
    nothing_owed,
    pledge_checked,
    special_procedure_allowed,
    within_silence_limit,
)
from applications.machine_intake import IntakeLife
from applications.machine_promises import PromiseLife
from applications.machine_renewal import RenewalLife
from applications.permissions import decides, either, holds, holds_step, is_applicant, is_system, roles_named
from applications.procedure_conditions import (
    hearing_can_no_longer_be_asked,
    no_hearing_owed,
    required_check_recorded,
    third_parties_heard,
)
from applications.procedure_life import ProcedureLife
from applications.states import ACCEPTED, DECIDED, INTAKE, UNDER_REVIEW, WITHDRAWABLE, State

CLERK = holds("clerk")
APPROVER = holds("approver")
INTAKE_OR_RUNNING = (*INTAKE, State.CORRECTION, *UNDER_REVIEW)
# No decision while somebody has still to be heard (art. 36, 46–48).
EVERYBODY_HEARD = [no_hearing_owed, hearing_can_no_longer_be_asked, third_parties_heard]


class CaseLife(FSMModelMixin, IntakeLife, PromiseLife, RenewalLife, ProcedureLife):
    """State, and the dated facts the conditions ask about. ``acting_on`` is the legal day of the act being tried."""

    state = FSMField("状态", max_length=24, default=State.DRAFT, choices=State.choices, protected=True)
    extended_on = models.DateField("批准延期日", null=True, blank=True)
    law_due = models.DateField("法定期限届满日", null=True, blank=True)

    is_retold = False  # the move was decided on the other side and is repeated here

    class Meta:
        abstract = True

    # What the concrete case must know.
    def responsible_departments(self) -> frozenset[int]:
        raise TypeError("the concrete case answers this")

    def current_posts(self) -> tuple[tuple[int, str], ...]:
        raise TypeError("the concrete case answers this")

    def previous_order(self) -> int | None:
        raise TypeError("the concrete case answers this")

    def special_procedures_allowed(self) -> list[str]:
        raise TypeError("the concrete case answers this")

    def awaits_signature(self) -> bool:
        raise TypeError("the concrete case answers this")

    def was_reviewed_by(self, actor: Actor) -> bool:
        raise TypeError("the concrete case answers this")

    def window_decides(self) -> bool:
        raise TypeError("the concrete case answers this")

    def has_place(self) -> bool:
        raise TypeError("the concrete case answers this")

    # --- review: 审查
    @transition(
        "state",
        ACCEPTED,
        RETURN_VALUE(State.IN_REVIEW, State.PENDING_DECISION),
        permission=CLERK,
        custom={"label": "转审查", "primary": True},
    )
    @transition(
        "state",
        State.IN_REVIEW,
        RETURN_VALUE(State.IN_REVIEW, State.PENDING_DECISION),
        conditions=[required_check_recorded, nobody_signs_still],
        permission=holds_step,
        custom={"label": "通过，转下一环节", "needs": ("opinion",), "primary": True},
    )
    def pass_on(self, *, review_finished: bool) -> State:
        """Hand the case to the next step of its route; after the last review step it waits for the decision."""
        return State.PENDING_DECISION if review_finished else State.IN_REVIEW

    @transition(
        "state",
        (State.IN_REVIEW, State.PENDING_DECISION),
        State.IN_REVIEW,
        conditions=[has_earlier_step],
        permission=holds_step,
        custom={"label": "退回", "needs": ("reason",)},
    )
    def send_back(self) -> None:
        """An earlier step has to look again; the clocks run on."""

    @transition(
        "state",
        State.IN_REVIEW,
        State.SPECIAL,
        conditions=[special_procedure_allowed],
        permission=holds_step,
        custom={"label": "启动特别程序", "needs": ("procedure", "reason", "expected_days")},
    )
    def pause(self) -> None:
        """One of the eight procedures of art. 45, with written notice of the time it needs."""

    @transition("state", State.SPECIAL, State.IN_REVIEW, permission=holds_step, custom={"label": "特别程序结束"})
    def resume(self) -> None:
        """The special procedure is over; the day of resumption counts again."""

    @transition(
        "state",
        (State.IN_REVIEW, State.PENDING_DECISION),
        None,  # the state stays; the extension is a dated fact
        conditions=[not_extended_before, before_law_due],
        permission=APPROVER,
        custom={"label": "批准延期", "needs": ("reason",)},
    )
    def extend(self) -> None:
        """Once, ten working days (fifteen in joint handling), before expiry, reason told (art. 42)."""

    @transition(
        "state",
        State.IN_REVIEW,
        State.TRANSFERRED_UP,
        permission=holds_step,
        custom={"label": "转报上级机关", "needs": ("opinion", "upper_organ"), "final": True},
    )
    def transfer_up(self) -> None:
        """The lower organ's opinion and all papers go up (art. 35, 43)."""

    # --- decision and delivery: 决定、送达、办结
    @transition(
        "state",
        INTAKE,
        State.GRANTED,
        conditions=[within_silence_limit, applicant_not_barred, decidable_at_once, has_place_left],
        permission=CLERK,
        custom={"label": "当场准予（即办）", "needs": ("opinion",), "primary": True, "final": True},
    )
    def grant_at_once(self) -> None:
        """Complete and decidable on the spot: accepted and granted in one act by the window (art. 34(2), C08)."""

    @transition(
        "state",
        State.PENDING_DECISION,
        State.GRANTED,
        conditions=[nothing_owed, has_place_left, nobody_signs_still, *EVERYBODY_HEARD],
        permission=decides,
        custom={"label": "准予", "needs": ("opinion",), "primary": True, "final": True},
    )
    def grant(self) -> None:
        """The written decision to grant (art. 38(1))."""

    @transition(
        "state",
        State.PENDING_DECISION,
        State.REFUSED,
        conditions=[not_renewed_by_silence, nobody_signs_still, *EVERYBODY_HEARD],
        permission=decides,
        custom={"label": "不予批准", "needs": ("reason", "legal_basis"), "final": True},
    )
    def refuse(self) -> None:
        """The written refusal with reasons and remedies (art. 38(2))."""

    @transition(
        "state",
        DECIDED,
        State.DELIVERED,
        permission=either(CLERK, is_system),
        custom={"label": "送达", "needs": ("method", "recipient"), "primary": True},
    )
    def deliver(self) -> None:
        """The decision reaches the applicant within ten days (art. 44)."""

    @transition(
        "state",
        State.DELIVERED,
        State.CLOSED,
        conditions=[pledge_checked],
        permission=either(CLERK, is_system),
        custom={"label": "办结", "primary": True},
    )
    def close(self) -> None:
        """Nothing is left to do."""

    # --- ends before a decision: 撤回、终止、作废
    @transition(
        "state", WITHDRAWABLE, State.WITHDRAWN, permission=is_applicant, custom={"label": "撤回申请", "final": True}
    )
    def withdraw(self) -> None:
        """The applicant takes the application back before the decision is made."""

    @transition(
        "state",
        (*INTAKE, State.CORRECTION, *ACCEPTED),
        State.TERMINATED,
        permission=CLERK,
        custom={"label": "终止办理", "needs": ("reason",), "final": True},
    )
    @transition(
        "state",
        (State.IN_REVIEW, State.SPECIAL, State.PENDING_DECISION),
        State.TERMINATED,
        permission=holds_step,
        custom={"label": "终止办理", "needs": ("reason",), "final": True},
    )
    def terminate(self) -> None:
        """The subject of the application is gone: death, dissolution, change of law."""

    @transition(
        "state",
        INTAKE_OR_RUNNING,
        State.VOIDED,
        permission=holds("inspector"),
        custom={"label": "作废", "needs": ("reason",), "final": True},
    )
    def void(self) -> None:
        """A case that should never have been one (a duplicate, a test), struck by the inspector with a reason."""


@cache
def moves() -> dict[str, Any]:
    """Name → the FSM transitions of that move, in the order in which they are written above."""
    return {
        name: list(method._django_fsm.transitions.values())
        for life in (IntakeLife, CaseLife, PromiseLife, RenewalLife, ProcedureLife)
        for name, method in vars(life).items()
        if hasattr(method, "_django_fsm")
    }


def table() -> list[tuple[str, str, str, str]]:
    """Every (state, move, target, role) row, the whole law of the machine as data."""
    return [
        (str(one.source), name, str(target), role)
        for name, transitions in moves().items()
        for one in transitions
        for target in getattr(one.target, "allowed_states", None) or (one.target or one.source,)
        for role in roles_named(one.permission)
    ]


def move_from(state: str, action: str) -> Any:
    """The FSM transition of ``action`` out of ``state``; None when there is none."""
    return next((one for one in moves()[action] if one.source == state), None)


def label(action: str, state: str | None = None) -> str:
    """The Chinese label of a move (of a move out of ``state``, where they differ)."""
    found = move_from(state, action) if state else None
    return str((found or moves()[action][0]).custom["label"])


def custom(action: str, state: str) -> dict[str, Any]:
    """What the move out of ``state`` declares: label, needs, primary, final; of its first form where there is none."""
    return dict((move_from(state, action) or moves()[action][0]).custom)


def refusal(case: CaseLife, action: str) -> str | None:
    """The sentence that says why ``action`` is not possible on ``case`` now; None when it is possible."""
    here = move_from(case.state, action)
    if here is None:
        return f"申请现在的状态是“{State(case.state).label}”，不能办理“{label(action)}”。"
    failed = next((check for check in here.conditions or () if not check(case)), None)
    return None if failed is None else str(failed.sentence)


def permitted(case: CaseLife, action: str, actor: Actor) -> bool:
    """Whether ``actor`` may make this move out of the present state; False when there is no such move."""
    here = move_from(case.state, action)
    return here is not None and bool(here.permission(case, actor))
