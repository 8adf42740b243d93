"""The end of a licence: 撤销 (行政许可法 69), 撤回 (8), 注销 (70). Inner side; the check page and the register hear of it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from applications import evidence, grounds, issuing, licence_changes, register, sync_facts
from applications.actors import Actor
from applications.effects import day_of
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.grounds import CANCEL, DEATH, DISSOLVED, ENDED, EXPIRED, FRAUD, REVOKE
from applications.models import Application, Event, Licence
from applications.models.application import ApplicantKind, Purpose
from applications.models.licence import LicenceState
from applications.states import OPEN

ALREADY_ENDED = (LicenceState.REVOKED, LicenceState.WITHDRAWN)


def refusal(licence: Licence, act: str) -> str:
    """The sentence that says why this act is not possible now; empty when it is."""
    ended_before = act == CANCEL and licence.standing in ALREADY_ENDED
    if licence.standing == LicenceState.VALID or ended_before:
        return ""
    return f"这份证照{licence.get_standing_display()}，不能再{grounds.ACT_WORDS[act]}。"


def check(licence: Licence, act: str, actor: Actor) -> None:
    """NotAllowed or NotPossible when this person cannot end this licence so now."""
    by_time = actor.kind == "system" and act == CANCEL
    if not by_time and not actor.holds("approver", licence.application.responsible_departments()):
        raise NotAllowed(f"只有作出决定的部门负责人可以{grounds.ACT_WORDS[act]}证照。")
    sentence = refusal(licence, act)
    if sentence:
        raise NotPossible(sentence)


def open_grounds(licence: Licence, act: str, today: datetime | None = None) -> dict[str, str]:
    """The grounds of this act that can be true of this licence: code → the law's words."""
    on = day_of(today or timezone.now())
    return {code: words for code, words in grounds.GROUNDS[act].items() if not _unfit(licence, act, code, on)}


def end(pk: int, act: str, *, actor: Actor, ground: str, reason: str, at: datetime | None = None) -> Licence:
    """Revoke, withdraw or cancel a licence (``grounds.REVOKE``, ``WITHDRAW``, ``CANCEL``) with its ground, reason and paper.

    An approver of the organ that granted it, or time for an expired one. Raises NotAllowed, NotPossible, DataMissing.
    """
    at = at or timezone.now()
    with transaction.atomic():
        case, licence = locked(pk)
        check(licence, act, actor)
        _check_said(licence, act, ground, reason, at)
        event = record(case, licence, act, ground=ground, reason=reason.strip(), actor=actor, at=at)
        _put(licence, act, event, ground=ground, reason=reason.strip())
        issuing.freeze_one("licence_end", case, event)
        sync_facts.record_licence(licence)
        register.enter_all(licence)
    return licence


def record(
    case: Application, licence: Licence, act: str, *, ground: str, reason: str, actor: Actor, at: datetime
) -> Event:
    """Put the end of a licence on the record of its (locked) case."""
    data = {"ground": ground, "reason": reason, "licence": str(licence.uid)}
    return evidence.record_act(case, act, actor=actor, at=at, note=_note(licence, act, ground), data=data)


def fall_with(case: Application, event: Event) -> None:
    """Revoke the certificate of a decision that was revoked because its pledge was false, in the transaction of the move."""
    if event.action != "find_pledge_false":
        return
    rows = Licence.objects.select_related("document").select_for_update(of=("self", "document"))
    for licence in rows.filter(application=case, standing=LicenceState.VALID):
        _put(licence, REVOKE, event, ground=FRAUD, reason=event.data["reason"])
        sync_facts.record_licence(licence)


def locked(pk: int) -> tuple[Application, Licence]:
    """The case of a licence and the licence, both locked: case first, as ``perform`` does.

    The face's document too: its worker tells the other side of the licence, and one of us must see what the other did.
    """
    owner = Licence.objects.values_list("application_id", flat=True).get(pk=pk)
    cases = Application.objects.select_for_update(of=("self",))
    case = cases.select_related("guide_version", "matter", "department").get(pk=owner)
    rows = Licence.objects.select_related("document").select_for_update(of=("self", "document"))
    licence = rows.get(pk=pk)
    licence.application = case
    case.licence = licence
    return case, licence


def _check_said(licence: Licence, act: str, ground: str, reason: str, at: datetime) -> None:
    problems = {}
    if not reason.strip():
        problems["reason"] = f"请填写{grounds.ACT_WORDS[act]}的理由和依据。"
    if ground not in grounds.GROUNDS[act]:
        problems["ground"] = "请选择法律规定的一种情形。"
    elif unfit := _unfit(licence, act, ground, day_of(at)):
        problems["ground"] = unfit
    if problems:
        raise DataMissing(problems)


def _unfit(licence: Licence, act: str, ground: str, on: date) -> str:
    """Why this ground cannot be true of this licence; empty when it can."""
    if act != CANCEL:
        return ""
    if (licence.standing in ALREADY_ENDED) != (ground == ENDED):
        return "“依法被撤销、撤回”的情形，只适用于并且必须适用于已经撤销、撤回的证照。"
    if ground == EXPIRED:
        return _not_expired(licence, on)
    is_person = licence.application.applicant_kind == ApplicantKind.PERSON
    if (ground == DEATH and not is_person) or (ground == DISSOLVED and is_person):
        return "这种情形和持证人的类型（个人或者单位）不符。"
    return ""


def _not_expired(licence: Licence, on: date) -> str:
    if not licence.is_expired(on):
        return "这份证照的有效期还没有届满。"
    renewing = licence.later_applications.filter(purpose=Purpose.RENEWAL, state__in=OPEN).exclude(state="REFUSED")
    return "这份证照的延续申请还没有办完，不能以“有效期届满未延续”注销。" if renewing.exists() else ""


def _note(licence: Licence, act: str, ground: str) -> str:
    return f"{grounds.ACT_WORDS[act]}《{licence.name}》{licence.number}：{grounds.ground_words(act, ground)}。"


def _put(licence: Licence, act: str, event: Event, *, ground: str, reason: str) -> None:
    licence.standing, licence.changed_on = grounds.STANDINGS[act], day_of(event.at)
    licence.ground, licence.reason = ground, reason
    licence.save(update_fields=["standing", "changed_on", "ground", "reason"])
    licence_changes.add(licence, grounds.KINDS[act], event, ground=licence.ground)
