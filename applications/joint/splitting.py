"""Taking the joint form apart: each member gets the answers to its own questions, in the shape of its own form. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matters.formdef import FormAnswers
from matters.joint.guide import Package, member_of


@dataclass(frozen=True)
class Lead:
    """One question of the joint form and the member's question that it answers."""

    section: str
    field: str
    own_section: str
    own_field: str


def leads(package: Package, code: str) -> list[Lead]:
    """Which questions of the joint form answer the member's."""
    return [
        Lead(*place.split(".", 1), *reference.partition("/")[2].split(".", 1))
        for place, references in package.mapping.items()
        for reference in references
        if member_of(reference) == code
    ]


def split(package: Package, code: str, answers: FormAnswers) -> FormAnswers:
    """The member's part of the joint answers; a question that was not answered is left out."""
    own: FormAnswers = {}
    for lead in leads(package, code):
        given = answers.get(lead.section)
        if isinstance(given, list):
            rows = own.setdefault(lead.own_section, [{} for _row in given])
            for row, source in zip(rows, given, strict=True):
                _copy(source, lead.field, row, lead.own_field)
        elif isinstance(given, Mapping):
            _copy(given, lead.field, own.setdefault(lead.own_section, {}), lead.own_field)
    return own


def _copy(source: Mapping[str, Any], name: str, target: dict[str, Any], own_name: str) -> None:
    if name in source:
        target[own_name] = source[name]


def joined(package: Package, own: Mapping[str, FormAnswers]) -> FormAnswers:
    """The way back, for what members fill in beforehand: their answers (by code) in the shape of the joint form.

    Tables are left out; where two members say something, the first in the package's order is heard.
    """
    answers: FormAnswers = {}
    for member in package.members:
        for lead in leads(package, member.code):
            given = own.get(member.code, {}).get(lead.own_section)
            if isinstance(given, Mapping) and lead.own_field in given:
                answers.setdefault(lead.section, {}).setdefault(lead.field, given[lead.own_field])
    return answers


def joint_sections(package: Package, code: str, paths: Iterable[str]) -> set[str]:
    """The sections of the joint form in which what is wrong at the member's ``paths`` (``section.field``) is mended."""
    found = set()
    for path in paths:
        section, _, rest = path.partition(".")
        field = rest.rpartition(".")[2]
        near = [lead for lead in leads(package, code) if lead.own_section == section]
        exact = [lead for lead in near if lead.own_field == field]
        found |= {lead.section for lead in exact or near}
    return found
