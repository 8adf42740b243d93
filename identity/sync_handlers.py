"""Facts that arrive for this app. Registered by ``identity/apps.py: ready()``."""

from django.conf import settings
from pydantic import BaseModel, Field, ValidationError

from identity.models import OrgNature
from identity.services import DEPARTMENT_PUBLISHED, save_department
from sync.registry import Fact, Reject, handles, restores


class OfficeRecord(BaseModel):
    """One division of a department."""

    name: str = Field(min_length=1, max_length=100)
    phone: str = Field(default="", max_length=40)


class DepartmentRecord(BaseModel):
    """Payload of ``department.published``, version 1."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    short_name: str = Field(default="", max_length=60)
    uscc: str = Field(default="", max_length=18)
    org_nature: OrgNature = OrgNature.STATUTORY
    phone: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=300)
    offices: list[OfficeRecord] = []


@handles(DEPARTMENT_PUBLISHED, from_side="inner")
def department_published(fact: Fact) -> None:
    """Outer side: bring the copy of a department up to date."""
    if not settings.IS_OUTER:
        raise Reject("部门信息由内网维护，不接受外网传来的部门信息。")
    keep_department(fact)


@restores(DEPARTMENT_PUBLISHED)
def keep_department(fact: Fact) -> None:
    """What the fact says of a department. Inside it brings back what a backup lost."""
    try:
        record = DepartmentRecord.model_validate(dict(fact.payload))
    except ValidationError as error:
        raise Reject(f"部门信息格式不对：{error.errors()[0]['loc']}") from error
    if fact.key != f"department:{record.code}":
        raise Reject(f"部门编码 {record.code} 与事实的键 {fact.key} 不一致。")
    save_department(**record.model_dump())
