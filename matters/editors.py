"""Who keeps which guides: editors write, publishers let out; both for their own department, or for all where theirs
coordinates the catalogue (政务服务管理局)."""

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
