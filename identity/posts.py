"""What a staff member may do, read from active posts. Nobody else's account has rights here."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from identity.models import Department, Deputy, Kind, Post

Who = AbstractBaseUser | AnonymousUser


def posts_of(user: Who) -> QuerySet[Post]:
    """The active posts of an active staff account, and those of absent colleagues whose deputy it is today (A/B 角); none for
    anybody else."""
    if not user.is_active or getattr(user, "kind", None) != Kind.STAFF:
        return Post.objects.none()
    today = timezone.localdate()
    absent = Deputy.objects.filter(deputy_id=user.pk, begins__lte=today, ends__gte=today, ended_on=None)
    return Post.objects.filter(Q(user_id=user.pk) | Q(user__in=absent.values("principal")), active=True)


def roles_of(user: Who, department: Department | None = None) -> set[str]:
    """The roles that the user holds, in one department or in any."""
    posts = posts_of(user)
    if department is not None:
        posts = posts.filter(department=department)
    return set(posts.values_list("role", flat=True))


def has_role(user: Who, role: str, department: Department | None = None) -> bool:
    """Whether the user holds the role, in one department or in any."""
    return role in roles_of(user, department)


def departments_of(user: Who) -> QuerySet[Department]:
    """The departments in which the user holds an active post."""
    return Department.objects.filter(pk__in=posts_of(user).values("department"))
