"""What staff do to the merge, as new rules: put rows together, take them apart, name them, or leave it to the automatic merge."""

from collections.abc import Iterable, Sequence

from matters.joint.guide import Grouping, Package, Rules, distinct
from matters.joint.materials import JOINT_FORM

PARTS = ("materials", "sections", "fields")


def joined(groupings: Sequence[Grouping], rows: Sequence[Sequence[str]], name: str) -> list[Grouping]:
    """The rows (references of each) are one from now on."""
    refs = distinct(reference for row in rows for reference in row)
    return [*_without(groupings, refs), Grouping(name=name, of=refs)]


def parted(groupings: Sequence[Grouping], row: Sequence[str]) -> list[Grouping]:
    """Every part of the row stands alone from now on."""
    return [*_without(groupings, row), *(Grouping(of=[reference]) for reference in row)]


def named(groupings: Sequence[Grouping], row: Sequence[str], name: str) -> list[Grouping]:
    """The row bears this name from now on."""
    return [*_without(groupings, row), Grouping(name=name, of=list(row))]


def automatic(groupings: Sequence[Grouping], row: Sequence[str]) -> list[Grouping]:
    """Nothing is said about the row any more."""
    return _without(groupings, row)


def _without(groupings: Iterable[Grouping], refs: Iterable[str]) -> list[Grouping]:
    gone = set(refs)
    kept = [Grouping(name=one.name, of=[part for part in one.of if part not in gone]) for one in groupings]
    return [one for one in kept if one.of]


def said_by(package: Package) -> Rules:
    """The rules that say the whole merge in words: merging by them gives the same package."""
    materials = [Grouping(name="" if row.name == JOINT_FORM else row.name, of=row.refs) for row in package.materials]
    labels = {f"{s.key}.{field.key}": field.label for s in package.form.sections for field in s.fields}
    return Rules(
        materials=materials,
        fields=[Grouping(name=labels[place], of=refs) for place, refs in package.mapping.items()],
    )
