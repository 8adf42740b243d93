"""The part of the life that rests on promises: the organ's own limit, material owed by a date, a pledge checked afterwards.

Part of ``machine.CaseLife`` and as pure as that: 容缺受理 (C28), 告知承诺 (C27), the public reason for an overrun (C25).
"""

from datetime import date

from django.db import models
from django_fsm import transition

from applications.conditions import (
    applicant_not_barred,
    owed_limit_passed,
    owes_material,
    pledge_unchecked,
    promise_overrun,
    reminder_not_sent,
    some_material_deferrable,
    within_owed_limit,
    within_silence_limit,
)
from applications.permissions import either, holds, holds_step, is_applicant, is_system
from applications.states import INTAKE, UNDER_REVIEW, PledgeCheck, State, Way

CLERK = holds("clerk")
DESK = either(CLERK, holds_step)


class PromiseLife(models.Model):
    """The dated facts of promises, and the moves that make, keep and break them."""

    way = models.CharField("办理方式", max_length=10, choices=Way.choices, default=Way.ORDINARY)
    pledge_check = models.CharField("承诺核查", max_length=10, choices=PledgeCheck.choices, blank=True, default="")
    promise_due = models.DateField("承诺期限届满日", null=True, blank=True)
    owed_due = models.DateField("容缺补交期限", null=True, blank=True)
    owed_reminded_on = models.DateField("提醒补交日", null=True, blank=True)
    overrun_explained_on = models.DateField("说明超期原因日", null=True, blank=True)

    acting_on: date

    class Meta:
        abstract = True

    def deferrable_keys(self) -> list[str]:
        raise TypeError("the concrete case answers this")

    def lacks_owed(self) -> bool:
        raise TypeError("the concrete case answers this")

    # --- 容缺受理 (C28)
    @transition(
        "state",
        INTAKE,
        State.ACCEPTED,
        conditions=[within_silence_limit, applicant_not_barred, some_material_deferrable],
        permission=CLERK,
        custom={"label": "容缺受理", "needs": ("owed", "signed")},
    )
    def accept_with_deferral(self) -> None:
        """Accept with named secondary materials owed by a date, against a signed commitment; the clocks run."""

    @transition(
        "state",
        UNDER_REVIEW,
        None,
        conditions=[owes_material, within_owed_limit],
        permission=is_applicant,
        custom={"label": "补交容缺材料"},
    )
    def supply_owed(self) -> None:
        """The applicant hands in what is owed."""

    @transition(
        "state",
        UNDER_REVIEW,
        None,
        conditions=[owes_material],
        permission=DESK,
        custom={"label": "核对容缺材料", "needs": ("owed_key", "verdict")},
    )
    def check_owed(self) -> None:
        """Confirm one material that was supplied, or say why it will not do."""

    @transition(
        "state",
        UNDER_REVIEW,
        None,
        conditions=[owes_material, reminder_not_sent],
        permission=is_system,
        custom={"label": "提醒补交容缺材料"},
    )
    def remind_owed(self) -> None:
        """Once, before the date."""

    @transition(
        "state",
        UNDER_REVIEW,
        State.TERMINATED,
        conditions=[owed_limit_passed],
        permission=either(is_system, CLERK),
        custom={"label": "逾期未补交退回", "final": True},
    )
    def lapse_owed(self) -> None:
        """What was owed never came: the case is returned and may be filed again."""

    # --- the promised limit (C25)
    @transition(
        "state",
        UNDER_REVIEW,
        None,
        conditions=[promise_overrun],
        permission=either(DESK, holds("approver")),
        custom={"label": "公开说明超期原因", "needs": ("reason",)},
    )
    def publish_overrun(self) -> None:
        """Tell the public why the promised day was missed (优化营商环境条例 36)."""

    # --- 告知承诺 (C27)
    @transition(
        "state",
        State.DELIVERED,
        State.CLOSED,
        conditions=[pledge_unchecked],
        permission=holds("reviewer", "approver"),
        custom={"label": "承诺核查属实，办结", "needs": ("opinion",), "primary": True},
    )
    def confirm_pledge(self) -> None:
        """What was pledged holds; nothing is left to do."""

    @transition(
        "state",
        (State.GRANTED, State.DELIVERED),
        State.REVOKED,
        conditions=[pledge_unchecked],
        permission=holds("approver"),
        custom={"label": "承诺不实，撤销决定", "needs": ("reason", "legal_basis"), "final": True},
    )
    def find_pledge_false(self) -> None:
        """What was pledged does not hold: the decision is revoked (行政许可法 69(2))."""
