"""Who may log in on this side: staff in the office, applicants on the public portal, never the other way round."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from identity import posts
from identity.models import Kind, Role, User


class SideBackend(ModelBackend):
    """Password log-in that knows the side.

    ModelBackend asks ``user_can_authenticate`` after the password was hashed, so a wrong name, a wrong password and an
    account of the other side take the same time and get the same answer; it asks again on every request, so an account
    that is closed, or whose last post has ended, is out at its next click.
    """

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Active, and at home on this side; operators have accounts on both."""
        if user is None or not super().user_can_authenticate(user):
            return False
        if getattr(user, "kind", None) == Kind.APPLICANT:
            return settings.IS_OUTER
        held = posts.roles_of(user)
        return Role.OPERATOR in held if settings.IS_OUTER else bool(held)
