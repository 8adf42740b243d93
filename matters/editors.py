"""Who keeps which guides: editors write, publishers let out; both for their own department, or for all where theirs
coordinates the catalogue (政务服务管理局)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from identity import posts
from identity.models import Department, Role, User
from matters.models import Matter

KEEPERS = (Role.EDITOR, Role.PUBLISHER)


def departments_for(user: User, *roles: str) -> QuerySet[Department]:
    """The departments whose guides this person keeps with one of the roles (default: either)."""
    held = posts.posts_of(user).filter(role__in=roles or KEEPERS)
    if held.filter(department__coordinates=True).exists():
        return Department.objects.all()
    return Department.objects.filter(pk__in=held.values("department"))


def matters_for(user: User, *roles: str) -> QuerySet[Matter]:
    """The matters, published or not, whose guides this person keeps with one of the roles (default: either)."""
    return Matter.objects.filter(department__in=departments_for(user, *roles)).select_related("department", "current")


@dataclass(frozen=True)
class Keeping:
    """Which roles of a keeper one person holds: everywhere, and beyond that in single departments (by key)."""

    everywhere: frozenset[str]
    somewhere: dict[int, frozenset[str]]

    def roles_in(self, department_id: int) -> frozenset[str]:
        """The roles that count for the guides of a department."""
        return self.everywhere | self.somewhere.get(department_id, frozenset())

    def narrow(self, matters: QuerySet[Matter]) -> QuerySet[Matter]:
        """Only the matters that this person keeps."""
        return matters if self.everywhere else matters.filter(department__in=list(self.somewhere))


def keeping(user: User) -> Keeping:
    """What this person keeps, in one query."""
    everywhere: set[str] = set()
    somewhere: dict[int, set[str]] = defaultdict(set)
    held: Any = posts.posts_of(user).filter(role__in=KEEPERS)
    for role, department_id, coordinates in held.values_list("role", "department_id", "department__coordinates"):
        (everywhere if coordinates else somewhere[department_id]).add(role)
    return Keeping(frozenset(everywhere), {key: frozenset(roles) for key, roles in somewhere.items()})
