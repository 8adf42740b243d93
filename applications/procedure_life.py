"""The part of a case's life that gives the people concerned a say: hearing, third parties, checks on site.

All of these leave the state where it is; what they change is dated facts. They belong to the machine (machine.py) and are
made by ``perform`` like every other move. Effects and derived facts: hearings.py, third_parties.py, onsite.py.
"""

from datetime import date

from django.db import models
from django_fsm import transition

from applications.permissions import either, holds_step, is_applicant
from applications.procedure_conditions import (
    HearingFacts,
    check_is_planned,
    has_unheard_party,
    hearing_day_has_come,
    hearing_is_owed,
    hearing_is_set,
    hearing_not_asked,
    not_told_of_hearing,
    told_of_hearing,
    within_ask_limit,
)
from applications.states import State

AT_A_STEP = (State.IN_REVIEW, State.SPECIAL, State.PENDING_DECISION)


class ProcedureLife(models.Model):
    """Moves and questions of 行政许可法 34, 36 and 46–48; ``CaseLife`` carries the state."""

    acting_on: date

    class Meta:
        abstract = True

    # What the concrete case must know.
    def hearing_facts(self) -> HearingFacts | None:
        raise TypeError("the concrete case answers this")

    def has_unheard_parties(self) -> bool:
        raise TypeError("the concrete case answers this")

    def lacks_required_check(self) -> bool:
        raise TypeError("the concrete case answers this")

    def has_planned_check(self) -> bool:
        raise TypeError("the concrete case answers this")

    # --- 核查
    @transition(
        "state",
        AT_A_STEP,
        None,
        permission=holds_step,
        custom={"label": "安排核查", "needs": ("check_kind", "check_on", "officers")},
    )
    def plan_check(self) -> None:
        """Two or more named officers and a day, for a check on site or a test (art. 34, 55)."""

    @transition(
        "state",
        AT_A_STEP,
        None,
        conditions=[check_is_planned],
        permission=holds_step,
        custom={"label": "记录核查", "needs": ("check", "findings", "result")},
    )
    def record_check(self) -> None:
        """What the officers found."""

    # --- 利害关系人
    @transition(
        "state",
        AT_A_STEP,
        None,
        permission=holds_step,
        custom={"label": "告知利害关系人", "needs": ("party_name", "party_contact", "interest", "told_how")},
    )
    def name_third_party(self) -> None:
        """Somebody's major interest is touched: named, and told (art. 36)."""

    @transition(
        "state",
        AT_A_STEP,
        None,
        conditions=[has_unheard_party],
        permission=holds_step,
        custom={"label": "听取利害关系人意见", "needs": ("party", "heard_how")},
    )
    def hear_third_party(self) -> None:
        """What the third party says, or that the time for it has passed (art. 36)."""

    # --- 听证
    @transition(
        "state",
        AT_A_STEP,
        None,
        conditions=[not_told_of_hearing],
        permission=holds_step,
        custom={"label": "告知听证权利", "needs": ("reason",)},
    )
    def tell_hearing(self) -> None:
        """The applicant and the third parties may ask for a hearing within five working days (art. 47)."""

    @transition(
        "state",
        AT_A_STEP,
        None,
        conditions=[told_of_hearing, hearing_not_asked, within_ask_limit],
        permission=either(is_applicant, holds_step),
        custom={"label": "申请听证"},
    )
    def ask_hearing(self) -> None:
        """Asked on the outer side by the applicant, or at the desk by a third party; then twenty working days run."""

    @transition(
        "state",
        AT_A_STEP,
        None,
        conditions=[hearing_is_owed],
        permission=holds_step,
        custom={"label": "通知举行听证", "needs": ("set_for", "place", "presider")},
    )
    def set_hearing(self) -> None:
        """Time, place and presider, seven working days before (art. 48(1)(1)(3)); from now on the clock pauses (art. 45)."""

    @transition(
        "state",
        AT_A_STEP,
        None,
        conditions=[hearing_is_owed, hearing_is_set, hearing_day_has_come],
        permission=holds_step,
        custom={"label": "记录听证", "needs": ("confirmed_by",)},
    )
    def hold_hearing(self) -> None:
        """The hearing was held and its record confirmed by those who took part (art. 48(1)(5))."""

    @transition(
        "state",
        AT_A_STEP,
        None,
        conditions=[hearing_is_owed],
        permission=holds_step,
        custom={"label": "终止听证", "needs": ("reason",)},
    )
    def drop_hearing(self) -> None:
        """Whoever asked for the hearing gave it up."""
