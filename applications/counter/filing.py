"""Filing at the window: begin, say who came, submit and receive in one act.

The application is the applicant's act (行政许可法 29), so ``submit`` stays the applicant's move, by name; which clerk took it
in, on which proof, stands before it in the record as an act of the clerk and in the data of the move.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications import actors, claims, drafts, evidence, licence_filing, opening, queries, services
from applications.actors import Actor
from applications.counter import visitors
from applications.counter.visitors import Visitor
from applications.effects import day_of
from applications.errors import NotAllowed, NotPossible
from applications.models import Application
from applications.models.application import ApplicantKind, Channel
from applications.states import OPEN, State
from identity.fields import keyed_hash
from identity.models import User
from matters import queries as catalogue
from matters import situations
from matters.models import Matter


def matters_for(actor: Actor) -> QuerySet[Matter]:
    """The published matters of the departments for which this person sits at the window."""
    return catalogue.published().filter(department__in=actor.departments_as("clerk")).select_related("current")


def begin(clerk: User, matter: Matter, visitor: Visitor, situation: Mapping[str, Any] | None = None) -> Application:
    """A draft for somebody at the window. NotAllowed for a matter of another department, NotPossible with the reason."""
    _check_window(actors.staff(clerk), matter)
    _check_open(matter, visitor)
    assert matter.current is not None
    known = situations.clean(matter.current.scenario, situation or {})
    stop = situations.stop_of(matter.current.scenario, known)
    if stop is not None:
        raise NotPossible(stop.choice.stop)
    with transaction.atomic():
        case = Application.objects.create(
            matter=matter,
            guide_version=matter.current,
            department=matter.department,
            channel=Channel.COUNTER,
            situation=known,
            applicant_id_hash=keyed_hash(visitor.number),
            **visitors.columns(visitor),
        )
        visitors.keep(case, visitor, clerk)
    return case


def identify(case: Application, visitor: Visitor, clerk: User) -> None:
    """Correct who came, while it is a draft; NotPossible afterwards, or when this matter is not for such an applicant."""
    _check_window(actors.staff(clerk), case.matter)
    _check_open(case.matter, visitor)
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        if not locked.is_draft:
            raise NotPossible("这份申请已经提交，不能再修改申请人。")
        found = visitors.columns(visitor) | {"applicant_id_hash": keyed_hash(visitor.number)}
        for name, value in found.items():
            setattr(locked, name, value)
        locked.save(update_fields=[*found, "saved_at"])
        visitors.keep(locked, visitor, clerk)


def open_drafts(actor: Actor) -> QuerySet[Application]:
    """What was begun at the windows of this person's departments and not yet filed, newest first."""
    return queries.counter_drafts(actor).select_related("matter", "counter")


def filed_today(actor: Actor, now: datetime) -> QuerySet[Application]:
    """What was filed at these windows today, newest first."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Application.objects.filter(channel=Channel.COUNTER, department__in=actor.departments_as("clerk"))
    return mine.filter(submitted_at__gte=start).select_related("matter", "counter")


def running(case: Application) -> list[Application]:
    """Cases of the same applicant for the same matter that are under way: perhaps this one is not needed."""
    same = Application.objects.filter(matter=case.matter, applicant_id_hash=case.applicant_id_hash, state__in=OPEN)
    return list(same.exclude(pk=case.pk)[:3])


def submit(
    case: Application,
    clerk: User,
    *,
    seen: str | None,
    declared: bool,
    way: str = "ordinary",
    deferral_agreed: bool = False,
    at: datetime | None = None,
    render: bool = True,
) -> Application:
    """File it and receive it at once; the clerk keeps it on the desk.

    Raises NotAllowed for a clerk of another department, DataMissing for what is incomplete, CaseMoved when it was filed
    already. Then nothing has happened.
    """
    actor, at = actors.staff(clerk), at or timezone.now()
    _check_window(actor, case.matter)
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).select_related("counter").get(pk=case.pk)
        if locked.is_draft:
            said = visitors.on_record(locked, locked.counter)
            evidence.record_act(locked, "check_identity", actor=actor, at=at, data=said)
        drafts.submit(
            locked,
            actor=actors.applicant_named(locked.applicant_name),
            seen=seen,
            declared=declared,
            way=way,
            deferral_agreed=deferral_agreed,
            at=at,
            render=render,
            taken_in_by=actor.name,
            window=locked.counter.window,
            presenter=locked.counter.presenter_name,
        )
        received = services.perform(locked.pk, "receive", actor=actor, seen=None, at=at, render=render)
        claims.settle(received, actor, before=State.SUBMITTED)
    return received


def _check_window(actor: Actor, matter: Matter) -> None:
    if not actor.holds("clerk", frozenset({matter.department_id})):
        raise NotAllowed("您不是这一事项承办部门的窗口人员，不能收这一事项的申请。")


def _check_open(matter: Matter, visitor: Visitor) -> None:
    today = day_of(timezone.now())
    closed = opening.closed_at_window(matter, today)
    if closed or matter.current is None:
        raise NotPossible(closed)
    is_enterprise = visitor.kind == ApplicantKind.ENTERPRISE
    refused = opening.unfit_kind(matter.current.header, is_enterprise=is_enterprise)
    refused = refused or licence_filing.barred_sentence(visitor.number, matter, today)
    if refused:
        raise NotPossible(refused)
