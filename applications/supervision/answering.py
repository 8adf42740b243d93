"""What people do about an alert: say why, and instruct. Both are acts on the case, kept in its record."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from applications import evidence
from applications.actors import Actor
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.models import Alert, Application
from applications.models.alert import Cause
from applications.supervision.rules import BY_CODE

WHO_EXPLAINS = ("clerk", "reviewer", "approver")


def may_explain(alert: Alert, actor: Actor) -> bool:
    """Staff of the department that is answerable."""
    departments = frozenset({alert.department_id})
    return any(actor.holds(role, departments) for role in WHO_EXPLAINS)


def may_instruct(alert: Alert, actor: Actor) -> bool:
    """Its leader, and the inspectors."""
    departments = frozenset({alert.department_id, alert.application.department_id})
    return any(actor.holds(role, departments) for role in ("approver", "inspector"))


def explain(pk: int, *, actor: Actor, cause: str, text: str, at: datetime | None = None) -> Alert:
    """Give the reason of an overrun. NotAllowed outside the department; NotPossible for a mere reminder; DataMissing."""
    at = at or timezone.now()
    with transaction.atomic():
        alert = _locked(pk)
        if not BY_CODE[alert.rule].must_explain:
            raise NotPossible("这是一条提醒，不用说明原因。")
        if not may_explain(alert, actor):
            raise NotAllowed("超期的原因由责任部门说明。")
        missing = {"cause": "请选择原因。"} if cause not in Cause.values else {}
        missing |= {} if text.strip() else {"text": "请写明情况和改进办法。"}
        if missing:
            raise DataMissing(missing)
        alert.cause, alert.explanation = cause, text.strip()
        alert.explained_by, alert.explained_at = actor.name, at
        alert.save(update_fields=["cause", "explanation", "explained_by", "explained_at"])
        _record(alert, "explain_overrun", actor, at, {"rule": alert.rule, "cause": cause, "text": text.strip()})
    return alert


def instruct(pk: int, *, actor: Actor, text: str, at: datetime | None = None) -> Alert:
    """Tell the department what to do (督办). NotAllowed for others than its leader and the inspectors; DataMissing."""
    at = at or timezone.now()
    with transaction.atomic():
        alert = _locked(pk)
        if not may_instruct(alert, actor):
            raise NotAllowed("督办由部门负责人或者效能监察作出。")
        if not text.strip():
            raise DataMissing({"text": "请写明督办的内容。"})
        alert.instruction, alert.instructed_by, alert.instructed_at = text.strip(), actor.name, at
        alert.save(update_fields=["instruction", "instructed_by", "instructed_at"])
        _record(alert, "instruct", actor, at, {"rule": alert.rule, "text": text.strip()})
    return alert


def _locked(pk: int) -> Alert:
    return Alert.objects.select_for_update(of=("self",)).select_related("application").get(pk=pk)


def _record(alert: Alert, action: str, actor: Actor, at: datetime, data: dict[str, str]) -> None:
    case = Application.objects.select_for_update().get(pk=alert.application_id)
    evidence.record_act(case, action, actor=actor, at=at, data=data)
