"""Who is working on a case, so that colleagues see it before they begin. A courtesy, not a lock: ``perform`` decides."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from applications import actors, evidence, services
from applications.actors import Actor
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application
from identity.models import Post, User

# Moves that a leader or an inspector makes beside the desk that has the case: being able to make them is no claim.
ASIDE = frozenset({"extend", "terminate", "void", "publish_overrun", "check_owed", "lapse_owed"})


def is_desk_work(moves: Iterable[str]) -> bool:
    """Whether one of these possible moves takes the case further."""
    return not ASIDE.issuperset(moves)


def can_work_on(case: Application, actor: Actor) -> bool:
    """Whether this person has the case on the desk."""
    return is_desk_work(services.possible_moves(case, actor))


def take(case: Application, actor: Actor, *, shown: int | None) -> bool:
    """Work on the case. ``shown`` is the handler the person saw; False when somebody else took it meanwhile."""
    return _change(case, "claim", actor, actor.user_id, shown=shown)


def put_back(case: Application, actor: Actor) -> bool:
    """Stop working on it; False when it was somebody else's already."""
    return _change(case, "put_back", actor, None, shown=actor.user_id)


def hand_over(case: Application, actor: Actor, colleague: User, *, reason: str) -> None:
    """Give the case to a colleague who has it on the desk too. NotAllowed, DataMissing or NotPossible when that cannot be."""
    if not reason.strip():
        raise DataMissing({"reason": "请填写移交的原因。"})
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        if not can_work_on(locked, actor):
            raise NotAllowed("这件申请现在不由您的岗位办理，不能移交。")
        if colleague.pk == actor.user_id or not can_work_on(locked, actors.staff(colleague)):
            raise NotPossible("只能移交给现在也能办理这件申请的另一位同事。")
        data = {"to": str(colleague), "reason": reason.strip()}
        evidence.record_act(locked, "hand_over", actor=actor, data=data)
        locked.handler_id = colleague.pk
        locked.save(update_fields=["handler"])


def heirs(case: Application, actor: Actor) -> list[User]:
    """The colleagues to whom the case can be handed over: those whose post has it on the desk."""
    posts = set(case.current_posts()) or {(case.department_id, "clerk")}
    wanted = Q(pk__in=[])
    for department, role in posts:
        wanted |= Q(department=department, role=role)
    holders = Post.objects.filter(wanted, active=True).exclude(user=actor.user_id).values("user")
    return list(User.objects.filter(is_active=True, pk__in=holders).order_by("display_name", "username"))


def settle(case: Application, actor: Actor, *, before: str) -> None:
    """After a move: who can take the case further keeps it, otherwise it lies open on the next desk.

    ``before`` is the state before the move; a move that kept the state (an extension, one of two parallel steps) leaves a
    colleague's claim alone.
    """
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        handler = _handler_after(locked, actor, has_moved=case.state != before)
        if handler != locked.handler_id:
            evidence.record_act(locked, "keep_claim" if handler == actor.user_id else "leave_desk", actor=actor)
            locked.handler_id = handler
            locked.save(update_fields=["handler"])


def _handler_after(case: Application, actor: Actor, *, has_moved: bool) -> int | None:
    if can_work_on(case, actor):
        return actor.user_id if has_moved else case.handler_id
    return None if has_moved or case.handler_id == actor.user_id else case.handler_id


def _change(case: Application, act: str, actor: Actor, handler: int | None, *, shown: int | None) -> bool:
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        if locked.handler_id != shown:
            return False
        evidence.record_act(locked, act, actor=actor)
        locked.handler_id = handler
        locked.save(update_fields=["handler"])
    return True
