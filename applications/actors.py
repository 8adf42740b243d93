"""Who performs a move: an applicant, a member of staff with posts, or time itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from django.utils import timezone

from identity import deputies
from identity.models import User

SYSTEM_NAME = "系统"


@dataclass(frozen=True)
class Actor:
    """``posts`` are (department id, role) pairs; empty for applicants and the system.

    ``own`` are those held in person, ``stands_in`` those of absent colleagues, by the colleague's name (A/B 角, identity.deputies).
    """

    kind: Literal["applicant", "staff", "system"]
    name: str
    user_id: int | None = None
    posts: frozenset[tuple[int, str]] = frozenset()
    own: frozenset[tuple[int, str]] = frozenset()
    stands_in: tuple[tuple[str, frozenset[tuple[int, str]]], ...] = ()

    def holds(self, role: str, departments: frozenset[int]) -> bool:
        """Whether one of the posts is ``role`` in one of ``departments`` (department ids)."""
        return self.kind == "staff" and any(
            post_role == role and department in departments for department, post_role in self.posts
        )

    def departments_as(self, *roles: str) -> frozenset[int]:
        """The departments (ids) in which one of the posts is one of ``roles``."""
        return frozenset(department for department, role in self.posts if role in roles)


def staff(user: User) -> Actor:
    """The member of staff with all active posts, and with those of absent colleagues whose deputy they are today."""
    held = dict(deputies.posts_on(user, timezone.localdate()))
    own = held.pop(user.pk, ("", frozenset()))[1]
    others = tuple(held.values())
    everything = own.union(*(posts for _, posts in others))
    return Actor("staff", user.display_name or user.username, user.pk, everything, own, others)


def answering(actor: Actor, permits: Callable[[Actor], bool]) -> Actor:
    """The actor as it is recorded: who acts by the post of an absent colleague is named with the colleague's name."""
    if not actor.stands_in:
        return actor
    if permits(replace(actor, posts=actor.own, stands_in=())):
        return actor
    for name, posts in actor.stands_in:
        if permits(replace(actor, posts=posts, stands_in=())):
            return replace(actor, name=f"{actor.name}（代{name}）")
    return actor


def applicant(user: User) -> Actor:
    """The logged-in applicant; whose case it is, is checked where the case is fetched."""
    return Actor("applicant", user.display_name or user.username, user.pk)


def applicant_named(name: str) -> Actor:
    """An applicant known by name only: the inner side has no applicants' accounts."""
    return Actor("applicant", name)


def system() -> Actor:
    """Time and arrival: moves that the law makes without a person."""
    return Actor("system", SYSTEM_NAME)
