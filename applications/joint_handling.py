"""How long the law gives: the guide's limit, in joint handling never more than 45 working days (行政许可法 42(2)).

An extension of joint handling is fifteen working days and is approved by the head of the government at that level, an
ordinary one ten, approved by the head of the organ, who makes the move.
"""

from typing import Any

from applications import clocks
from applications.actors import Actor
from applications.clocks import Limit
from applications.errors import DataMissing
from applications.models import Application

GOVERNMENT_HEAD = "本级人民政府负责人"


def law_limit(case: Application) -> Limit:
    """The legal limit of the case's guide, cut to 45 working days in joint handling (counted limits in other units stay)."""
    written = case.guide_version.guide.feedback_limit
    limit = Limit(written.value, written.unit)
    if is_joint(case) and limit.unit == "G" and limit.value > clocks.JOINT.value:
        return clocks.JOINT
    return limit


def is_joint(case: Application) -> bool:
    """Whether the guide says 统一办理、联合办理、集中办理 (art. 26)."""
    return case.guide_version.header.joint


def extension(case: Application) -> Limit:
    """Ten working days, fifteen in joint handling."""
    return clocks.JOINT_EXTENSION if is_joint(case) else clocks.EXTENSION


def facts_of_extending(case: Application, actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """The date that is extended and who approved; DataMissing when joint handling lacks the government's approval."""
    facts = {"original_due": case.law_due.isoformat() if case.law_due else ""}
    if not is_joint(case):
        return facts | {"approver": actor.name}
    who = str(data.get("approved_by") or "").strip()
    missing = (
        {} if who else {"approved_by": f"联合办理延期须经{GOVERNMENT_HEAD}批准，请填写批准人姓名（第四十二条第二款）。"}
    )
    if who and who == actor.name:
        missing = {"approved_by": f"联合办理延期须经{GOVERNMENT_HEAD}批准，本部门负责人不能自己批准。"}
    if not data.get("approval_number"):
        missing["approval_number"] = "请填写政府负责人批准的文号或批件编号。"
    if missing:
        raise DataMissing(missing)
    return facts | {"approver": f"{GOVERNMENT_HEAD} {who}（{data['approval_number']}）"}
