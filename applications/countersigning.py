"""会签: a step asks a colleague's opinion before it passes; several sign in the order in which they were asked. Inner side.

Acts beside the machine, on the record of the case: the applicant is not told, and no state changes.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications import evidence, queries
from applications.actors import Actor
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Application, Countersign
from applications.models.countersign import Verdict
from applications.permissions import holds_step
from applications.states import State
from identity.models import Post, User

AT_A_STEP = (State.IN_REVIEW, State.SPECIAL, State.PENDING_DECISION)
MOST = 9


def may_ask(case: Application, actor: Actor) -> bool:
    """Whether this person has the case at a step that can ask for a countersignature."""
    return case.state in AT_A_STEP and holds_step(case, actor)


def candidates() -> QuerySet[User]:
    """Everybody who can be asked: active staff with a casework post."""
    posts = Post.objects.filter(active=True, role__in=queries.CASEWORK)
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("display_name", "username")


def turn_of(case: Application) -> Countersign | None:
    """Whose turn it is: the first who was asked and has not answered."""
    return case.countersigns.filter(verdict=Verdict.OPEN).select_related("signer").order_by("id").first()


def ask(case: Application, actor: Actor, *, signer: str, question: str, at: datetime | None = None) -> Countersign:
    """Ask one colleague (username). NotAllowed, NotPossible or DataMissing when it cannot be asked."""
    at = at or timezone.now()
    with transaction.atomic():
        locked = _locked(case)
        if not may_ask(locked, actor):
            raise NotAllowed("只有当前环节的经办岗位可以请人会签。")
        colleague = candidates().filter(username=signer).first()
        problems = {} if question.strip() else {"question": "请写明请对方会签什么。"}
        if colleague is None or colleague.pk == actor.user_id:
            problems["signer"] = "请选择另一位在岗的工作人员。"
        if problems or colleague is None:
            raise DataMissing(problems)
        waiting = locked.countersigns.filter(verdict=Verdict.OPEN)
        if waiting.filter(signer=colleague).exists():
            raise NotPossible("已经请这位同事会签，正在等待意见。")
        if waiting.count() >= MOST:
            raise NotPossible(f"同时等待会签的不能超过 {MOST} 人。")
        row = Countersign.objects.create(
            application=locked,
            step_order=locked.route_steps.filter(standing="current").values_list("order", flat=True).first() or 0,
            signer=colleague,
            question=question.strip(),
            asked_by=actor.name,
            asked_at=at,
        )
        data = {"signer": str(colleague), "question": row.question, "step": row.step_order}
        evidence.record_act(locked, "ask_countersign", actor=actor, at=at, data=data)
    return row


def sign(case: Application, actor: Actor, *, verdict: str, opinion: str, at: datetime | None = None) -> Countersign:
    """Give the opinion that was asked for, in turn. NotAllowed for somebody else, NotPossible out of turn."""
    at = at or timezone.now()
    with transaction.atomic():
        locked = _locked(case)
        mine = locked.countersigns.filter(verdict=Verdict.OPEN, signer=actor.user_id).first()
        if mine is None:
            raise NotAllowed("现在没有请您会签这件申请。")
        first = turn_of(locked)
        if first is not None and first.pk != mine.pk:
            raise NotPossible(f"会签按先后顺序进行，请等 {first.signer} 会签之后再签。")
        problems = {} if verdict in (Verdict.AGREES, Verdict.DISAGREES) else {"verdict": "请选择同意或者不同意。"}
        if not opinion.strip():
            problems["opinion"] = "请填写会签意见。"
        if problems:
            raise DataMissing(problems)
        mine.verdict, mine.opinion, mine.answered_at = verdict, opinion.strip(), at
        mine.save(update_fields=["verdict", "opinion", "answered_at"])
        data = {"verdict": verdict, "opinion": mine.opinion, "step": mine.step_order}
        evidence.record_act(locked, "countersign", actor=actor, at=at, data=data)
    return mine


def drop(case: Application, pk: int, actor: Actor, *, at: datetime | None = None) -> None:
    """Do without an opinion that has not come. Whoever has the step may; NotPossible when it has come meanwhile."""
    at = at or timezone.now()
    with transaction.atomic():
        locked = _locked(case)
        if not may_ask(locked, actor):
            raise NotAllowed("只有当前环节的经办岗位可以撤回会签。")
        row = locked.countersigns.filter(pk=pk, verdict=Verdict.OPEN).select_related("signer").first()
        if row is None:
            raise NotPossible("会签意见已经到了，或者已经撤回。")
        row.verdict, row.answered_at = Verdict.DROPPED, at
        row.save(update_fields=["verdict", "answered_at"])
        data = {"signer": str(row.signer), "step": row.step_order}
        evidence.record_act(locked, "drop_countersign", actor=actor, at=at, data=data)


def _locked(case: Application) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("department").get(pk=case.pk)
