"""A/B 角: a colleague holds the posts of somebody who is away, for named days. Only own posts pass on, never deputised ones."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from identity.models import Deputy, Post, Role, User

LONGEST = 92  # days of one absence


def in_force(deputy: User, on: date) -> QuerySet[Deputy]:
    """For whom this person stands in on this day."""
    return Deputy.objects.filter(deputy=deputy, begins__lte=on, ends__gte=on, ended_on=None)


def may_arrange(user: User) -> QuerySet[User]:
    """Whose absence this person may arrange: one's own; as leader of a department everybody's in it."""
    led = Post.objects.filter(user=user, role=Role.APPROVER, active=True).values("department")
    staff = Post.objects.filter(department__in=led, active=True).values("user")
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=staff), is_active=True).order_by("display_name", "username")


def colleagues(principal: User) -> QuerySet[User]:
    """Who can stand in: active staff with a post in one of the same departments."""
    departments = Post.objects.filter(user=principal, active=True).values("department")
    staff = Post.objects.filter(department__in=departments, active=True).exclude(user=principal).values("user")
    return User.objects.filter(is_active=True, pk__in=staff).order_by("display_name", "username")


def arrange(principal: User, deputy: User, *, begins: date, ends: date, reason: str, by: User, today: date) -> Deputy:
    """Arrange an absence. ValidationError names the field: not a colleague, days in the past or too many, two at once, a ring."""
    with transaction.atomic():
        User.objects.select_for_update().filter(pk__in=[principal.pk, deputy.pk]).order_by("pk").first()
        problems = _problems(principal, deputy, begins, ends, today)
        if not may_arrange(by).filter(pk=principal.pk).exists():
            problems["principal"] = "只能安排本人的，或者本人领导的部门里的代理。"
        if not reason.strip():
            problems["reason"] = "请填写事由，例如：年休假。"
        if problems:
            raise ValidationError(dict(problems))
        return Deputy.objects.create(
            principal=principal, deputy=deputy, begins=begins, ends=ends, reason=reason.strip(), set_by=by
        )


def _problems(principal: User, deputy: User, begins: date, ends: date, today: date) -> dict[str, str]:
    problems = {}
    if not colleagues(principal).filter(pk=deputy.pk).exists():
        problems["deputy"] = "B角应当是同一部门有岗位的另一位同事。"
    if begins < today:
        problems["begins"] = "开始日不能早于今天。"
    if ends < begins or (ends - begins).days >= LONGEST:
        problems["ends"] = f"结束日不能早于开始日，一次最长 {LONGEST} 天。"
    running = Deputy.objects.filter(ended_on=None, begins__lte=ends, ends__gte=begins)
    if running.filter(principal=principal).exists():
        problems["begins"] = "这几天已经安排了另一位B角，请先结束原来的安排。"
    if running.filter(principal=deputy).exists():
        problems["deputy"] = "这位同事在这几天也不在岗，请另选一位。"
    return problems


def end(arranged: Deputy, *, by: User, today: date) -> bool:
    """End an arrangement early, from now on; False when it is over already. PermissionError for whom it does not concern."""
    if (
        by.pk not in (arranged.principal_id, arranged.set_by_id)
        and not may_arrange(by).filter(pk=arranged.principal_id).exists()
    ):
        raise PermissionError("只有本人、安排人和部门负责人可以结束代理。")
    return bool(Deputy.objects.filter(pk=arranged.pk, ended_on=None, ends__gte=today).update(ended_on=today))


def posts_on(user: User, on: date) -> Mapping[int, tuple[str, frozenset[tuple[int, str]]]]:
    """User id → name and (department id, role) pairs: of the person and of everybody the person stands in for. One query."""
    absent = in_force(user, on).values("principal")
    rows = Post.objects.filter(Q(user=user) | Q(user__in=absent), active=True)
    found: dict[int, tuple[str, frozenset[tuple[int, str]]]] = {}
    for holder, name, username, department, role in rows.values_list(
        "user_id", "user__display_name", "user__username", "department_id", "role"
    ):
        known = found.get(holder, ("", frozenset()))[1]
        found[holder] = (name or username, known | {(department, role)})
    return found
