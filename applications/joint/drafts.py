"""The joint draft on the outer side: begin, choose members, save a part, see what is missing.

Its children are drafts from the beginning, so that situations, uploads and submission are those of every application; they
are reached through the joint draft only (``queries.open_to`` leaves them out).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from applications import drafts, uploads
from applications.drafts import Applicant
from applications.errors import NotPossible
from applications.joint import opening, papers, splitting
from applications.models import Application, JointCase
from applications.models.application import ApplicantKind
from identity.models import Enterprise, Person
from matters.filling import filled
from matters.formdef import FormAnswers
from matters.forms import clean_answers
from matters.joint.guide import Package
from matters.models import JointMatter

FEWEST = 2


def existing(applicant: Applicant, joint: JointMatter) -> JointCase | None:
    """The draft already begun for the package, newest first."""
    rows = JointCase.objects.filter(version__joint=joint, submitted_at=None, enterprise=applicant.enterprise)
    return rows.first() if applicant.enterprise else rows.filter(owner=applicant.user).first()


def begin_once(applicant: Applicant, joint: JointMatter, codes: Collection[str]) -> tuple[JointCase, bool]:
    """The existing draft and False, or a new one for these members and True; a double click makes one draft."""
    with transaction.atomic():
        if applicant.enterprise:
            Enterprise.objects.select_for_update().get(pk=applicant.enterprise.pk)
        else:
            Person.objects.select_for_update().get(pk=applicant.person.pk)
        found = existing(applicant, joint)
        return (found, False) if found else (begin(applicant, joint, codes), True)


def begin(applicant: Applicant, joint: JointMatter, codes: Collection[str]) -> JointCase:
    """A new draft. Raises NotPossible when the package is closed or so chosen that nothing is left to join."""
    if joint.current is None or not joint.active:
        raise NotPossible("这个“一件事”现在不受理联合申请。")
    wanted = chosen(joint.current.package, codes)
    with transaction.atomic():
        case = JointCase.objects.create(
            version=joint.current,
            owner=applicant.user,
            enterprise=applicant.enterprise,
            applicant_kind=ApplicantKind.ENTERPRISE if applicant.enterprise else ApplicantKind.PERSON,
            applicant_name=applicant.enterprise.name if applicant.enterprise else applicant.person.name,
        )
        _begin_children(case, applicant, wanted)
    return case


def chosen(package: Package, codes: Collection[str]) -> list[str]:
    """The obligatory members and those of ``codes`` that may be chosen. NotPossible for fewer than two: nothing is joint."""
    kept = [member.code for member in package.members if not member.when or member.code in codes]
    if len(kept) < FEWEST:
        raise NotPossible("只办一项的，不用联合申请：请到那一项的办事指南里在线申请，或者再勾选要一起办的事项。")
    return kept


def _begin_children(joint: JointCase, applicant: Applicant, codes: Collection[str]) -> None:
    for matter in opening.members(codes):
        child = drafts.begin(applicant, matter)
        child.joint_case = joint
        child.save(update_fields=["joint_case"])


def set_members(joint: JointCase, applicant: Applicant, codes: Collection[str]) -> None:
    """Add and leave out members; what was typed and uploaded for those that stay is kept, papers they share go along."""
    with transaction.atomic():
        locked = locked_draft(joint)
        wanted = chosen(locked.version.package, codes)
        for child in papers.children_of(locked):
            if child.matter.code not in wanted:
                child.delete()
        _begin_children(locked, applicant, set(wanted) - set(locked.children.values_list("matter__code", flat=True)))
        fresh = JointCase.objects.get(pk=locked.pk)
        papers.level(fresh)
        _close_only_whole_sections(fresh)


def save_section(joint: JointCase, section: str, answers: Any, *, complete: bool) -> None:
    """Keep what was typed, complete or not; ``complete`` marks the part as done."""
    with transaction.atomic():
        locked = locked_draft(joint)
        locked.answers = locked.answers | {section: answers}
        done = set(locked.sections_done) | ({section} if complete else set())
        locked.sections_done = sorted(done if complete else done - {section})
        locked.save(update_fields=["answers", "sections_done", "saved_at"])
    joint.answers, joint.sections_done, joint.saved_at = locked.answers, locked.sections_done, locked.saved_at


def set_situation(joint: JointCase, child: Application, given: Mapping[str, Any]) -> None:
    """Keep a member's answers about the situation: papers it newly wants are taken over, what it fills in follows."""
    with transaction.atomic():
        locked = locked_draft(joint)
        before = prefilled(locked)
        drafts.set_situation(child, given)
        fresh = JointCase.objects.get(pk=locked.pk)
        papers.level(fresh)
        _refill(fresh, before)


def _refill(joint: JointCase, before: FormAnswers) -> None:
    """What the old situation had filled in, or what is empty, follows the new one; what was typed over stays."""
    changed = dict(joint.answers)
    for section, values in prefilled(joint).items():
        row = changed.get(section)
        if isinstance(row, dict):
            old = before.get(section, {})
            changed[section] = row | {
                name: value for name, value in values.items() if row.get(name) in (None, "", [], old.get(name))
            }
    joint.answers = changed
    joint.save(update_fields=["answers", "saved_at"])
    _close_only_whole_sections(joint)


def prefilled(joint: JointCase) -> FormAnswers:
    """What the members' situations fill in, in the shape of the joint form."""
    own = {
        child.matter.code: filled(child.guide_version.parsed, child.situation) for child in papers.children_of(joint)
    }
    return splitting.joined(joint.package, own)


def renew(joint: JointCase) -> bool:
    """Move a draft to the package's version in force, with its members' guides; True when it changed. Nothing typed is lost."""
    current = joint.version.joint.current
    if current is None or current.pk == joint.version_id:
        return False
    with transaction.atomic():
        locked = locked_draft(joint)
        locked.version = current
        locked.save(update_fields=["version"])
        known = {member.code for member in current.package.members}
        for child in papers.children_of(locked):
            _ = drafts.renew_guide(child) if child.matter.code in known else child.delete()
        fresh = JointCase.objects.get(pk=locked.pk)
        papers.level(fresh)
        _close_only_whole_sections(fresh)
    return True


def recheck(joint: JointCase) -> None:
    """Open again the parts that an answer given later in another part has made incomplete."""
    if still_done(joint) != sorted(joint.sections_done):
        with transaction.atomic():
            locked = locked_draft(joint)
            _close_only_whole_sections(locked)
        joint.sections_done = locked.sections_done


def _close_only_whole_sections(joint: JointCase) -> None:
    joint.sections_done = still_done(joint)
    joint.save(update_fields=["sections_done"])


def still_done(joint: JointCase) -> list[str]:
    """The parts marked done that are whole, for the joint form and for every member whose questions stand in them."""
    form = joint.package.form
    _, errors = clean_answers(form, {key: joint.answers[key] for key in _keys(form.sections) if key in joint.answers})
    wrong = {path.partition(".")[0] for path in errors}
    for child in papers.children_of(joint):
        _, own = clean_answers(child.guide_version.form, part_of(joint, child))
        wrong |= splitting.joint_sections(joint.package, child.matter.code, own)
    return sorted(key for key in joint.sections_done if key in _keys(form.sections) and key not in wrong)


def _keys(sections: Iterable[Any]) -> list[str]:
    return [section.key for section in sections]


def part_of(joint: JointCase, child: Application) -> FormAnswers:
    """The member's own answers, as they were typed."""
    return splitting.split(joint.package, child.matter.code, joint.answers)


def discard(joint: JointCase) -> None:
    """Throw a joint draft away with its members' drafts; NotPossible once it was submitted."""
    with transaction.atomic():
        locked = locked_draft(joint)
        for child in papers.children_of(locked):
            drafts.discard(child)
        locked.delete()


def locked_draft(joint: JointCase) -> JointCase:
    """The row, locked; NotPossible when it was submitted meanwhile."""
    locked = (
        JointCase.objects.select_for_update(of=("self",)).select_related("version__joint__current").get(pk=joint.pk)
    )
    if not locked.is_draft:
        raise NotPossible("这份申请已经提交，不能再修改。")
    return locked


def missing(joint: JointCase) -> dict[str, str]:
    """What still stops a submission: ``situation:<code>``, ``section:<key>`` or ``material:<key>`` → sentence."""
    children = papers.children_of(joint)
    problems = {"members": "至少要有两个事项一起办。"} if len(children) < FEWEST else {}
    for child in children:
        sentence = drafts.situation_problem(_as_it_will_be(joint, child))
        if sentence:
            problems[f"situation:{child.matter.code}"] = f"{child.matter.name}：{sentence}"
    problems |= {
        f"section:{section.key}": f"“{section.title}”还没有填写完。"
        for section in joint.package.form.sections
        if section.key not in joint.sections_done
    }
    problems |= {
        f"material:{one.key}": f"还没有上传“{one.row.name}”。" for one in papers.papers(joint) if _is_lacking(one)
    }
    return problems


def _as_it_will_be(joint: JointCase, child: Application) -> Application:
    child.answers = part_of(joint, child)
    return child


def _is_lacking(one: papers.Paper) -> bool:
    """As ``drafts.missing``: what only might be needed is not asked for as long as questions are open."""
    sure = [taker for taker in one.takers if drafts.is_sure(taker.case, taker.material)]
    lacking = [taker for taker in sure if taker.material.is_uploaded]
    return any(taker.material.key not in uploads.handed_in(taker.case) for taker in lacking)
