"""Packages that arrive on the outer side. Registered in ``apps.ready``."""

from datetime import date

from django.conf import settings
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from identity.models import Department
from matters.joint import catalogue
from matters.joint.guide import JointContent
from matters.joint.publishing import JOINT_PUBLISHED, take_out
from matters.models import JointMatter, JointVersion, Matter
from matters.publishing import digest_of
from sync.registry import Fact, Reject, handles


class JointRecord(BaseModel):
    """Whose version it is."""

    uid: str = Field(min_length=36, max_length=36)
    code: str = Field(min_length=1, max_length=50)
    lead: str = Field(min_length=1)


class VersionRecord(BaseModel):
    """The version as published or withdrawn."""

    uid: str = Field(min_length=36, max_length=36)
    number: int = Field(ge=1)
    state: JointVersion.State
    content: dict
    digest: str = Field(min_length=64, max_length=64)
    effective_on: date
    published_at: AwareDatetime
    published_by_name: str = ""


class JointPublished(BaseModel):
    """Payload of ``joint.published``, version 1."""

    joint: JointRecord
    version: VersionRecord


@handles(JOINT_PUBLISHED, from_side="inner")
def joint_published(fact: Fact) -> None:
    """Bring the copy of a package up to date; a withdrawn one disappears."""
    if not settings.IS_OUTER:
        raise Reject("一件事由内网维护，不接受外网传来的内容。")
    keep_joint(fact)


def keep_joint(fact: Fact) -> None:
    """What the fact says of a package."""
    try:
        record = JointPublished.model_validate(dict(fact.payload))
        content = JointContent.model_validate(record.version.content)
    except ValidationError as error:
        raise Reject(f"一件事的格式不对：{error.errors()[0]['loc']}") from error
    if digest_of(record.version.content) != record.version.digest:
        raise Reject("一件事的内容和摘要不一致。")
    _refuse_unknown_members(content)
    joint = _joint(record.joint, content)
    version = _version(joint, record.version)
    if record.version.state == JointVersion.State.WITHDRAWN:
        JointVersion.objects.filter(pk=version.pk).update(state=JointVersion.State.WITHDRAWN)
        take_out(joint)
    else:
        catalogue.bring_due_into_force(timezone.localdate(), joint)


def _refuse_unknown_members(content: JointContent) -> None:
    wanted = {member.code for member in content.members}
    unknown = wanted - set(Matter.objects.filter(code__in=wanted).values_list("code", flat=True))
    if unknown:
        raise Reject(f"还没有收到成员事项 {'、'.join(sorted(unknown))} 的指南，这一件事无法展示。")


def _joint(record: JointRecord, content: JointContent) -> JointMatter:
    lead = Department.objects.filter(code=record.lead).first()
    if lead is None:
        raise Reject(f"还没有收到部门 {record.lead} 的信息，一件事 {record.code} 无处归属。")
    joint, _created = JointMatter.objects.get_or_create(
        uid=record.uid, defaults={"code": record.code, "lead": lead, "name": content.name or record.code}
    )
    return joint


def _version(joint: JointMatter, record: VersionRecord) -> JointVersion:
    """The stored version; a published one never changes, so what is here already is only compared."""
    known = JointVersion.objects.filter(uid=record.uid).first()
    if known is not None:
        if known.digest != record.digest:
            raise Reject(f"一件事第 {record.number} 版已经收到过，但内容不同。")
        return known
    return JointVersion.objects.create(joint=joint, **record.model_dump())
