"""What a package takes together against one matter after the other: computed from the guides, never estimated."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from matters.guide import FeeItem, Limit
from matters.joint.guide import MemberFacts, Package

# 行政许可法 arts. 26 and 42(2): joint handling takes 45 working days, and 15 more approved by the head of government.
JOINT_DAYS = 45
LICENCES_FOR_THE_LAW = 2
# The most working days that a natural day or a month can hold.
AT_MOST = {"G": 1, "Z": 1, "M": 23}


@dataclass(frozen=True)
class Pair:
    """A number before (matter by matter) and after (together)."""

    before: int
    after: int

    @property
    def is_less(self) -> bool:
        """Whether anything is saved."""
        return self.after < self.before


@dataclass(frozen=True)
class Figures:
    """``days`` are working days; None where a member promises natural days or months, which do not add up to any."""

    forms: Pair
    materials: Pair
    questions: Pair
    days: Pair | None
    visits: Pair


def figures(package: Package) -> Figures:
    """What the merge saves. Materials are those that the applicant hands in, forms among them."""
    members = package.members
    handed_in = [row for row in package.materials if not row.shared_data]
    return Figures(
        forms=Pair(sum(one.forms for one in members), sum(row.kind == "form" for row in package.materials)),
        materials=Pair(sum(one.materials for one in members), len(handed_in)),
        questions=Pair(sum(one.questions for one in members), sum(len(s.fields) for s in package.form.sections)),
        days=_days(package),
        visits=Pair(sum(one.visits for one in members), package.visits),
    )


def _days(package: Package) -> Pair | None:
    if any(one.promise.unit != "G" and one.promise.value for one in package.members):
        return None
    return Pair(sum(one.promise.value for one in package.members), package.limit)


class Placed(Protocol):
    """A member with its place."""

    @property
    def stage(self) -> int:
        """The stage, from 1."""

    @property
    def when(self) -> str:
        """The only situation in which it is needed, if any."""

    @property
    def code(self) -> str:
        """The matter's code."""


def in_order(member: Placed) -> tuple[int, bool, str]:
    """The order of the members: by stage; in a stage those that are always needed first."""
    return member.stage, bool(member.when), member.code


def stages(members: Iterable[MemberFacts]) -> list[list[MemberFacts]]:
    """The members in order; those of one stage run side by side."""
    ordered = sorted(members, key=in_order)
    return [list(stage) for _number, stage in groupby(ordered, key=lambda one: one.stage)]


def _longest_chain(members: Iterable[MemberFacts], amount: Callable[[MemberFacts], int]) -> int:
    return sum(max(amount(one) for one in stage) for stage in stages(members))


def needed_days(members: Sequence[MemberFacts]) -> int:
    """Working days that the promises take when each stage waits for the one before; an upper bound where units differ."""
    return _longest_chain(members, lambda one: at_most_working_days(one.promise))


def needed_visits(members: Sequence[MemberFacts]) -> int:
    """Visits when those of one stage are made on one way."""
    return _longest_chain(members, lambda one: one.visits)


def at_most_working_days(limit: Limit) -> int:
    """The most working days that a limit can hold."""
    return limit.value * AT_MOST[limit.unit or "G"]


def is_under_the_licensing_law(members: Iterable[MemberFacts]) -> bool:
    """Whether two licences or more are joined, so that arts. 26 and 42(2) govern the joint limit."""
    return sum(one.is_licence for one in members) >= LICENCES_FOR_THE_LAW


def usual_limit(members: Sequence[MemberFacts]) -> int:
    """The joint limit where staff say none, in working days."""
    days = needed_days(members)
    return min(days, JOINT_DAYS) if is_under_the_licensing_law(members) else days


def fees(members: Iterable[MemberFacts]) -> list[tuple[MemberFacts, FeeItem]]:
    """Every charge with the member that makes it."""
    return [(one, item) for one in members for item in one.fees]


def total_cents(members: Iterable[MemberFacts]) -> int | None:
    """All charges together, in fen; None where one depends on the case."""
    amounts = [item.amount_cents for _one, item in fees(members)]
    return None if 0 in amounts else sum(amounts)
