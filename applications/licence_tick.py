"""What time does to licences: silence renews, the expired are cancelled, holders are reminded. Safe to run twice."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction

from applications import actors, grounds, licence_reminders, licences, services
from applications.effects import day_of
from applications.errors import DataMissing, NotPossible
from applications.licence_terms import CANCELLED_AFTER
from applications.models import Application, Licence
from applications.models.application import Purpose
from applications.models.licence import LicenceState
from applications.states import INTAKE, OPEN, UNDER_REVIEW
from applications.talking import noticing

EXPIRED_REASON = "有效期届满，没有在届满前申请延续，或者没有准予延续。"


@dataclass
class LicencesDone:
    """Numbers of the cases renewed by silence and of the licences cancelled; how many holders were reminded."""

    renewed: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    reminded: int = 0


def run(now: datetime) -> LicencesDone:
    """The moves and acts of this moment. The office decides; the holder's account, on the outer side, reminds."""
    done = LicencesDone()
    if settings.HALL_SIDE == "inner":
        done.renewed = _renew(now)
        done.cancelled = _cancel(now)
    if settings.IS_OUTER:
        done.reminded = _remind(now)
    return done


def _remind(now: datetime) -> int:
    """Tell the holders, and write down that it was done: both or neither."""
    today = day_of(now)
    with transaction.atomic():
        due = licence_reminders.due_reminders(today)
        for one in due:
            noticing.of_reminder(one, now)
        return licence_reminders.record(due, today)


def _renew(now: datetime) -> list[str]:
    silent = Application.objects.filter(renewal_due__lt=day_of(now), state__in=(*INTAKE, *UNDER_REVIEW))
    silent = silent.filter(about_licence__standing=LicenceState.VALID)
    moved = []
    for pk, number in list(silent.values_list("pk", "number")):
        try:
            services.perform(pk, "deem_renewed", actor=actors.system(), seen=None, at=now)
        except NotPossible:
            continue  # decided between the query and the lock
        moved.append(number or "")
    return moved


def _cancel(now: datetime) -> list[str]:
    """Ground 1 of art. 70, a while after expiry (licence_terms.CANCELLED_AFTER) and never while a renewal is undecided."""
    expired = Licence.objects.filter(standing=LicenceState.VALID, valid_to__lt=day_of(now) - CANCELLED_AFTER)
    renewing = Application.objects.filter(purpose=Purpose.RENEWAL, state__in=OPEN).exclude(state="REFUSED")
    expired = expired.exclude(pk__in=renewing.values("about_licence"))
    gone = []
    for pk, number in list(expired.values_list("pk", "number")):
        try:
            licences.end(
                pk, grounds.CANCEL, actor=actors.system(), ground=grounds.EXPIRED, reason=EXPIRED_REASON, at=now
            )
        except (NotPossible, DataMissing):
            continue  # cancelled or renewed between the query and the lock
        gone.append(number)
    return gone
