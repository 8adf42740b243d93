"""Joint cases that arrive. Registered in ``apps.ready``."""

from datetime import date, datetime

from applications import sync_handlers
from applications.joint import order
from applications.models import JointCase
from matters.models import JointVersion
from sync.registry import Fact, Reject, handles


@handles("joint.submitted", from_side="outer")
def submitted(fact: Fact) -> None:
    """Inner: a package was applied for. Every member's case is filed and received, or the whole fact is refused."""
    payload = fact.payload
    version = JointVersion.objects.filter(uid=payload["version"]).first()
    if version is None:
        raise Reject("本地没有这个“一件事”的这一版。")
    if not payload["members"]:
        raise Reject("联合申请里没有成员事项。")
    joint = JointCase.objects.create(
        uid=payload["uid"],
        number=payload["number"],
        query_code=payload["query_code"],
        version=version,
        applicant_kind=payload["applicant"]["kind"],
        applicant_name=payload["applicant"]["name"],
        declared_at=datetime.fromisoformat(payload["declared_at"]),
        submitted_at=datetime.fromisoformat(payload["submitted_at"]),
    )
    stages = {member.code: member.stage for member in version.package.members}
    codes = [member["matter"] for member in payload["members"]]
    if unknown := [code for code in codes if code not in stages]:
        raise Reject(f"事项 {unknown[0]} 不在这个“一件事”里。")
    for member in payload["members"]:
        waits = order.is_later(stages, codes, member["matter"])
        sync_handlers.file(member, joint=joint, waits=waits)


@handles("joint.extended", from_side="inner")
def extended(fact: Fact) -> None:
    """Outer: the joint limit is longer."""
    payload = fact.payload
    known = JointCase.objects.filter(uid=payload["uid"]).update(
        extended_on=date.fromisoformat(payload["on"]),
        extension_reason=payload["reason"],
        extension_approver=payload["approver"],
    )
    if not known:
        raise Reject("本地没有这件联合申请。")
