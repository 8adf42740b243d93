"""The applicant's draft on the outer side: begin, save a part, see what is missing, submit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import deferral, licence_filing, numbering, pledges, services, uploads
from applications.actors import Actor
from applications.counter import papers
from applications.effects import day_of
from applications.errors import DataMissing, NotPossible
from applications.issuing import random_code
from applications.models import Application
from applications.models.application import ApplicantKind, Channel
from applications.states import Way
from applications.talking import parcels
from identity.fields import keyed_hash
from identity.models import Enterprise, Person, User
from matters import situations
from matters.filling import contradictions, refilled
from matters.forms import clean_answers
from matters.guide import Material
from matters.models import Matter
from matters.scenario import applies


@dataclass(frozen=True)
class Applicant:
    """In whose name: the person, or an enterprise the person acts for."""

    user: User
    person: Person
    enterprise: Enterprise | None = None


def existing(applicant: Applicant, matter: Matter) -> Application | None:
    """The draft already begun for the matter, newest first, an enterprise's by any of its agents."""
    drafts = Application.objects.filter(
        matter=matter, state="DRAFT", enterprise=applicant.enterprise, purpose="new", joint_case=None
    )
    return drafts.first() if applicant.enterprise else drafts.filter(owner=applicant.user).first()


def begin_once(
    applicant: Applicant, matter: Matter, situation: Mapping[str, Any] | None = None
) -> tuple[Application, bool]:
    """The existing draft and False, or a new one and True; a double click makes one draft."""
    with transaction.atomic():
        if applicant.enterprise:
            Enterprise.objects.select_for_update().get(pk=applicant.enterprise.pk)
        else:
            Person.objects.select_for_update().get(pk=applicant.person.pk)
        found = existing(applicant, matter)
        return (found, False) if found else (begin(applicant, matter, situation), True)


def begin(applicant: Applicant, matter: Matter, situation: Mapping[str, Any] | None = None) -> Application:
    """A new draft under the guide in force, with what ``situation`` answers of its scenario.

    Raises NotPossible when the matter cannot be applied for online, or not in this situation.
    """
    guide = matter.current
    if guide is None or not matter.active:
        raise NotPossible("这一事项现在不受理网上申请。")
    known = situations.clean(guide.scenario, situation or {})
    stop = situations.stop_of(guide.scenario, known)
    if stop is not None:
        raise NotPossible(stop.choice.stop)
    enterprise, person = applicant.enterprise, applicant.person
    identifier = enterprise.uscc if enterprise else person.id_number
    barred = licence_filing.barred_sentence(identifier, matter, timezone.localdate())
    if barred:
        raise NotPossible(barred)
    return Application.objects.create(
        matter=matter,
        guide_version=guide,
        department=matter.department,
        owner=applicant.user,
        enterprise=enterprise,
        applicant_kind=ApplicantKind.ENTERPRISE if enterprise else ApplicantKind.PERSON,
        applicant_name=enterprise.name if enterprise else person.name,
        applicant_id=identifier,
        applicant_id_hash=keyed_hash(identifier),
        contact_name=person.name,
        contact_phone=person.phone,
        address=enterprise.address if enterprise else "",
        situation=known,
    )


def save_section(case: Application, section: str, answers: Any, *, complete: bool) -> None:
    """Keep what was typed, complete or not; ``complete`` marks the part as done."""
    with transaction.atomic():
        locked = _locked_draft(case)
        locked.answers = locked.answers | {section: answers}
        done = set(locked.sections_done)
        done.add(section) if complete else done.discard(section)
        locked.sections_done = sorted(done)
        locked.save(update_fields=["answers", "sections_done", "saved_at"])
    case.answers, case.sections_done, case.saved_at = locked.answers, locked.sections_done, locked.saved_at


def set_situation(case: Application, given: Mapping[str, Any]) -> None:
    """Keep the answers to the scenario's questions; what they fill in follows, what was typed over stays."""
    with transaction.atomic():
        locked = _locked_draft(case)
        _take_situation(locked, given)
        locked.save(update_fields=["situation", "answers", "sections_done", "saved_at"])
    case.situation, case.answers, case.sections_done = locked.situation, locked.answers, locked.sections_done


def _take_situation(locked: Application, given: Mapping[str, Any]) -> None:
    content = locked.guide_version.parsed
    before, locked.situation = locked.situation, situations.clean(content.scenario, given)
    locked.answers = refilled(content, before, locked.situation, locked.answers)
    locked.sections_done = _still_done(locked)


def discard(case: Application) -> None:
    """Throw a draft away with everything in it; NotPossible once it was submitted."""
    with transaction.atomic():
        _locked_draft(case).delete()


def renew_guide(case: Application) -> bool:
    """Move a draft to the guide in force; True when it changed. Parts and answers about the situation that no longer fit are
    open again, nothing typed is lost."""
    current = case.matter.current
    if current is None or case.guide_version_id == current.pk:
        return False
    with transaction.atomic():
        locked = _locked_draft(case)
        locked.guide_version = current
        _take_situation(locked, locked.situation)
        locked.save(update_fields=["guide_version", "situation", "answers", "sections_done"])
    case.guide_version, case.situation = current, locked.situation
    case.answers, case.sections_done = locked.answers, locked.sections_done
    return True


def recheck(case: Application) -> None:
    """Open again the parts that an answer given later in another part has made incomplete."""
    done = _still_done(case)
    if done != sorted(case.sections_done):
        with transaction.atomic():
            locked = _locked_draft(case)
            locked.sections_done = _still_done(locked)
            locked.save(update_fields=["sections_done"])
        case.sections_done = locked.sections_done


def _still_done(case: Application) -> list[str]:
    _, errors = clean_answers(case.guide_version.form, case.answers)
    wrong = {path.partition(".")[0] for path in errors}
    known = {section.key for section in case.guide_version.form.sections}
    return sorted(key for key in case.sections_done if key in known and key not in wrong)


def _locked_draft(case: Application) -> Application:
    locked = Application.objects.select_for_update().get(pk=case.pk)
    if not locked.is_draft:
        raise NotPossible("这份申请已经提交，不能再修改。")
    return locked


def missing(case: Application) -> dict[str, str]:
    """What still stops a submission: ``situation``, ``section:<key>`` or ``material:<key>`` → sentence. Empty when complete."""
    open_situation = situation_problem(case)
    problems = {"situation": open_situation} if open_situation else {}
    problems |= {
        f"section:{section.key}": f"“{section.title}”还没有填写完。"
        for section in case.guide_version.form.sections
        if section.key not in case.sections_done
    }
    lacking = papers.missing(case) if case.channel == Channel.COUNTER else _not_uploaded(case)
    # As long as questions are open, nobody is told to bring what may not be needed.
    sure = {one.key for one in case.guide.materials if is_sure(case, one)}
    return problems | {name: text for name, text in lacking.items() if name.partition(":")[2] in sure}


def _not_uploaded(case: Application) -> dict[str, str]:
    handed_in = set(case.materials.values_list("key", flat=True))
    return {
        f"material:{material.key}": f"还没有上传“{material.name}”。"
        for material in case.guide.materials
        if material.is_uploaded and material.key not in handed_in
    }


def is_sure(case: Application, material: Material) -> bool:
    """Whether the material is needed for certain: as long as questions are open, nobody is told to bring what may not be."""
    return applies(material.only_when, case.situation)


def situation_problem(case: Application) -> str:
    """What is wrong with the answers about the situation: a stop, an open question, a form that says something else."""
    content = case.guide_version.parsed
    stop = situations.stop_of(content.scenario, case.situation)
    if stop is not None:
        return stop.choice.stop
    if not situations.is_complete(content.scenario, case.situation):
        return "请先回答“我的情况”，才能确定要交哪些材料。"
    for one in contradictions(content, case.situation, case.answers):
        return (
            f"“{one.label}”填的是“{one.given}”，和“我的情况”里回答的“{one.wanted}”不一致。"
            "请改申请表，或者重新回答“我的情况”。"
        )
    return ""


def submit(
    case: Application,
    *,
    actor: Actor,
    seen: str | None,
    declared: bool,
    way: str = Way.ORDINARY,
    deferral_agreed: bool = False,
    postal: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    render: bool = True,
    **data: Any,
) -> Application:
    """File the application: number and query code are given, the receipt is frozen, the fact leaves for the other side.

    ``way`` is ``Way.PLEDGE`` where the applicant pledges (告知承诺), ``deferral_agreed`` the promise to hand in later what may
    come later (容缺), ``postal`` where the papers are to be sent (``parcels.problems``). ``data`` is recorded with the move: at
    a window, who took it in.
    Raises DataMissing when something is incomplete or the declaration was not made, CaseMoved when it was already
    submitted (a double click): then nothing happens twice.
    """
    at = at or timezone.now()
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        if locked.is_draft:
            locked.sections_done = _still_done(locked)
            problems = missing(locked) | licence_filing.problems(locked, day_of(at))
            if way == Way.PLEDGE and (refusal := pledges.refusal(locked, day_of(at))):
                problems["way"] = refusal
            problems |= parcels.problems(locked, postal)
            if not declared:
                problems["declared"] = "请阅读并勾选承诺。"
            if problems:
                raise DataMissing(problems)
            uploads.drop_unneeded(locked)
            papers.drop_unneeded(locked)
            parcels.keep(locked, postal, at)
            locked.number = numbering.next_number(_region(locked), day_of(at), locked.channel)
            locked.query_code = random_code(6)
            locked.declared_at = at
            locked.way = Way.PLEDGE if way == Way.PLEDGE else Way.ORDINARY
            locked.deferral_agreed_at = at if deferral_agreed and deferral.lacking(locked) else None
            locked.save(update_fields=["number", "query_code", "declared_at", "way", "deferral_agreed_at"])
        return services.perform(locked.pk, "submit", actor=actor, seen=seen, at=at, render=render, **data)


def _region(case: Application) -> str:
    return case.guide_version.guide.acceptance_level_place.region or "000000"
