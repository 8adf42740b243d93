"""The part of the life that is about a licence granted before: renewal by silence (行政许可法 50, C20), bars (C23).

Part of ``machine.CaseLife`` and as pure as that.
"""

from datetime import date

from django.db import models
from django_fsm import transition

from applications.conditions import renewal_silence_passed
from applications.permissions import either, holds, is_system
from applications.states import INTAKE, UNDER_REVIEW, State


class RenewalLife(models.Model):
    """The last day to decide on a renewal, and the move that silence makes."""

    # A renewal that was asked for in time: the last day of the licence, until which the organ decides.
    renewal_due = models.DateField("延续决定期限（原证照有效期届满日）", null=True, blank=True)

    acting_on: date

    class Meta:
        abstract = True

    def is_barred(self) -> bool:
        raise TypeError("the concrete case answers this")

    @transition(
        "state",
        (*INTAKE, *UNDER_REVIEW),
        State.GRANTED,
        conditions=[renewal_silence_passed],
        permission=either(is_system, holds("clerk")),
        custom={"label": "视为准予延续", "final": True},
    )
    def deem_renewed(self) -> None:
        """Asked for in time and not decided when the licence expired: renewed (art. 50(2), C20). A pause does not hold it up:
        art. 45 is about the periods of arts. 42-44, and the last day of a licence is none of them."""
