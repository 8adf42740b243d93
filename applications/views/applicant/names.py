"""The names in which somebody can file: their own, and the enterprises they act for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from applications.drafts import Applicant
from identity import acting

MYSELF = "person"
Draft = TypeVar("Draft")


@dataclass(frozen=True)
class Name(Generic[Draft]):
    """One name that the application could be filed in."""

    value: str
    applicant: Applicant
    unfit: str  # why it cannot be
    draft: Draft | None  # what was begun in it already

    @property
    def label(self) -> str:
        """The name, and what it is."""
        enterprise = self.applicant.enterprise
        return enterprise.name if enterprise else f"{self.applicant.person.name}（我本人）"


def names_of(
    me: Applicant, *, unfit: Callable[[Applicant], str], draft: Callable[[Applicant], Draft | None]
) -> list[Name[Draft]]:
    """The person first, then every enterprise they act for."""
    agencies = acting.agencies_of(me.user)
    applicants = [Applicant(me.user, me.person), *(Applicant(me.user, me.person, one.enterprise) for one in agencies)]
    return [
        Name(str(one.enterprise.uid) if one.enterprise else MYSELF, one, unfit(one), draft(one)) for one in applicants
    ]


def usual(names: Sequence[Name[Any]], me: Applicant) -> str:
    """The name in which the person works now, or the first one that fits."""
    fit = [name for name in names if not name.unfit]
    here = [name for name in fit if name.applicant.enterprise == me.enterprise]
    return next((name.value for name in (*here, *fit)), "")
