"""The beginning of the life: filed, received, corrected, accepted or turned away (行政许可法 32). Part of ``machine.CaseLife``, as pure as that."""

from datetime import date

from django.db import models
from django_fsm import transition

from applications.conditions import (
    applicant_not_barred,
    correction_limit_passed,
    not_corrected_before,
    not_renewed_by_silence,
    not_supplied_in_full,
    silence_limit_passed,
    within_correction_limit,
    within_silence_limit,
)
from applications.permissions import either, holds, is_applicant, is_system
from applications.states import INTAKE, State

CLERK = holds("clerk")


class IntakeLife(models.Model):
    """The dated facts of intake and its moves."""

    correction_asked_on = models.DateField("告知补正日", null=True, blank=True)
    correction_due = models.DateField("补正期限", null=True, blank=True)
    silence_due = models.DateField("告知期限届满日", null=True, blank=True)

    acting_on: date

    class Meta:
        abstract = True

    # --- intake: 申请、收件、补正、受理
    @transition("state", State.DRAFT, State.SUBMITTED, permission=is_applicant, custom={"label": "提交申请"})
    def submit(self) -> None:
        """The applicant files; this moment is the legal receipt (C29)."""

    @transition("state", State.SUBMITTED, State.RECEIVED, permission=either(is_system, CLERK), custom={"label": "收件"})
    def receive(self) -> None:
        """The office has it on its desk; the clock already runs from submission (a later stage of a package: from here)."""

    @transition(
        "state",
        INTAKE,
        None,  # nothing moves in law: this is no correction notice
        conditions=[within_silence_limit],
        permission=CLERK,
        custom={"label": "当场更正", "needs": ("field", "value", "agreed_by")},
    )
    def fix_on_spot(self) -> None:
        """The applicant mends a small error in the form on the spot; the one notice is not used up (art. 32(1)(3), C03)."""

    @transition(
        "state",
        State.RECEIVED,
        State.CORRECTION,
        conditions=[not_corrected_before, within_silence_limit],
        permission=CLERK,
        custom={"label": "一次性告知补正", "needs": ("items",)},
    )
    @transition(
        "state",
        State.RESUBMITTED,
        State.CORRECTION,
        conditions=[within_silence_limit],
        permission=CLERK,
        custom={"label": "退回仍未补正的内容", "needs": ("items",)},
    )
    def ask_correction(self) -> None:
        """Everything that is missing, once, within five working days (art. 32(1)(4)); again only what is still not met (C04)."""

    @transition(
        "state",
        State.CORRECTION,
        State.RESUBMITTED,
        conditions=[within_correction_limit],
        permission=is_applicant,
        custom={"label": "提交补正"},
    )
    def supplement(self) -> None:
        """The applicant supplies what the notice asked for."""

    @transition(
        "state",
        INTAKE,
        State.ACCEPTED,
        conditions=[within_silence_limit, applicant_not_barred],
        permission=CLERK,
        custom={"label": "受理", "primary": True},
    )
    def accept(self) -> None:
        """Complete, in form and within the organ's powers (art. 32(1)(5))."""

    @transition(
        "state",
        INTAKE,
        State.TACIT_ACCEPTED,
        conditions=[silence_limit_passed],
        permission=either(is_system, CLERK),
        custom={"label": "视为受理"},
    )
    def deem_accepted(self) -> None:
        """Silence for five working days is acceptance from the day of receipt (art. 32(1)(4))."""

    @transition(
        "state",
        INTAKE,
        State.REJECTED_INTAKE,
        conditions=[not_supplied_in_full, within_silence_limit, not_renewed_by_silence],
        permission=CLERK,
        custom={"label": "不予受理", "needs": ("reason", "right_organ"), "final": True},
    )
    def refuse_intake(self) -> None:
        """Not this organ's business: decide at once and name the right organ (art. 32(1)(2))."""

    @transition(
        "state",
        State.RECEIVED,
        State.NOT_REQUIRED,
        conditions=[within_silence_limit],
        permission=CLERK,
        custom={"label": "告知无需办理", "needs": ("reason",), "final": True},
    )
    def tell_not_required(self) -> None:
        """No licence is needed for this: say so at once (art. 32(1)(1))."""

    @transition(
        "state",
        State.CORRECTION,
        State.CORRECTION_LAPSED,
        conditions=[correction_limit_passed],
        permission=either(is_system, CLERK),
        custom={"label": "逾期未补正退回", "final": True},
    )
    def lapse(self) -> None:
        """The correction never came; the case is returned and may be filed again."""
