"""The merge of a package: pure, the same for any order of the members, and unchanged by being said again as rules."""

from collections.abc import Collection, Sequence

from matters.formdef import FormDefinition
from matters.joint.figures import in_order, needed_visits, usual_limit
from matters.joint.form import merged_form
from matters.joint.guide import (
    JointContent,
    MemberFacts,
    MergedCondition,
    MergedMaterial,
    Package,
    Rules,
    member_of,
)
from matters.joint.materials import MemberGuide, merged_materials, plain

NO_RULES = Rules()


def merge(
    members: Sequence[MemberGuide], rules: Rules = NO_RULES, *, limit: int | None = None, visits: int | None = None
) -> Package:
    """One notice, one form and one set of materials out of the members' guides.

    ``rules`` are what staff say against the automatic merge; parts of members that are not there are passed over.
    ``limit`` (working days) and ``visits`` are computed where they are None.
    """
    ordered = sorted(members, key=in_order)
    facts = [_facts(member) for member in ordered]
    joint_form = merged_form(ordered, rules.sections, rules.fields)
    return Package(
        members=facts,
        materials=merged_materials(ordered, rules.materials),
        form=joint_form.form,
        mapping=joint_form.mapping,
        conditions=_conditions(ordered),
        limit=usual_limit(facts) if limit is None else limit,
        visits=needed_visits(facts) if visits is None else visits,
    )


def merge_content(content: JointContent, members: Sequence[MemberGuide]) -> Package:
    """The merge that a draft stands for."""
    return merge(members, content.rules, limit=content.limit, visits=content.visits)


def narrowed(package: Package, codes: Collection[str]) -> Package:
    """Only what these members ask; the joint limit and the visits are no longer than what they need."""
    members = [member for member in package.members if member.code in codes]
    mapping = {
        place: kept
        for place, refs in package.mapping.items()
        if (kept := [one for one in refs if member_of(one) in codes])
    }
    return package.model_copy(
        update={
            "members": members,
            "materials": _of_members(package, codes),
            "form": _asked_in(package, mapping),
            "mapping": mapping,
            "conditions": [one for one in package.conditions if not set(codes).isdisjoint(one.codes)],
            "limit": min(package.limit, usual_limit(members)),
            "visits": min(package.visits, needed_visits(members)),
        }
    )


def _facts(member: MemberGuide) -> MemberFacts:
    header, guide, form = member.content.header, member.content.guide, member.content.form
    return MemberFacts(
        code=member.code,
        name=guide.matter_name,
        name_en=header.name_en,
        department=guide.department.name,
        department_code=guide.department.code,
        stage=member.stage,
        when=member.when,
        guide_uid=member.guide_uid,
        number=member.number,
        is_licence=header.is_licence,
        service_objects=header.service_objects,
        law=guide.feedback_limit,
        promise=guide.promised_limit,
        visits=guide.service_capability.visits,
        forms=sum(material.kind == "form" for material in guide.materials),
        materials=sum(not material.shared_data for material in guide.materials),
        questions=sum(len(section.fields) for section in form.sections),
        fees=guide.fee_standard.items if guide.fee_standard.is_fee else [],
        outcome=guide.outcome.name,
    )


def _conditions(members: Sequence[MemberGuide]) -> list[MergedCondition]:
    found: dict[str, MergedCondition] = {}
    for member in members:
        for condition in member.content.guide.conditions:
            row = found.setdefault(plain(condition.text), MergedCondition(text=condition.text))
            row.codes.append(member.code)
    return [one for one in found.values() if one.text]


def _of_members(package: Package, codes: Collection[str]) -> list[MergedMaterial]:
    rows = [
        row.model_copy(update={"uses": [use for use in row.uses if member_of(use.ref) in codes]})
        for row in package.materials
    ]
    return [row for row in rows if row.uses]


def _asked_in(package: Package, mapping: dict[str, list[str]]) -> FormDefinition:
    sections = [
        section.model_copy(update={"fields": [f for f in section.fields if f"{section.key}.{f.key}" in mapping]})
        for section in package.form.sections
    ]
    return package.form.model_copy(update={"sections": [section for section in sections if section.fields]})
