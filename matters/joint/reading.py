"""A package arranged for reading, and narrowed to a visitor's situations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language

from matters import codes
from matters.formdef import Field, Section
from matters.guide import FeeItem
from matters.joint import figures
from matters.joint.guide import MemberFacts, MergedMaterial, Package, distinct, member_of
from matters.joint.merging import narrowed


@dataclass(frozen=True)
class AskedBy:
    """A thing with the members that ask for it; ``members`` is empty when all do."""

    thing: MergedMaterial | Field
    names: list[str]
    is_common: bool


@dataclass(frozen=True)
class Situation:
    """Something that makes a member necessary, and whether the visitor ticked it."""

    text: str
    chosen: bool


class Reading:
    """What the page shows. Without ``narrowing`` everything is shown, whatever is ticked."""

    def __init__(self, package: Package, chosen: Sequence[str], *, narrowing: bool) -> None:
        self.whole = package
        self.chosen = set(chosen)
        self.is_narrowed = narrowing and bool(self._texts)
        self.package = narrowed(package, self._codes()) if self.is_narrowed else package

    @property
    def _texts(self) -> list[str]:
        return distinct(member.when for member in self.whole.members)

    def _codes(self) -> set[str]:
        return {member.code for member in self.whole.members if not member.when or member.when in self.chosen}

    @property
    def situations(self) -> list[Situation]:
        """What the visitor may tick."""
        return [Situation(text, text in self.chosen) for text in self._texts]

    @cached_property
    def figures(self) -> figures.Figures:
        """What is saved."""
        return figures.figures(self.package)

    @property
    def stages(self) -> list[list[MemberFacts]]:
        """The members in order."""
        return figures.stages(self.package.members)

    @property
    def departments(self) -> list[str]:
        """Each department once, in order."""
        return distinct(member.department for member in self.package.members)

    @property
    def who(self) -> list[str]:
        """Who can apply: the kinds of applicants that every member takes, or else all of them."""
        kinds = [set(member.service_objects) for member in self.package.members]
        every = set.intersection(*kinds) if kinds else set()
        return [str(label) for code, label in codes.SERVICE_OBJECTS.items() if code in (every or set().union(*kinds))]

    @property
    def to_bring(self) -> list[AskedBy]:
        """What the applicant hands in."""
        return [self._asked(row, row.codes) for row in self.package.materials if not row.shared_data]

    @property
    def fetched(self) -> list[AskedBy]:
        """What the departments fetch themselves."""
        return [self._asked(row, row.codes) for row in self.package.materials if row.shared_data]

    @property
    def form(self) -> list[tuple[Section, list[AskedBy]]]:
        """The sections of the joint form with their questions."""
        return [
            (section, [self._asked(field, self._askers(section, field)) for field in section.fields])
            for section in self.package.form.sections
        ]

    def _askers(self, section: Section, field: Field) -> Iterable[str]:
        return distinct(member_of(ref) for ref in self.package.mapping[f"{section.key}.{field.key}"])

    @property
    def conditions(self) -> list[tuple[str, list[str]]]:
        """Every condition with the members that make it."""
        return [(one.text, self._names(one.codes)) for one in self.package.conditions]

    @property
    def fees(self) -> list[tuple[str, FeeItem]]:
        """Every charge with the member that makes it."""
        return [(name_of(member), item) for member, item in figures.fees(self.package.members)]

    @property
    def total_cents(self) -> int | None:
        """All charges together, in fen; None when one depends on the case."""
        return figures.total_cents(self.package.members)

    @property
    def alone_days(self) -> int | None:
        """Working days of one matter after the other; None when the promises do not add up."""
        return self.figures.days.before if self.figures.days else None

    @property
    def is_under_the_licensing_law(self) -> bool:
        """Whether the joint limit rests on 行政许可法 art. 42(2)."""
        return figures.is_under_the_licensing_law(self.package.members)

    def _asked(self, thing: MergedMaterial | Field, askers: Iterable[str]) -> AskedBy:
        names = self._names(askers)
        return AskedBy(thing, names, len(names) == len(self.package.members))

    def _names(self, wanted: Iterable[str]) -> list[str]:
        here = {member.code: name_of(member) for member in self.package.members}
        return [here[code] for code in wanted if code in here]


def name_of(named: MemberFacts) -> str:
    """The matter's name in the page's language."""
    in_english = (get_language() or "").startswith("en")
    return named.name_en if in_english and named.name_en else named.name
