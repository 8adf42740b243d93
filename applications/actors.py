"""Who performs a move: an applicant, a member of staff with posts, or time itself."""

from dataclasses import dataclass
from typing import Literal

from identity.models import Post, User

SYSTEM_NAME = "系统"


@dataclass(frozen=True)
class Actor:
    """``posts`` are (department id, role) pairs; empty for applicants and the system."""

    kind: Literal["applicant", "staff", "system"]
    name: str
    user_id: int | None = None
    posts: frozenset[tuple[int, str]] = frozenset()

    def holds(self, role: str, departments: frozenset[int]) -> bool:
        """Whether one of the posts is ``role`` in one of ``departments`` (department ids)."""
        return self.kind == "staff" and any(
            post_role == role and department in departments for department, post_role in self.posts
        )

    def departments_as(self, *roles: str) -> frozenset[int]:
        """The departments (ids) in which one of the posts is one of ``roles``."""
        return frozenset(department for department, role in self.posts if role in roles)


def staff(user: User) -> Actor:
    """The member of staff with all active posts."""
    posts = Post.objects.filter(user=user, active=True).values_list("department_id", "role")
    return Actor("staff", user.display_name or user.username, user.pk, frozenset(posts))


def applicant(user: User) -> Actor:
    """The logged-in applicant; whose case it is, is checked where the case is fetched."""
    return Actor("applicant", user.display_name or user.username, user.pk)


def applicant_named(name: str) -> Actor:
    """An applicant known by name only: the inner side has no applicants' accounts."""
    return Actor("applicant", name)


def system() -> Actor:
    """Time and arrival: moves that the law makes without a person."""
    return Actor("system", SYSTEM_NAME)
