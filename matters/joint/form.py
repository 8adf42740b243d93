"""Merging the members' forms: each question is asked once, and its answer goes to every member that asks it.

Two questions are the same when both ask the enterprise's own facts, or when label, kind and section agree. A repeating section
merges as a whole: a row of one cannot be a row of another. Two questions of one member are never merged by themselves.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from matters.formdef import Field, FormDefinition, Section
from matters.joint.fields import merged_field
from matters.joint.guide import Grouping, distinct, ref
from matters.joint.materials import MemberGuide, placements, plain

# (how it was found, the grouping's number or the title, whether it repeats)
SectionId = tuple[str, str, bool]
# The applicant's own facts mean the same in every form; a person's may be the applicant's or the contact's.
SAME_EVERYWHERE = "enterprise."


@dataclass(frozen=True)
class Asked:
    """One question of one member; ``home`` is the merged section in which it would stand."""

    ref: str
    code: str
    home: SectionId
    section: Section
    field: Field


@dataclass(frozen=True)
class Group:
    """Questions that are asked as one; the joint form shows it where the first of them stands."""

    name: str
    asked: list[Asked]

    @property
    def home(self) -> SectionId:
        """The section of the joint form."""
        return self.asked[0].home


@dataclass(frozen=True)
class JointForm:
    """The joint form, and for each of its ``section.field`` the members' questions that it answers."""

    form: FormDefinition
    mapping: dict[str, list[str]]


def merged_form(members: Sequence[MemberGuide], sections: Sequence[Grouping], fields: Sequence[Grouping]) -> JointForm:
    """The form that answers every question of every member."""
    groups = grouped(questions(members, sections), fields)
    places = _places(groups)
    homes: dict[SectionId, list[Group]] = {}
    for group in groups:
        homes.setdefault(group.home, []).append(group)
    return JointForm(
        FormDefinition(sections=[_section(home, inside, places, sections) for home, inside in homes.items()]),
        {".".join(places[group.asked[0].ref]): [one.ref for one in group.asked] for group in groups},
    )


def questions(members: Sequence[MemberGuide], sections: Sequence[Grouping]) -> list[Asked]:
    """Every question of every member, in the order of the members and of their forms."""
    said = placements(sections)
    return [
        Asked(ref(member.code, f"{section.key}.{field.key}"), member.code, _home(member, section, said), section, field)
        for member in members
        for section in member.content.form.sections
        for field in section.fields
    ]


def _home(member: MemberGuide, section: Section, said: dict[str, str]) -> SectionId:
    number = said.get(ref(member.code, section.key))
    if number is not None:
        return "said", number, section.repeating
    return "title", plain(section.title or section.key), section.repeating


def grouped(asked: Iterable[Asked], fields: Sequence[Grouping]) -> list[Group]:
    """The questions put together as the groupings say, and otherwise by what they mean."""
    said = placements(fields)
    found: dict[Any, list[Asked]] = {}
    seen: Counter[Any] = Counter()
    for one in asked:
        identity = _identity(one, said)
        if identity[0] != "said":
            seen[one.code, identity] += 1
            identity = (*identity, seen[one.code, identity])
        found.setdefault(identity, []).append(one)
    names = {str(index): grouping.name for index, grouping in enumerate(fields)}
    return [Group(names.get(key[1], "") if key[0] == "said" else "", group) for key, group in found.items()]


def _identity(one: Asked, said: dict[str, str]) -> tuple[Any, ...]:
    field, repeats = one.field, one.section.repeating
    if one.ref in said:
        return "said", said[one.ref], one.home if repeats else None
    if field.prefilled_from.startswith(SAME_EVERYWHERE) and not repeats:
        return "known", field.prefilled_from, field.type
    values = tuple(sorted(choice.value for choice in field.choices))
    return "label", one.home, plain(field.label or field.key), field.type, values, field.pattern


def _places(groups: Iterable[Group]) -> dict[str, tuple[str, str]]:
    """For every member's question the section and the field of the joint form that ask it."""
    sections: dict[SectionId, str] = {}
    taken: dict[SectionId, set[str]] = {}
    places: dict[str, tuple[str, str]] = {}
    for group in groups:
        first = group.asked[0]
        if group.home not in sections:
            sections[group.home] = _unused(first.section.key, set(sections.values()))
        keys = taken.setdefault(group.home, set())
        key = _unused(first.field.key, keys)
        keys.add(key)
        places |= {one.ref: (sections[group.home], key) for one in group.asked}
    return places


def _unused(key: str, taken: set[str]) -> str:
    number, wanted = 1, key
    while wanted in taken:
        number += 1
        wanted = f"{key}_{number}"
    return wanted


def _section(
    home: SectionId, groups: Sequence[Group], places: dict[str, tuple[str, str]], groupings: Sequence[Grouping]
) -> Section:
    members = [one.section for group in groups for one in group.asked if one.home == home]
    first = members[0]
    said = groupings[int(home[1])].name if home[0] == "said" else ""
    fewest = max(section.min_rows for section in members)
    return Section(
        key=places[groups[0].asked[0].ref][0],
        title=said or first.title,
        help="\n".join(distinct(section.help for section in members)),
        repeating=first.repeating,
        min_rows=fewest,
        max_rows=max(fewest, min(section.max_rows for section in members)),
        fields=[_field(group, places) for group in groups],
    )


def _field(group: Group, places: dict[str, tuple[str, str]]) -> Field:
    asked = [(one.code, one.field) for one in group.asked]
    return merged_field(asked, group.name, places[group.asked[0].ref], places)
