"""Whether a package takes joint applications now, and from whom: every member must, and the merge must still hold."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from applications import licence_filing, opening
from applications.drafts import Applicant
from matters.joint import queries
from matters.joint.guide import Package
from matters.models import JointMatter, Matter


def closed_because(joint: JointMatter, codes: Collection[str], at: datetime) -> str:
    """Why nobody can file for these members together now; empty when everybody can."""
    if not joint.active or joint.current is None:
        return "这个“一件事”已经撤回或者正在修订，现在不受理联合申请。里面的事项照常可以分别申请。"
    changed = [change.name for change in queries.changes_of(joint)]
    if changed:
        names = "、".join(changed)
        return f"{names}的办事指南刚刚更新，牵头部门正在核对合并后的申请表和材料，发布后可以继续。急着办的，可以先分别申请各个事项。"
    return next((sentence for matter in members(codes) if (sentence := closed_member(matter, at))), "")


def closed_member(matter: Matter, at: datetime) -> str:
    """Why this member cannot be applied for now, with its name; empty when it can."""
    reason = opening.closed_because(matter, at)
    return f"{matter.name}：{reason}" if reason else ""


def members(codes: Collection[str]) -> list[Matter]:
    """The matters of these codes with their guides in force."""
    return list(Matter.objects.filter(code__in=codes).select_related("current", "department").order_by("pk"))


def obligatory(package: Package) -> list[str]:
    """The members that are needed in every situation; the others are the applicant's choice."""
    return [member.code for member in package.members if not member.when]


def unfit_because(matters: Collection[Matter], applicant: Applicant) -> str:
    """Why these members are not for such an applicant; empty when all are."""
    identifier = applicant.enterprise.uscc if applicant.enterprise else applicant.person.id_number
    for matter in matters:
        if matter.current is None:
            continue
        reason = opening.unfit_because(matter.current.header, applicant)
        reason = reason or licence_filing.barred_sentence(identifier, matter, timezone.localdate())
        if reason:
            return f"{matter.name}：{reason}"
    return ""
