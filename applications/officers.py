"""The officers of a case by name: who may be sent to check, who may preside, who has reviewed."""

from dataclasses import dataclass

from applications.models import Application
from applications.states import ACCEPTED
from identity.models import Post, User

# Moves by which a person reviews: whoever made one of them cannot preside over the hearing (art. 48(1)(3)).
REVIEWING = ("pass_on", "send_back", "pause", "resume", "transfer_up", "plan_check", "record_check")


@dataclass(frozen=True)
class Officer:
    """A member of staff with a post."""

    username: str
    name: str


def of(case: Application) -> list[Officer]:
    """Active staff of the departments that have to do with the case, by name."""
    departments = {case.department_id, *case.route_steps.values_list("department_id", flat=True)}
    posts = Post.objects.filter(department__in=departments, active=True, user__is_active=True)
    users = User.objects.filter(pk__in=posts.values("user")).order_by("display_name", "username")
    return [Officer(user.username, user.display_name or user.username) for user in users]


def named(case: Application, usernames: list[str]) -> list[Officer]:
    """Those of ``usernames`` who are staff of the case's departments, each once."""
    known = {officer.username: officer for officer in of(case)}
    return [known[name] for name in dict.fromkeys(usernames) if name in known]


def reviewers(case: Application) -> set[str]:
    """Names of those who review the case: at a current review step, at an earlier one, at a check, or by a reviewing move."""
    moved = case.events.filter(action__in=REVIEWING, actor_kind="staff").exclude(from_state__in=ACCEPTED)
    passed = case.route_steps.filter(kind="review").exclude(passed_by="").values_list("passed_by", flat=True)
    checking = (officer["name"] for row in case.site_checks.all() for officer in row.officers)
    return {*moved.values_list("actor_name", flat=True), *passed, *checking, *_at_review_steps(case)}


def _at_review_steps(case: Application) -> set[str]:
    """Whose post answers a review step that is being worked on."""
    found: set[str] = set()
    for step in case.route_steps.filter(kind="review", standing="current"):
        posts = Post.objects.filter(department=step.department_id, role=step.role, active=True).select_related("user")
        found |= {post.user.display_name or post.user.username for post in posts}
    return found
