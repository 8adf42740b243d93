"""Make the joint limit longer once, by fifteen working days that the head of the government approved (行政许可法 art. 42(2))."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from applications import evidence
from applications.actors import Actor
from applications.effects import day_of
from applications.errors import DataMissing, NotAllowed, NotPossible
from applications.joint import dates, papers, sync_facts
from applications.models import Application, JointCase
from matters import calendar

ASKED = {
    "reason": "请填写延长的理由，它会告知申请人。",
    "approved_by": "请填写批准延长的本级人民政府负责人姓名。",
    "approval_number": "请填写批准的文号或批件编号。",
}


def may(joint: JointCase, actor: Actor) -> bool:
    """Whether this officer enters the approval: who decides in the lead department."""
    return joint.version.joint.lead_id in actor.departments_as("approver")


def extend(
    joint: JointCase, *, actor: Actor, reason: str, approved_by: str, approval_number: str, at: datetime | None = None
) -> None:
    """Enter the approval; every member's record says so and the applicant is told.

    NotAllowed for other posts, DataMissing (422) for what is empty, NotPossible (409) when it came too late or a second time.
    """
    at = at or timezone.now()
    if not may(joint, actor):
        raise NotAllowed("联合办理期限的延长由牵头部门的审批岗位录入。")
    given = {"reason": reason.strip(), "approved_by": approved_by.strip(), "approval_number": approval_number.strip()}
    lacking = {name: sentence for name, sentence in ASKED.items() if not given[name]}
    if given["approved_by"] == actor.name:
        lacking["approved_by"] = "联合办理延期须经本级人民政府负责人批准，本部门负责人不能自己批准。"
    if lacking:
        raise DataMissing(lacking)
    with transaction.atomic():
        locked = JointCase.objects.select_for_update(of=("self",)).select_related("version").get(pk=joint.pk)
        children, today = papers.children_of(locked), day_of(at)
        refusal = dates.may_extend(locked, dates.dates_of(locked, children, today, calendar.current()), today)
        if refusal:
            raise NotPossible(refusal)
        locked.extended_on, locked.extension_reason = today, given["reason"]
        locked.extension_approver = f"{given['approved_by']}（{given['approval_number']}）"
        locked.save(update_fields=["extended_on", "extension_reason", "extension_approver"])
        for pk in sorted(child.pk for child in children):
            case = Application.objects.select_for_update().get(pk=pk)
            data = {"joint": locked.number or "", **given}
            evidence.record_act(case, "extend_joint", actor=actor, at=at, note=given["reason"], data=data)
        sync_facts.record_extension(locked)
    joint.extended_on = locked.extended_on
