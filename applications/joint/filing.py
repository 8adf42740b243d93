"""Submitting a joint draft: every member becomes a case with its own number, all at one moment or none."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from applications import deferral, drafts, licence_filing, numbering
from applications.actors import Actor
from applications.effects import day_of
from applications.errors import CaseMoved, DataMissing
from applications.issuing import random_code
from applications.joint import drafts as joint_drafts
from applications.joint import order, papers, sync_facts
from applications.models import Application, JointCase
from matters.forms import clean_answers
from matters.joint.guide import distinct


def submit(
    joint: JointCase,
    *,
    actor: Actor,
    declared: bool,
    deferral_agreed: bool = False,
    at: datetime | None = None,
    render: bool = True,
) -> JointCase:
    """File every member at the same moment; one fact with all of them leaves for the office.

    ``deferral_agreed`` is the promise to hand in later what any member lets come later (容缺). Nobody pledges (告知承诺) here.

    Raises DataMissing when something is incomplete or the declaration was not made, CaseMoved when it was already
    submitted (a double click): then nothing happens twice. ``render`` False leaves the PDFs to the next ``tick``.
    """
    at = at or timezone.now()
    with transaction.atomic():
        locked = JointCase.objects.select_for_update(of=("self",)).select_related("version__joint").get(pk=joint.pk)
        if not locked.is_draft:
            raise CaseMoved("这份联合申请已经提交。")
        papers.level(locked)
        locked.sections_done = joint_drafts.still_done(locked)
        _refuse_incomplete(locked, declared, at)
        for child in papers.children_of(locked):
            _prepare(locked, child)
            drafts.submit(
                child,
                actor=actor,
                seen=None,
                declared=True,
                deferral_agreed=deferral_agreed,
                at=at,
                render=render,
            )
        locked.number = numbering.next_number(_region(locked), day_of(at))
        locked.query_code = random_code(6)
        locked.declared_at = locked.submitted_at = at
        locked.save()
        sync_facts.record_submission(locked)
    return locked


def _refuse_incomplete(joint: JointCase, declared: bool, at: datetime) -> None:
    problems = problems_of(joint, at)
    if not declared:
        problems["declared"] = "请阅读并勾选承诺。"
    if problems:
        raise DataMissing(problems)


def problems_of(joint: JointCase, at: datetime) -> dict[str, str]:
    """What stops the submission: what is missing, and what forbids one of the members to this applicant."""
    problems = joint_drafts.missing(joint)
    for child in papers.children_of(joint):
        for sentence in licence_filing.problems(child, day_of(at)).values():
            problems[f"member:{child.matter.code}"] = f"{child.matter.name}：{sentence}"
    return problems


def lacking(joint: JointCase) -> list[str]:
    """The papers that may come later and were not handed in, each once."""
    return distinct(name for child in papers.children_of(joint) for name in deferral.lacking(child).values())


def _prepare(joint: JointCase, child: Application) -> None:
    """Give the member its part of the joint form, and its place in the order."""
    form = child.guide_version.form
    child.answers, errors = clean_answers(form, joint_drafts.part_of(joint, child))
    if errors:  # ``missing`` asked before: the merge is as strict as every member
        raise ValueError(f"the part of {child.matter.code} is not whole: {sorted(errors)}")
    child.sections_done = sorted(section.key for section in form.sections)
    child.waits_its_turn = order.waits(joint, child.matter.code)
    child.save(update_fields=["answers", "sections_done", "waits_its_turn"])


def _region(joint: JointCase) -> str:
    """The region of the first member's guide, as its own number has it."""
    first = papers.children_of(joint)[0]
    return first.guide_version.guide.acceptance_level_place.region or "000000"
