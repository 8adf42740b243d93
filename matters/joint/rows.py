"""The merge as a table for staff: one row for each thing that is asked once, with what it is at each member."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matters.checks.problem import Problem
from matters.joint import form as joint_form
from matters.joint.guide import Grouping, JointContent, MergedMaterial, Package, distinct, member_of, ref
from matters.joint.materials import MemberGuide

PART_NAMES = {"materials": "材料", "sections": "多行表格", "fields": "表单项"}


@dataclass(frozen=True)
class Row:
    """``refs`` name the members' own things, ``own`` are (matter, its name for it); ``is_said``: staff put it so."""

    refs: list[str]
    name: str
    about: str
    own: list[tuple[str, str]]
    is_said: bool
    problems: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The first reference: unique among the rows of a part."""
        return self.refs[0]

    @property
    def is_merged(self) -> bool:
        """Whether several things are one here."""
        return len(self.refs) > 1


def rows(
    part: str, content: JointContent, package: Package, guides: Sequence[MemberGuide], problems: Iterable[Problem] = ()
) -> list[Row]:
    """The rows of ``materials``, ``sections`` (repeating ones only) or ``fields``."""
    make = {"materials": _materials, "sections": _sections, "fields": _fields}[part]
    said = {reference for grouping in getattr(content.rules, part) for reference in grouping.of}
    names = {guide.code: guide.content.guide.matter_name for guide in guides}
    wrong = [problem for problem in problems if problem.field == part]
    return [
        Row(
            refs=refs,
            name=name,
            about=about,
            own=[(names[member_of(reference)], own[reference]) for reference in refs],
            is_said=not said.isdisjoint(refs),
            problems=distinct(problem.message for problem in wrong if problem.path in refs),
        )
        for refs, name, about, own in make(content, package, guides)
    ]


Made = tuple[list[str], str, str, dict[str, str]]


def _materials(content: JointContent, package: Package, guides: Sequence[MemberGuide]) -> list[Made]:
    own = {ref(g.code, material.key): material.name for g in guides for material in g.content.guide.materials}
    return [(row.refs, row.name, _about(row), own) for row in package.materials]


def _about(row: MergedMaterial) -> str:
    papers = [f"原件 {row.originals} 份" if row.originals else "", f"复印件 {row.copies} 份" if row.copies else ""]
    first = "免提交" if row.shared_data else row.necessity
    return "，".join(distinct([first, *papers]))


def _fields(content: JointContent, package: Package, guides: Sequence[MemberGuide]) -> list[Made]:
    own = {one.ref: f"{one.section.title}：{one.field.label}" for one in joint_form.questions(guides, [])}
    return [
        (
            package.mapping[f"{section.key}.{asked.key}"],
            asked.label,
            f"{section.title}，{'必填' if asked.required else '选填'}",
            own,
        )
        for section in package.form.sections
        for asked in section.fields
    ]


def _sections(content: JointContent, package: Package, guides: Sequence[MemberGuide]) -> list[Made]:
    homes: dict[joint_form.SectionId, list[str]] = {}
    own: dict[str, str] = {}
    for one in joint_form.questions(guides, content.rules.sections):
        if one.section.repeating:
            reference = ref(one.code, one.section.key)
            own[reference] = one.section.title
            homes.setdefault(one.home, []).append(reference)
    return [
        (distinct(refs), _title(home, content.rules.sections) or own[refs[0]], "可填多行", own)
        for home, refs in homes.items()
    ]


def _title(home: joint_form.SectionId, groupings: Sequence[Grouping]) -> str:
    return groupings[int(home[1])].name if home[0] == "said" else ""
