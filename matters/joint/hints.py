"""Rows that may be the same thing, for staff to decide: never merged by themselves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from matters.joint.guide import MergedMaterial, Package, member_of
from matters.joint.materials import plain

ALIKE = 0.7
MOST_HINTS = 20


@dataclass(frozen=True)
class Hint:
    """Two rows, by their references, and their names."""

    refs: tuple[list[str], list[str]]
    names: tuple[str, str]

    @property
    def ids(self) -> str:
        """The rows, as the button that joins them sends them."""
        return "|".join(refs[0] for refs in self.refs)


def materials(package: Package) -> list[Hint]:
    """Papers of different members with like names, or under one key and of one kind."""
    rows = [row for row in package.materials if not row.is_form]
    pairs = [(one, other) for one, other in combinations(rows, 2) if _may_be_one_paper(one, other)]
    return [Hint((one.refs, other.refs), (one.name, other.name)) for one, other in pairs[:MOST_HINTS]]


def _may_be_one_paper(one: MergedMaterial, other: MergedMaterial) -> bool:
    if not _apart(one.refs, other.refs):
        return False
    keys = {ref.partition("/")[2] for ref in one.refs} & {ref.partition("/")[2] for ref in other.refs}
    return (bool(keys) and one.kind == other.kind) or alike(one.name, other.name)


def fields(package: Package) -> list[Hint]:
    """Questions of different members with like labels, outside repeating sections."""
    asked = [
        (field.label, field.type, package.mapping[f"{section.key}.{field.key}"])
        for section in package.form.sections
        if not section.repeating
        for field in section.fields
    ]
    return _pairs(asked, lambda one, other: one[1] == other[1] and alike(one[0], other[0]))


def sections(rows: Sequence[tuple[str, list[str]]]) -> list[Hint]:
    """Repeating sections (title, references) of different members with like titles."""
    return _pairs([(title, "", refs) for title, refs in rows], lambda one, other: alike(one[0], other[0]))


def _pairs(rows: Iterable[tuple], is_pair: Callable[[tuple, tuple], bool]) -> list[Hint]:
    found = [
        Hint((one[2], other[2]), (one[0], other[0]))
        for one, other in combinations(rows, 2)
        if _apart(one[2], other[2]) and is_pair(one, other)
    ]
    return found[:MOST_HINTS]


def _apart(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether no member stands in both: what a department asks twice, it means twice."""
    return not {member_of(ref) for ref in one} & {member_of(ref) for ref in other}


def alike(one: str, other: str) -> bool:
    """Whether two names are mostly the same letters."""
    return SequenceMatcher(None, plain(one), plain(other)).ratio() >= ALIKE
