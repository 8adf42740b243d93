"""Merging the members' materials: each paper is asked once.

Two are the same paper when their names are; a guide's own application form is part of the one joint form. Keys are chosen by
each department for itself, so that equal keys are only a hint for staff (``matters.joint.hints``): asking for a paper twice is a
nuisance, asking for one of two is a correction notice.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from matters.guide import GuideContent, Material
from matters.joint.guide import Grouping, MergedMaterial, Use, distinct, ref

JOINT_FORM = "联合申请表"
Identity = tuple[str, str]


@dataclass(frozen=True)
class MemberGuide:
    """A member with the guide it is merged by."""

    code: str
    stage: int
    when: str
    guide_uid: str
    number: int
    content: GuideContent


@dataclass(frozen=True)
class Part:
    """One material of one member."""

    ref: str
    material: Material
    is_form: bool


def merged_materials(members: Sequence[MemberGuide], groupings: Sequence[Grouping]) -> list[MergedMaterial]:
    """One row a paper, the joint form first, then in the order in which the members ask for them."""
    said = placements(groupings)
    rows: dict[Identity, list[Part]] = {}
    for part in parts(members):
        rows.setdefault(_identity(part, said), []).append(part)
    names = {str(index): grouping.name for index, grouping in enumerate(groupings)}
    merged = [_merged(row, names.get(key, "") if kind == "said" else "") for (kind, key), row in rows.items()]
    return sorted(merged, key=lambda row: not row.is_form)


def parts(members: Sequence[MemberGuide]) -> list[Part]:
    """Every material of every member."""
    return [part for member in members for part in _parts(member)]


def placements(groupings: Sequence[Grouping]) -> dict[str, str]:
    """The number of the grouping in which each part stands; the first where there are several."""
    found: dict[str, str] = {}
    for index, grouping in enumerate(groupings):
        for reference in grouping.of:
            found.setdefault(reference, str(index))
    return found


def plain(text: str) -> str:
    """A name without spaces and punctuation, half-width and lower-case: 《营业执照》 is 营业执照."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter for letter in folded if letter.isalnum()) or folded


def _parts(member: MemberGuide) -> list[Part]:
    return [
        Part(ref(member.code, material.key), material, is_own_form(member.content, material))
        for material in member.content.guide.materials
    ]


def is_own_form(content: GuideContent, material: Material) -> bool:
    """Whether the paper is the printed form definition, which the joint form takes the place of."""
    made = {download.material_key for download in content.guide.form_downloads if download.blank == "generated"}
    return material.kind == "form" and bool(content.form.sections) and material.key in made


def _identity(part: Part, said: dict[str, str]) -> Identity:
    if part.ref in said:
        return "said", said[part.ref]
    return ("form", "") if part.is_form else ("name", plain(part.material.name))


def _merged(row: list[Part], name: str) -> MergedMaterial:
    materials = [part.material for part in row]
    first = materials[0]
    is_form = all(part.is_form for part in row)
    is_joint = is_form and len(row) > 1
    return MergedMaterial(
        name=name or (JOINT_FORM if is_joint else first.name),
        kind=first.kind,
        is_form=is_form,
        source=first.source,
        issuer=first.issuer,
        originals=max(material.originals for material in materials),
        copies=max(material.copies for material in materials),
        electronic=all(material.electronic for material in materials),
        formats=[one for one in first.formats if all(one in other.formats for other in materials)],
        max_mb=min(material.max_mb for material in materials),
        max_files=min(material.max_files for material in materials),
        # How each member's own form is made says nothing true about the joint one.
        how_to="" if is_joint else "\n".join(distinct(material.how_to for material in materials)),
        uses=[_use(part) for part in row],
    )


def _use(part: Part) -> Use:
    material = part.material
    return Use(
        ref=part.ref,
        necessity=material.necessity,
        shared_data=material.shared_data,
        only_when=material.only_when,
    )
