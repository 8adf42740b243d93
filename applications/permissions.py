"""Who may make a move: checks of (case, actor) that the machine names at each transition. ``perform`` asks them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from applications.actors import Actor

if TYPE_CHECKING:
    from applications.machine import CaseLife

Permission = Callable[["CaseLife", Actor], bool]


def holds(*roles: str) -> Permission:
    """Staff with one of ``roles`` in the department that is responsible for the case."""

    def check(case: "CaseLife", actor: Actor) -> bool:
        return any(actor.holds(role, case.responsible_departments()) for role in roles)

    check.roles = roles  # type: ignore[attr-defined]
    return check


def holds_step(case: "CaseLife", actor: Actor) -> bool:
    """Staff whose post answers one of the steps that are current in the route."""
    return any(actor.holds(role, frozenset({department})) for department, role in case.current_posts())


def decides(case: "CaseLife", actor: Actor) -> bool:
    """Staff at the decision step who have not reviewed the case themselves: four eyes."""
    return holds_step(case, actor) and not case.was_reviewed_by(actor)


def is_applicant(case: "CaseLife", actor: Actor) -> bool:
    return actor.kind == "applicant"


def is_system(case: "CaseLife", actor: Actor) -> bool:
    return actor.kind == "system"


def either(*checks: Permission) -> Permission:
    """Any of the checks."""

    def check(case: "CaseLife", actor: Actor) -> bool:
        return any(one(case, actor) for one in checks)

    check.roles = tuple(role for one in checks for role in roles_named(one))  # type: ignore[attr-defined]
    return check


def roles_named(check: Permission) -> tuple[str, ...]:
    """The roles a permission names, for the table in docs and tests."""
    simple = {is_applicant: ("applicant",), is_system: ("system",), holds_step: ("step",), decides: ("step",)}
    return simple[check] if check in simple else tuple(getattr(check, "roles", ()))
