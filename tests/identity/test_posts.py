"""Rights come from active posts of active staff accounts, and from nothing else."""

from django.contrib.auth.models import AnonymousUser

from identity.models import Department, Post, Role, User
from identity.posts import departments_of, has_role, roles_of


def test_roles_in_any_and_in_one_department(clerk: User, market_bureau: Department, hr_bureau: Department) -> None:
    Post.objects.create(user=clerk, department=hr_bureau, role=Role.REVIEWER)
    assert roles_of(clerk) == {"clerk", "reviewer"}
    assert roles_of(clerk, market_bureau) == {"clerk"}
    assert set(departments_of(clerk)) == {market_bureau, hr_bureau}


def test_role_of_another_department_does_not_count(outsider: User, market_bureau: Department) -> None:
    assert has_role(outsider, Role.APPROVER)
    assert not has_role(outsider, Role.APPROVER, market_bureau)


def test_ended_post_gives_nothing(clerk: User) -> None:
    clerk.posts.update(active=False)
    assert roles_of(clerk) == set()
    assert not departments_of(clerk).exists()


def test_inactive_applicant_or_anonymous_has_nothing(clerk: User, wang_fang: User, market_bureau: Department) -> None:
    Post.objects.create(user=wang_fang, department=market_bureau, role=Role.CLERK)
    clerk.is_active = False
    assert roles_of(wang_fang) == roles_of(clerk) == roles_of(AnonymousUser()) == set()
