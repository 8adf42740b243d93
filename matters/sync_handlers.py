"""Facts that arrive on the outer side: published and withdrawn guides, holiday notices. Registered in ``apps.ready``."""

from datetime import date

from django.conf import settings
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from identity.models import Department
from matters import catalogue
from matters.guide import GuideContent
from matters.models import GuideVersion, Matter
from matters.publishing import CALENDAR_PUBLISHED, MATTER_PUBLISHED, digest_of, store_calendar
from sync.registry import Fact, Reject, handles, restores


class MatterRecord(BaseModel):
    """Whose guide it is."""

    uid: str = Field(min_length=36, max_length=36)
    code: str = Field(min_length=1, max_length=50)
    department: str = Field(min_length=1)


class VersionRecord(BaseModel):
    """The guide version as published or withdrawn."""

    uid: str = Field(min_length=36, max_length=36)
    number: int = Field(ge=1)
    state: GuideVersion.State
    content: dict
    digest: str = Field(min_length=64, max_length=64)
    effective_on: date
    published_at: AwareDatetime
    published_by_name: str = ""
    withdrawn_on: date | None = None


class MatterPublished(BaseModel):
    """Payload of ``matter.published``, version 1."""

    matter: MatterRecord
    version: VersionRecord


class DayRecord(BaseModel):
    """One day of a holiday notice."""

    date: date
    is_workday: bool
    note: str = Field(default="", max_length=100)


class CalendarPublished(BaseModel):
    """Payload of ``calendar.published``, version 1."""

    year: int = Field(ge=2000, le=2100)
    announced: bool
    days: list[DayRecord]


@handles(MATTER_PUBLISHED, from_side="inner")
def matter_published(fact: Fact) -> None:
    """Bring the copy of a matter and its guide up to date; a withdrawn one disappears from the catalogue."""
    _refuse_on_inner("事项和指南")
    keep_matter(fact)


def keep_matter(fact: Fact) -> GuideVersion:
    """What the fact says of a matter and its guide."""
    try:
        record = MatterPublished.model_validate(dict(fact.payload))
        GuideContent.model_validate(record.version.content)
    except ValidationError as error:
        raise Reject(f"指南格式不对：{error.errors()[0]['loc']}") from error
    if digest_of(record.version.content) != record.version.digest:
        raise Reject("指南内容和摘要不一致。")
    matter = _matter(record.matter)
    version = _version(matter, record.version)
    if record.version.state == GuideVersion.State.WITHDRAWN:
        _withdraw(matter, version, record.version.withdrawn_on)
    else:
        catalogue.bring_due_into_force(timezone.localdate(), matter)
    return version


def _refuse_on_inner(what: str) -> None:
    if not settings.IS_OUTER:
        raise Reject(f"{what}由内网维护，不接受外网传来的内容。")


def _matter(record: MatterRecord) -> Matter:
    department = Department.objects.filter(code=record.department).first()
    if department is None:
        raise Reject(f"还没有收到部门 {record.department} 的信息，事项 {record.code} 无处归属。")
    matter, _created = Matter.objects.update_or_create(
        uid=record.uid,
        defaults={"code": record.code, "department": department},
        create_defaults={"code": record.code, "department": department, "name": record.code},
    )
    return matter


def _version(matter: Matter, record: VersionRecord) -> GuideVersion:
    """The stored version; a published one never changes, so what is here already is only compared."""
    known = GuideVersion.objects.filter(uid=record.uid).first()
    if known is not None:
        if known.digest != record.digest:
            raise Reject(f"指南第 {record.number} 版已经收到过，但内容不同。")
        return known
    return GuideVersion.objects.create(
        matter=matter,
        uid=record.uid,
        number=record.number,
        state=record.state,
        content=record.content,
        digest=record.digest,
        effective_on=record.effective_on,
        published_at=record.published_at,
        published_by_name=record.published_by_name,
        withdrawn_on=record.withdrawn_on,
    )


def _withdraw(matter: Matter, version: GuideVersion, on: date | None) -> None:
    """The guide in force stays when the withdrawn one still waited for its day."""
    if version.state != GuideVersion.State.WITHDRAWN:
        GuideVersion.objects.filter(pk=version.pk).update(state=GuideVersion.State.WITHDRAWN, withdrawn_on=on)
    catalogue.settle_after_withdrawal(matter, timezone.localdate())


@handles(CALENDAR_PUBLISHED, from_side="inner")
def calendar_published(fact: Fact) -> None:
    """Enter a year's holiday notice as the inner side did."""
    _refuse_on_inner("工作日历")
    keep_calendar(fact)


@restores(CALENDAR_PUBLISHED)
def keep_calendar(fact: Fact) -> None:
    """What the fact says of a year. Inside it brings back what a backup lost."""
    try:
        record = CalendarPublished.model_validate(dict(fact.payload))
    except ValidationError as error:
        raise Reject(f"工作日历格式不对：{error.errors()[0]['loc']}") from error
    if any(day.date.year != record.year for day in record.days):
        raise Reject("工作日历里有不属于这一年的日期。")
    days = {day.date: (day.is_workday, day.note) for day in record.days}
    store_calendar(record.year, days, announced=record.announced)
