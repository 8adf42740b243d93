"""告知承诺: decide on the applicant's pledge without examining first, check it afterwards, revoke what a false one brought (C27)."""

from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Q, QuerySet
from django.utils import timezone

from applications import case_clocks
from applications.actors import Actor
from applications.clocks import Limit
from applications.models import Application
from applications.models.application import Purpose
from applications.models.progress import ClockKind
from applications.states import PledgeCheck, State, Way

Data = dict[str, Any]
BARRED_YEARS = 1


def is_offered(case: Application) -> bool:
    """Whether the guide lets its applicant choose; renewals and changes are about a decision that was made before."""
    return case.guide_version.header.commitment and case.purpose == Purpose.NEW


def barred_until(applicant_id_hash: str, on: date) -> date | None:
    """The day until which this applicant may not pledge, because a pledge was found false; None when they may."""
    if not applicant_id_hash:
        return None
    false = Application.objects.filter(applicant_id_hash=applicant_id_hash, pledge_check=PledgeCheck.FALSE)
    ended = false.filter(ended_at__isnull=False).order_by("-ended_at").values_list("ended_at", flat=True).first()
    until = timezone.localdate(ended) + relativedelta(years=BARRED_YEARS) if ended else None
    return until if until and on < until else None


def refusal(case: Application, on: date) -> str:
    """Why this applicant cannot be served on a pledge here; empty when they can. The one place that asks for bars."""
    if not is_offered(case):
        return "这一事项不实行告知承诺。"
    until = barred_until(case.applicant_id_hash, on)
    if until:
        return f"以前的承诺经核查不实，{until.isoformat()} 之前不能再适用告知承诺，请按一般方式办理。"
    return ""


def derive_accept(case: Application, data: Data) -> Data:
    """Who may not pledge is served in the ordinary way, and is told why."""
    if case.way != Way.PLEDGE:
        return data
    why = refusal(case, case.acting_on)
    return data | ({"way": Way.ORDINARY.value, "way_reason": why} if why else {"way": Way.PLEDGE.value})


def open_check(case: Application, on: date) -> None:
    """The decision rests on a pledge: it is to be checked within the days that the guide names."""
    if case.way == Way.PLEDGE:
        case.pledge_check = PledgeCheck.OPEN
        case_clocks.start(case, ClockKind.CHECK, on, Limit(case.guide_version.header.commitment_check_days))


def confirm(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    case.pledge_check = PledgeCheck.TRUE


def find_false(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """The decision falls; its certificate falls with it on the side that decides (``licences.fall_with``)."""
    case.pledge_check = PledgeCheck.FALSE


def to_check(actor: Actor) -> QuerySet[Application]:
    """The decisions whose pledge these posts have to check, soonest first."""
    mine = Q(department__in=actor.departments_as("reviewer", "approver"), pledge_check=PledgeCheck.OPEN)
    return Application.objects.filter(mine, state__in=(State.GRANTED, State.DELIVERED)).order_by("next_due", "id")
